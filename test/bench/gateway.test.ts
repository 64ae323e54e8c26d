/* Is the public address ours? What gateways say, well and badly, and what is made of it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import {
  answersArp,
  gatewayFromNetstat,
  gatewayFromProc,
} from '../../host-tools/bench/gateway/default-gateway.ts';
import { requireMine } from '../../host-tools/bench/gateway/mine.ts';
import { askNatPmp, parseNatPmp } from '../../host-tools/bench/gateway/nat-pmp.ts';
import { addressIn, askUpnp, controlIn, locationIn } from '../../host-tools/bench/gateway/upnp.ts';
import { UserError } from '../../host-tools/cli/user-error.ts';

/** RFC 6886 3.2: version, opcode + 128, result, seconds since epoch, address. */
function natPmpAnswer(result: number, address: number[]): Buffer {
  return Buffer.from([0, 128, 0, result, 0, 0, 1, 0, ...address]);
}

test('NAT-PMP: an answer is read, and what is none is not', (t) => {
  t.is(parseNatPmp(natPmpAnswer(0, [12, 0, 0, 1])), '12.0.0.1');
  t.is(parseNatPmp(natPmpAnswer(3, [12, 0, 0, 1])), null);
  t.is(parseNatPmp(natPmpAnswer(0, [0, 0, 0, 0])), null);
  t.is(parseNatPmp(natPmpAnswer(0, [12, 0, 0])), null);
  t.is(parseNatPmp(Buffer.from([1, 128, 0, 0, 0, 0, 0, 0, 12, 0, 0, 1])), null);
  t.is(parseNatPmp(Buffer.alloc(0)), null);
});

