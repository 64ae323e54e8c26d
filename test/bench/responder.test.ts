/* Responder and prober's sockets with each other on loopback, without any router. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { askOutside } from '../../host-tools/bench/outside.ts';
import { Lines } from '../../host-tools/bench/lines.ts';
import { askDatagram, decode, encode, newNonce } from '../../host-tools/bench/protocol.ts';
import { holdTcp, measureThroughput, recall, tryTcp } from '../../host-tools/bench/probe/tcp.ts';
import { asks, holdUdp } from '../../host-tools/bench/probe/udp.ts';
import { Responder } from '../../host-tools/bench/responder.ts';
import { UserError } from '../../host-tools/cli/user-error.ts';

const address = '127.0.0.1';
/** Nothing is lost on loopback; what does not come at once does not come. */
const pace = { handshake: 500, greeting: 500, gap: 100, answer: 200 };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function responder(t: ExecutionContext, outside = false) {
  const port = await freePort();
  const opened = await Responder.open({ port, outside });
  t.teardown(() => opened.close());
  return { responder: opened, target: { address, port } };
}

test('TCP: the responder says who it is and as whom it sees us, and confirms the nonce', async (t) => {
  const { responder: there, target } = await responder(t);
  const tried = await tryTcp(target, pace, { nonce: newNonce() });
  t.like(tried, { end: 'responder', id: there.id, confirmed: true });
  t.is(tried.end === 'responder' && tried.seenAs, `${address}:${tried.localPort}`);
});

test('UDP: answered from the asked address, and seen as we are', async (t) => {
  const { responder: there, target } = await responder(t);
  const answers = await asks({ target, nonce: newNonce(), count: 4, pace });
  for (const answer of answers) {
    t.like(answer, { end: 'answered', id: there.id });
    t.is(answer.end === 'answered' && answer.seenAs, `${address}:${answer.localPort}`);
  }
  t.is(new Set(answers.map(({ localPort }) => localPort)).size, 4);
});

test('nobody there: TCP and a connected UDP socket hear a refusal, an unconnected one nothing', async (t) => {
  const target = { address, port: await freePort() };
  t.like(await tryTcp(target, pace), { end: 'refused' });
  t.like(await asks({ target, nonce: newNonce(), count: 1, pace, connected: true }), [{ end: 'refused' }]);
  t.like(await asks({ target, nonce: newNonce(), count: 1, pace }), [{ end: 'silent' }]);
});

test('something else there: its first line is kept, and nothing is said to it', async (t) => {
  let heard = 0;
  const server = createServer((socket) => {
    socket.on('data', ({ length }) => (heard += length)).on('error', () => {});
    socket.write('220 mail.example ESMTP\r\n');
  }).listen(0, address);
  await once(server, 'listening');
  t.teardown(() => server.close());
  const target = { address, port: (server.address() as AddressInfo).port };
  t.like(await tryTcp(target, pace, { nonce: newNonce() }), {
    end: 'other',
    greeting: '220 mail.example ESMTP',
  });
  t.is(heard, 0);
});

test('an answer from another address is a stray', async (t) => {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  const stray = createSocket('udp4').bind(0, '127.0.0.2');
  await once(stray, 'listening');
  t.teardown(() => (socket.close(), stray.close()));
  socket.on('message', (datagram, from) => {
    const message = decode(datagram.toString());
    if (message?.kind !== 'ask') return;
    const { nonce, number } = message;
    const saw = encode({
      kind: 'saw',
      nonce,
      number,
      id: '0'.repeat(16),
      seenAs: `${from.address}:${from.port}`,
    });
    stray.send(saw, from.port, from.address);
  });
  const target = { address, port: socket.address().port };
  t.like(await asks({ target, nonce: newNonce(), count: 1, pace }), [
    { end: 'stray', from: `127.0.0.2:${stray.address().port}` },
  ]);
});

test('an answer with a nonce of another run is no answer', async (t) => {
  const { target } = await responder(t);
  const wrong = createSocket('udp4').bind(0, address);
  await once(wrong, 'listening');
  t.teardown(() => wrong.close());
  wrong.on('message', (_, { port }) => {
    const saw = {
      kind: 'saw',
      nonce: newNonce(),
      number: 0,
      id: '0'.repeat(16),
      seenAs: '1.2.3.4:5',
    } as const;
    wrong.send(encode(saw), port, address);
  });
  const elsewhere = { address, port: wrong.address().port };
  t.like(await asks({ target: elsewhere, nonce: newNonce(), count: 1, pace }), [{ end: 'silent' }]);
  t.like(await asks({ target, nonce: newNonce(), count: 1, pace }), [{ end: 'answered' }]);
});

test('held mappings last on loopback', async (t) => {
  const { target } = await responder(t);
  const nonce = newNonce();
  t.is(await holdTcp(target, 0.2, nonce, pace), 'alive');
  t.deepEqual(await holdUdp({ target, nonce, count: 2, pace }, 0.2), ['alive', 'alive']);
});

