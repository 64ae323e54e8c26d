/* What a real service says for itself, asked on loopback: a greeting, a certificate, a page, or nothing. */
import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { compareServices } from '../../host-tools/bench/judge/service.ts';
import { printsOf } from '../../host-tools/bench/probe/service.ts';

/** Made for this test and used nowhere else; valid for a hundred years. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgio7pjous9y8Jj8ys
kTrcuD+O7bH2lOr+MAvpPZjjKO+hRANCAAQJkXxgvrO5s2pgZgKRdSvTCkfPbRtr
9zR8l8ZJRopmP66AKcwjvEUf/vibXF27pLz+qYe1h3qNF4r6uEN3/qwR
-----END PRIVATE KEY-----
`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBgjCCASmgAwIBAgIUXbZ+wdZ7kUhuPeOxkuHMIQJIb9MwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLc2VydmVyLnRlc3QwIBcNMjYxMTI1MDMxNTU5WhgPMjEyNjEx
MDEwMzE1NTlaMBYxFDASBgNVBAMMC3NlcnZlci50ZXN0MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAECZF8YL6zubNqYGYCkXUr0wpHz20ba/c0fJfGSUaKZj+ugCnM
I7xFH/74m1xdu6S8/qmHtYd6jReK+rhDd/6sEaNTMFEwHQYDVR0OBBYEFPJr1zeo
K+PTJhW+Zk4XJrZjqQCYMB8GA1UdIwQYMBaAFPJr1zeoK+PTJhW+Zk4XJrZjqQCY
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgTt/A1oB3fbtJ1142
c+GwqYfjXKIthRjyrdc7PwoKLkkCIGMwFuGAzwNBW9Iq6q+X+671I/oCiBEXo8oV
tOEz+mTK
-----END CERTIFICATE-----
`;

/** Nothing is lost on loopback; a service that greets does so at once. */
const pace = { handshake: 500, greeting: 300, gap: 100, answer: 200 };

async function prints(t: ExecutionContext, server: Server, samples = 2) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return printsOf({ target: { address: '127.0.0.1', port }, host: '12.0.0.1', pace }, samples);
}

const greeting = (text: () => string) =>
  createServer((socket) => void socket.on('error', () => {}).end(`${text()}\r\n`));

const page = (server: string, body: string) =>
  createWebServer((request, response) => {
    response.setHeader('Server', server);
    response.end(`${body} for ${request.headers.host}`);
  });

const tls = () => createTlsServer({ key, cert }, (socket) => void socket.on('error', () => {}));

test('a greeting is kept, and its changing part does not hide that it is the same service', async (t) => {
  let count = 0;
  const here = await prints(
    t,
    greeting(() => `220 mail ready ${count++}`),
    3,
  );
  const there = await prints(
    t,
    greeting(() => `220 mail ready ${count++}`),
    3,
  );
  t.like(here[0], { certificate: null, http: null });
  t.regex((here[0] as { greeting: string }).greeting, /^220 mail ready \d$/);
  t.is(compareServices(here, there)?.same, 'yes');
  t.is(
    compareServices(
      here,
      await prints(
        t,
        greeting(() => 'login:'),
      ),
    )?.same,
    'no',
  );
});

test('a certificate is known again', async (t) => {
  const [here, there] = [await prints(t, tls()), await prints(t, tls())];
  t.regex((here[0] as { certificate: string }).certificate, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  t.like(compareServices(here, there), { same: 'yes', by: 'certificate' });
});

test('a page is known again, and told from another server', async (t) => {
  const here = await prints(t, page('nginx', 'hello'));
  t.like(here[0], { greeting: null, http: { status: '200', server: 'nginx' } });
  t.like(compareServices(here, await prints(t, page('nginx', 'hello'))), { same: 'yes', by: 'http' });
  t.like(compareServices(here, await prints(t, page('micro_httpd', 'hello'))), { same: 'no' });
  t.like(compareServices(here, await prints(t, page('nginx', 'good day'))), { same: 'unclear' });
  t.like(compareServices(here, await prints(t, tls())), { same: 'no' });
});

test('a service that says nothing cannot be known again', async (t) => {
  const mute = () => createServer((socket) => void socket.on('error', () => {}).destroySoon());
  t.like(compareServices(await prints(t, mute()), await prints(t, mute())), { same: 'unclear' });
});

test('nobody there is no sample', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const nothing = await printsOf({ target: { address: '127.0.0.1', port }, host: '12.0.0.1', pace }, 2);
  t.deepEqual(nothing, ['refused', 'refused']);
  t.is(compareServices(nothing, nothing), null);
});