/** A UDP server on loopback that answers everything with what `answer` makes of it. */
async function udpServer(t: ExecutionContext, answer: (question: Buffer, count: number) => Buffer | null) {
  const socket = createSocket('udp4');
  let count = 0;
  socket.on('message', (question, { address, port }) => {
    const said = answer(question, ++count);
    if (said) socket.send(said, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  return socket.address().port;
}

test('NAT-PMP: a question that was lost is repeated', async (t) => {
  const port = await udpServer(t, (question, count) => {
    t.deepEqual([...question], [0, 0]);
    return count === 2 ? natPmpAnswer(0, [12, 0, 0, 1]) : null;
  });
  t.is(await askNatPmp('127.0.0.1', port), '12.0.0.1');
});

test('NAT-PMP: a refusal ends the asking at once', async (t) => {
  const begin = performance.now();
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  t.is(await askNatPmp('127.0.0.1', port), null);
  // Unheard, the three questions would take 1750 ms.
  t.true(performance.now() - begin < 1200);
});

test('UPnP: only a description on the gateway itself is fetched', (t) => {
  const answer = (location: string) => `HTTP/1.1 200 OK\r\nST: x\r\nLocation: ${location}\r\n\r\n`;
  t.is(
    locationIn(answer('http://192.168.0.1:5000/root.xml'), '192.168.0.1'),
    'http://192.168.0.1:5000/root.xml',
  );
  t.is(locationIn(answer('http://192.168.0.99:5000/root.xml'), '192.168.0.1'), null);
  t.is(locationIn(answer('file:///etc/passwd'), '192.168.0.1'), null);
  t.is(locationIn(answer('not an address'), '192.168.0.1'), null);
  t.is(locationIn('HTTP/1.1 200 OK\r\n\r\n', '192.168.0.1'), null);
});

const description = `<root><device><serviceList>
  <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/l3</controlURL></service>
  <service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>
    <SCPDURL>/scpd</SCPDURL><controlURL> /control </controlURL></service></serviceList></device></root>`;

test('UPnP: the WAN connection is found in a description, and an address in an answer', (t) => {
  t.deepEqual(controlIn(description), {
    service: 'urn:schemas-upnp-org:service:WANIPConnection:1',
    path: '/control',
  });
  t.is(controlIn('<root><service><controlURL>/x</controlURL></service></root>'), null);
  const answer = (text: string) => `<a><NewExternalIPAddress>${text}</NewExternalIPAddress></a>`;
  t.is(addressIn(answer('12.0.0.1')), '12.0.0.1');
  for (const text of ['', '0.0.0.0', '12.0.0', '999.1.1.1']) t.is(addressIn(answer(text)), null);
  t.is(addressIn('no'), null);
});

test('UPnP: from the search to the address', async (t) => {
  const asked: string[] = [];
  const web = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.soapaction ?? ''}`.trim());
    const address = '<s><NewExternalIPAddress>12.0.0.1</NewExternalIPAddress></s>';
    response.end(request.method === 'GET' ? description : address);
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  t.teardown(() => web.close());
  const location = `http://127.0.0.1:${(web.address() as AddressInfo).port}/root.xml`;
  const port = await udpServer(t, (question) => {
    t.regex(question.toString(), /^M-SEARCH \* HTTP\/1\.1\r\n/);
    return Buffer.from(`HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\n\r\n`);
  });
  t.is(await askUpnp('127.0.0.1', port), '12.0.0.1');
  t.deepEqual(asked, [
    'GET /root.xml',
    'POST /control "urn:schemas-upnp-org:service:WANIPConnection:1#GetExternalIPAddress"',
  ]);
});

test('a public address is probed only if the router says it is its own', (t) => {
  const word = (address: string) => ({ said: 'address', address, by: 'NAT-PMP' }) as const;
  t.notThrows(() => requireMine('12.0.0.1', '192.168.0.1', word('12.0.0.1')));
  const refusal = (...args: Parameters<typeof requireMine>) =>
    t.throws(() => requireMine(...args), { instanceOf: UserError })?.message ?? '';
  t.regex(
    refusal('12.0.0.1', '192.168.0.1', word('12.0.0.2')),
    /192\.168\.0\.1 says .* 12\.0\.0\.2\..*--mine/,
  );
  t.regex(refusal('12.0.0.1', '192.168.0.1', { said: 'nothing' }), /192\.168\.0\.1 does not say.*--mine/);
  t.regex(refusal('12.0.0.1', null, { said: 'nothing' }), /the router does not say/);
});

test('the default gateway is found in what systems print', (t) => {
  const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n';
  const line = (destination: string, gateway: string, mask: string) =>
    `eth0\t${destination}\t${gateway}\t0003\t0\t0\t0\t${mask}\t0\t0\t0\n`;
  t.is(gatewayFromProc(head + line('0000A8C0', '00000000', '00FFFFFF')), null);
  t.is(
    gatewayFromProc(
      head + line('0000A8C0', '00000000', '00FFFFFF') + line('00000000', '0100A8C0', '00000000'),
    ),
    '192.168.0.1',
  );
  t.is(
    gatewayFromNetstat('Destination Gateway Flags\ndefault            192.168.1.1        UGScg en0\n'),
    '192.168.1.1',
  );
  t.is(gatewayFromNetstat('  0.0.0.0          0.0.0.0     10.0.0.138     10.0.0.5     25\n'), '10.0.0.138');
  t.is(gatewayFromNetstat('default link#4 UCSI utun0\n'), null);
});

test('a router that is there has told its hardware address', (t) => {
  const table = [
    'IP address       HW type     Flags       HW address            Mask     Device',
    '192.168.0.10     0x1         0x0         00:00:00:00:00:00     *        eth0',
    '192.168.0.1      0x1         0x2         02:00:00:00:00:01     *        eth0',
    '192.168.0.11     0x1         0x6         02:00:00:00:00:0b     *        eth0',
    '',
  ].join('\n');
  t.true(answersArp(table, '192.168.0.1'));
  t.false(answersArp(table, '192.168.0.10'));
  t.true(answersArp(table, '192.168.0.11'));
  t.is(answersArp(table, '192.168.0.100'), null);
});