/** A responder that hangs up after so many answers. */
async function endsAfter(t: ExecutionContext, answers: number) {
  const id = '0'.repeat(16);
  const seenAs = `${address}:1`;
  const serve = async (socket: Socket) => {
    socket.on('error', () => {}).write(encode({ kind: 'here', id, seenAs }) + '\n');
    const lines = new Lines(socket);
    for (let count = 0; count < answers; count++) {
      const ask = decode((await lines.next(5000)) ?? '');
      if (ask?.kind !== 'ask') break;
      const { nonce, number } = ask;
      socket.write(encode({ kind: 'saw', nonce, number, id, seenAs }) + '\n');
    }
    socket.end();
  };
  const server = createServer((socket) => void serve(socket)).listen(0, address);
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { address, port: (server.address() as AddressInfo).port };
}

test('a connection that dies during the pause, and one that dies before', async (t) => {
  t.is(await holdTcp(await endsAfter(t, 8), 0.1, newNonce(), pace), 'late');
  t.is(await holdTcp(await endsAfter(t, 5), 0.1, newNonce(), pace), 'early');
  t.is(await holdTcp({ address, port: await freePort() }, 0.1, newNonce(), pace), 'lost');
});

test('the responder remembers what came with a nonce, and tells nobody else', async (t) => {
  const { target } = await responder(t);
  const [mine, others] = [newNonce(), newNonce()];
  const [asked] = await asks({ target, nonce: mine, count: 1, pace });
  await asks({ target, nonce: others, count: 1, pace });
  const recalled = await recall(target, mine, pace);
  const heard = recalled?.sightings.filter(({ kind }) => kind === 'udp/heard') ?? [];
  // On a busy machine a question is asked again before its answer is read.
  t.deepEqual([...new Set(heard.map(({ from }) => from))], [`${address}:${asked.localPort}`]);
});

test('what was seen before a run began is not told to it, and a run nobody knows is told nothing', async (t) => {
  const { target } = await responder(t);
  await tryTcp(target, pace, { nonce: newNonce() });
  const mine = newNonce();
  t.is(await recall(target, mine, pace), null);
  await tryTcp(target, pace, { nonce: mine });
  const second = await tryTcp(target, pace, { nonce: mine });
  const recalled = await recall(target, mine, pace);
  const accepted = recalled?.sightings.filter(({ kind }) => kind === 'tcp/accepted') ?? [];
  // The first of this run was accepted before it said whose it was; and the recall leaves itself out.
  t.deepEqual(accepted, [{ kind: 'tcp/accepted', from: `${address}:${second.localPort}` }]);
});

test('throughput is measured over what is given', async (t) => {
  const { target } = await responder(t);
  const measured = await measureThroughput(target, 1024 * 1024, 2000, newNonce(), pace);
  t.true(measured !== null && measured > 0);
});

test('the responder hangs up on other protocols, and ignores datagrams that are too short', async (t) => {
  const { target } = await responder(t);
  const socket = connect(target.port, address);
  t.teardown(() => socket.destroy());
  const lines = new Lines(socket);
  t.is(decode((await lines.next(500)) ?? '')?.kind, 'here');
  socket.write('GET / HTTP/1.0\r\n\r\n');
  t.is(await lines.next(500), null);
  t.true(lines.ended);
  const udp = createSocket('udp4').bind(0, address);
  await once(udp, 'listening');
  t.teardown(() => udp.close());
  udp.on('message', () => t.fail('answered'));
  const question = askDatagram({ kind: 'ask', nonce: newNonce(), number: 0, delay: 0 });
  udp.send(question.subarray(0, 100), target.port, address);
  await new Promise((resolve) => setTimeout(resolve, 150));
});

test('a helper calls back who asks, and a responder does not', async (t) => {
  const { target } = await responder(t);
  const { target: helper } = await responder(t, true);
  const nonce = newNonce();
  t.like(await askOutside(helper, target.port, ['tcp', 'udp'], nonce), {
    helper: 'reached',
    heardFrom: address,
    tcp: { outcome: 'answered' },
    udp: { outcome: 'answered' },
  });
  t.like(await askOutside(target, target.port, ['tcp'], nonce), { helper: 'not willing', tcp: null });
  const nobody = { address, port: await freePort() };
  t.like(await askOutside(nobody, 25, ['tcp'], nonce), { helper: 'not reached' });
});

test('connections that were left behind do not keep new ones out', async (t) => {
  const { target } = await responder(t);
  const left = Array.from({ length: 70 }, () => connect(target.port, address).on('error', () => {}));
  t.teardown(() => left.forEach((socket) => socket.destroy()));
  await Promise.all(left.map((socket) => once(socket, 'connect')));
  t.like(await tryTcp(target, pace, { nonce: newNonce() }), { end: 'responder', confirmed: true });
});

test('a port that is taken is refused with what to do', async (t) => {
  const { target } = await responder(t);
  const error = await t.throwsAsync(Responder.open({ port: target.port, outside: false }), {
    instanceOf: UserError,
  });
  t.regex(error?.message ?? '', /is taken on this host.*no responder is needed/);
});
