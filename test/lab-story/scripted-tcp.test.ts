/* The scripted hosts' TCP between two ends that a test holds in its hands: what is lost is sent again, no more. */
import test from 'ava';
import { VirtualClock } from '../../host-tools/emulator/clock.ts';
import { readPacket, type TcpPacket } from '../../host-tools/lab/packet.ts';
import { flawIn, ipFrame, tcpPayload, type Segment } from '../../host-tools/lab/scripted/frames.ts';
import { resetFor, TcpConnection } from '../../host-tools/lab/scripted/tcp.ts';

/** A segment as the other side reads it, by way of a real frame. */
function received(segment: Segment): TcpPacket {
  const [source, target] = ['10.0.0.1', '10.0.0.2'];
  const route = { source, target, protocol: 6, ttl: 64, identification: 0 };
  const mac = '02:00:00:00:00:01';
  const frame = ipFrame(mac, mac, route, tcpPayload(source, target, segment));
  if (flawIn(frame)) throw new Error(`the segment was built wrong: ${flawIn(frame)}`);
  return readPacket(frame) as TcpPacket;
}

/** Two hosts on a wire that loses the segments (counted from 0, both ways) that `isLost` names. */
function pair(isLost: (index: number) => boolean) {
  const clock = new VirtualClock();
  const sentAt: number[] = [];
  let server: TcpConnection | undefined;
  let text = '';
  let count = 0;
  const wire = (deliver: (packet: TcpPacket) => void) => (segment: Segment) => {
    sentAt.push(clock.now());
    if (!isLost(count++)) clock.schedule(clock.now() + 10, () => deliver(received(segment)));
  };
  const toClient = wire((packet) => client.receive(packet));
  const toServer = wire((packet) => {
    if (server) return server.receive(packet);
    server = TcpConnection.accept({ clock, send: toClient, forget: () => {} }, packet, 9000);
    server.onData = (data) => (text += Buffer.from(data).toString());
  });
  const client: TcpConnection = TcpConnection.open(
    { clock, send: toServer, forget: () => {} },
    1,
    2,
    0xfffffff0,
  );
  return { clock, client, sentAt, text: () => text, server: () => server };
}

test('a handshake, data across the wrap of the sequence numbers, and an end from both sides', (t) => {
  const { clock, client, text, server } = pair(() => false);
  const body = 'abc'.repeat(20_000);
  client.write(Buffer.from(body));
  client.end();
  clock.advance(1_000_000);
  t.is(text(), body);
  t.is(client.state, 'closed');
  t.is(server()?.state, 'closed');
});

test('a SYN that nobody answers is repeated after one second, then two', (t) => {
  const { clock, client, sentAt } = pair(() => true);
  clock.advance(4_000_000);
  t.deepEqual(sentAt, [0, 1_000_000, 3_000_000]);
  t.is(client.state, 'syn-sent');
});

for (const lost of [0, 1, 2, 3, 4, 5, 9, 12]) {
  test(`everything arrives once and in order although segment ${lost} is lost`, (t) => {
    const { clock, client, text } = pair((index) => index === lost);
    const body = Array.from({ length: 3000 }, (_, index) => String.fromCharCode(33 + (index % 90))).join('');
    client.write(Buffer.from(body.repeat(4)));
    client.end();
    clock.advance(10_000_000);
    t.is(text(), body.repeat(4));
    t.is(client.state, 'closed');
  });
}

test('a reset that acknowledges the SYN is a refusal; one that does not is ignored', (t) => {
  const { clock, client } = pair(() => true);
  clock.advance(10);
  const reset = { sourcePort: 2, targetPort: 1, sequence: 0, window: 0, flags: 20, data: new Uint8Array(0) };
  client.receive(received({ ...reset, acknowledgement: 0x12345678 }));
  t.is(client.state, 'syn-sent');
  client.receive(received({ ...reset, acknowledgement: 0xfffffff1 }));
  t.is(client.state, 'refused');
});

test('a segment nobody knows is reset from where its sender expects it', (t) => {
  const segment = { sourcePort: 1, targetPort: 2, window: 0, data: new Uint8Array(0) };
  const answer = resetFor(received({ ...segment, sequence: 5, acknowledgement: 77, flags: 18 }));
  t.like(answer, { sourcePort: 2, targetPort: 1, sequence: 77, acknowledgement: 0, flags: 4 });
  const refusal = resetFor(received({ ...segment, sequence: 5, acknowledgement: 0, flags: 2 }));
  t.like(refusal, { sequence: 0, acknowledgement: 6, flags: 20 });
  t.is(resetFor(received({ ...segment, sequence: 5, acknowledgement: 0, flags: 4 })), null);
});

test('a changed byte is noticed, wherever it is', (t) => {
  const [source, target] = ['10.0.0.1', '10.0.0.2'];
  const segment = {
    sourcePort: 1,
    targetPort: 2,
    sequence: 0,
    acknowledgement: 0,
    window: 9,
    flags: 24,
    data: Buffer.from('data'),
  };
  const frame = ipFrame(
    '02:00:00:00:00:01',
    '02:00:00:00:00:02',
    { source, target, protocol: 6, ttl: 64, identification: 1 },
    tcpPayload(source, target, segment),
  );
  t.is(flawIn(frame), null);
  // Not the version, the header length and the packet's length: without them there is no packet to check.
  for (let at = 18; at < 14 + 20 + 20 + 4; at++) {
    if (at === 23) continue;
    const changed = frame.slice();
    changed[at] ^= 0x10;
    t.not(flawIn(changed), null, `byte ${at}`);
  }
});
