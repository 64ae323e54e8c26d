/**
 * The fast path: what it lets through, that it leaves everything else untouched, and that what it writes is what the
 * slow path writes and what a packet built anew looks like.
 */
import test from 'ava';
import {
  firstLanHop,
  flowCount,
  flowMark,
  flowSlots,
  gatewayHop,
  rowHop,
} from '../../firmware/layout/arena.ts';
import { externalHairpin, lanHairpin, replySeen } from '../../firmware/layout/flow.ts';
import { lanPort, wanPort } from '../../firmware/layout/ports.ts';
import { makeFlow, resetFlows, settle, unsettleHop } from '../../firmware/control/flows.ts';
import { setPorts, take } from '../../firmware/control/packet.ts';
import { rewrite } from '../../firmware/control/rewrite.ts';
import { tcpEstablished, udpTwoWay } from '../../firmware/control/states.ts';
import { translate } from '../../firmware/datapath/fast.ts';
import type { Shape } from '../wire/packets.ts';
import { foldedSum, get16, tcp, tell, udp, word } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';
import { ethernet, inArray, lan, lastLeft, macOf, router, wan } from '../control/table.ts';

/** A frame in the firmware's array, and its words. */
function framed(packet: Uint8Array): { bytes: Uint8Array; words: Uint32Array } {
  const bytes = inArray(ethernet(macOf('R'), macOf('C'), 0x0800, packet));
  return { bytes, words: new Uint32Array(bytes.buffer) };
}

/** The IP packet within the array, as long as it says. */
const packetOf = (bytes: Uint8Array, length: number) => bytes.slice(20, 20 + length);

/** Whether the datapath takes a packet; where it does not, checks that nothing changed. */
function hits(packet: Uint8Array, port = lanPort): boolean {
  const { bytes, words } = framed(packet);
  const before = bytes.slice();
  const marks = flowMark.slice();
  const hop = translate(words, port);
  if (!hop && Buffer.compare(bytes, before)) throw new Error('a packet it did not take was changed');
  if (!hop && Buffer.compare(marks, flowMark)) throw new Error('a packet it did not take left a mark');
  return hop !== 0;
}

function established(): void {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  wan(tcp('I:80', 'P:40000', 'SA'));
  lan(udp('C:40000', 'I:53'));
  wan(udp('I:53', 'P:40000'));
}

const segment = (shape: Shape = {}, flags = 'A') => tcp('C:40000', 'I:80', flags, shape);
const datagram = (shape: Shape = {}) => udp('C:40000', 'I:53', shape);

/** Another first byte or any other, with the header sum made right. */
function patched(packet: Uint8Array, at: number, value: number): Uint8Array {
  packet[at] = value;
  packet[10] = packet[11] = 0;
  const check = 0xffff - foldedSum(packet.subarray(0, 20));
  packet.set([check >> 8, check & 255], 10);
  return packet;
}

test('a plain packet of a settled flow is taken, in either direction, and leaves a mark', (t) => {
  established();
  flowMark.fill(0);
  t.true(hits(segment()));
  t.true(hits(datagram()));
  t.deepEqual(Array.from(flowMark.subarray(1, 4)), [1, 1, 0]);
  t.true(hits(tcp('I:80', 'P:40000', 'PA', { data: 'x' }), wanPort));
  t.true(hits(udp('I:53', 'P:40000'), wanPort));
});

test('it tells the hop of the other side', (t) => {
  established();
  t.is(translate(framed(segment()).words, lanPort), gatewayHop);
  t.true(translate(framed(tcp('I:80', 'P:40000')).words, wanPort) >= firstLanHop);
});

test('TOS, id and DF do not matter', (t) => {
  established();
  for (const shape of [
    { tos: 0xff },
    { id: 0 },
    { id: 0xffff },
    { fragment: 0 },
    { fragment: 0x4000 },
    { ttl: 2 },
    { ttl: 255 },
  ]) {
    t.true(hits(segment(shape)), JSON.stringify(shape));
    t.true(hits(datagram(shape)), JSON.stringify(shape));
  }
});

test('the first byte must be 45', (t) => {
  established();
  for (const first of [0x44, 0x46, 0x4f, 0x05, 0x55, 0x65, 0x00, 0x40]) {
    t.false(hits(patched(segment(), 0, first)), first.toString(16));
    t.false(hits(patched(datagram(), 0, first)), first.toString(16));
  }
  t.false(hits(segment({ options: [1, 1, 1, 1] })));
});

test('any fragment bit is for control', (t) => {
  established();
  for (let bit = 0; bit < 16; bit++) {
    if (bit === 14) continue;
    t.false(hits(segment({ fragment: 1 << bit })), `${bit}`);
    t.false(hits(datagram({ fragment: 0x4000 | (1 << bit) })), `${bit}`);
  }
});

test('TTL 0 and 1 are for control', (t) => {
  established();
  for (const ttl of [0, 1]) {
    t.false(hits(segment({ ttl })));
    t.false(hits(datagram({ ttl })));
  }
});

test('SYN, FIN, RST and URG are for control; ACK and PSH are not', (t) => {
  established();
  for (const flags of ['S', 'SA', 'F', 'FA', 'R', 'RA', 'FPU', '']) {
    t.is(hits(segment({}, flags)), !/[SFRU]/.test(flags), flags);
  }
  for (const flags of ['A', 'PA']) t.true(hits(segment({}, flags)), flags);
});

test('an urgent pointer is for control; without its flag nobody reads it, and the checksum stays right', (t) => {
  established();
  for (const urgent of [1, 0x100, 0xffff]) {
    t.false(hits(segment({ urgent }, 'AU')), `${urgent}`);
    const { bytes, words } = framed(segment({ urgent }));
    t.true(translate(words, lanPort) > 0);
    t.regex(tell(packetOf(bytes, 40)), /^tcp P:40000 > I:80 A/, `${urgent}`);
  }
});

test('every part of the key counts: addresses, ports, protocol and the port of arrival', (t) => {
  established();
  t.false(hits(tcp('S:40000', 'I:80')));
  t.false(hits(tcp('C:40001', 'I:80')));
  t.false(hits(tcp('C:40000', 'J:80')));
  t.false(hits(tcp('C:40000', 'I:81')));
  t.false(hits(udp('C:40000', 'I:80')));
  t.false(hits(tcp('C:40000', 'I:53')));
  t.false(hits(segment(), wanPort));
  t.false(hits(tcp('I:80', 'P:40000'), lanPort));
  // Source and target exchanged have the same sum, so the same bucket.
  t.false(hits(tcp('I:80', 'C:40000')));
  t.false(hits(tcp('I:40000', 'C:80')));
});

test('a flow that is not settled is for control: one direction seen, or a neighbour unknown', (t) => {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  t.false(hits(segment()));
  t.false(hits(tcp('I:80', 'P:40000'), wanPort));
  established();
  t.true(hits(segment()));
  unsettleHop(gatewayHop);
  t.false(hits(segment()));
  t.true(hits(tcp('I:80', 'P:40000'), wanPort), 'the other direction leaves by a neighbour that is known');
});

test('a packet of version 0 and protocol 0 does not pass for one of an unsettled flow', (t) => {
  router();
  lan(udp('C:40000', 'I:80'));
  t.false(hits(patched(patched(udp('C:40000', 'I:80'), 9, 0), 0, 0)));
});

/** Words of random tuples; every so often of nothing but zeros and ones, where sums have their corners. */
function randomHost(random: (below: number) => number): string {
  const byte = () => (random(6) ? random(256) : 255 * random(2));
  return `${1 + random(223)}.${byte()}.${byte()}.${byte()}`;
}

const randomPort = (random: (below: number) => number) => (random(8) ? random(65536) : 65535 * random(2));

interface Ends {
  from: string;
  to: string;
}

/** What the packets of a flow's rows are as they arrive, and as they leave. */
interface Sides {
  inner: { arrives: Ends; leaves: Ends };
  outer: { arrives: Ends; leaves: Ends };
}

/** A LAN host, its peer, the public port between them, and around the hairpin the port the server sees. */
interface Parties {
  kind: number;
  host: string;
  hostPort: number;
  peer: string;
  peerPort: number;
  publicPort: number;
  ownPort: number;
}

function sidesOf({ kind, host, hostPort, peer, peerPort, publicPort, ownPort }: Parties): Sides {
  const [inner, outer, p] = [`${host}:${hostPort}`, `${peer}:${peerPort}`, `P:${publicPort}`];
  // What the LAN host takes its peer for.
  const mask = kind ? `${kind === lanHairpin ? 'R' : 'P'}:${ownPort}` : outer;
  return {
    inner: { arrives: { from: inner, to: mask }, leaves: { from: p, to: outer } },
    outer: { arrives: { from: outer, to: p }, leaves: { from: mask, to: inner } },
  };
}

function portsWord(a: string, b: string): number {
  const packet = udp(a, b);
  return new DataView(packet.buffer).getUint32(20, true);
}

/** Puts a settled flow into the table. */
function insert(tcpFlow: boolean, parties: Parties): number {
  const { inner, outer } = sidesOf(parties);
  const flow = makeFlow(
    (tcpFlow ? tcpEstablished : udpTwoWay) | replySeen | parties.kind,
    word(parties.host),
    portsWord(inner.arrives.from, inner.arrives.to),
    word(parties.peer),
    portsWord(outer.arrives.from, outer.arrives.to),
  );
  settle(flow, parties.kind ? firstLanHop : gatewayHop, firstLanHop);
  return flow;
}

/** What control makes of the same packet as one of `row`. */
function slowly(packet: Uint8Array, row: number): Uint8Array {
  const { bytes, words } = framed(packet);
  take(bytes, words, bytes.length - 6, lanPort);
  setPorts(words[10]);
  rewrite(row);
  return packetOf(bytes, packet.length);
}

function quickly(packet: Uint8Array, port: number): Uint8Array {
  const { bytes, words } = framed(packet);
  translate(words, port);
  return packetOf(bytes, packet.length);
}

type Make = (from: string, to: string, shape: Shape) => Uint8Array;

const makers: [boolean, Make][] = [
  [true, (from, to, shape) => tcp(from, to, 'PA', shape)],
  [false, (from, to, shape) => udp(from, to, shape)],
];

/** Data of two bytes that makes the checksum of such a packet come to zero. */
function zeroing(make: Make, ends: Ends, shape: Shape): Uint8Array {
  const blank = make(ends.from, ends.to, { ...shape, data: new Uint8Array(2) });
  const at = blank[9] === 6 ? 36 : 26;
  return blank.slice(at, at + 2);
}

test('20,000 packets of 2,500 random flows, a third around the hairpin: fast equals slow equals built anew (seed 21)', (t) => {
  const random = seeded(21);
  const corners = { zeroIn: 0, zeroOut: 0, unsummed: 0, odd: 0, hairpin: 0 };
  router();
  for (let run = 0; run < 2_500; run++) {
    if (run % 500 === 0) resetFlows();
    const [tcpFlow, make] = makers[run % 2];
    const parties: Parties = {
      kind: [0, 0, 0, 0, externalHairpin, lanHairpin][run % 6],
      host: randomHost(random),
      hostPort: randomPort(random),
      peer: randomHost(random),
      peerPort: randomPort(random),
      publicPort: randomPort(random),
      ownPort: randomPort(random),
    };
    const flow = insert(tcpFlow, parties);
    if (!rowHop[flow]) continue;
    const sides = sidesOf(parties);
    for (let i = 0; i < 8; i++) {
      const { arrives, leaves } = i % 2 ? sides.outer : sides.inner;
      const shape: Shape = {
        ttl: 2 + random(254),
        tos: random(256),
        id: random(65536),
        fragment: 0x4000 * random(2),
      };
      shape.data = Uint8Array.from({ length: random(7) }, () => random(256));
      if (i === 2 || i === 3) shape.data = zeroing(make, arrives, shape);
      if (i === 4 || i === 5) shape.data = zeroing(make, leaves, { ...shape, ttl: shape.ttl! - 1 });
      if (i >= 6 && !tcpFlow) shape.unsummed = true;
      const packet = make(arrives.from, arrives.to, shape);
      const expected = make(leaves.from, leaves.to, { ...shape, ttl: shape.ttl! - 1 });
      const fast = quickly(packet, i % 2 && !parties.kind ? wanPort : lanPort);
      const slow = slowly(packet, i % 2 ? flow + flowSlots : flow);
      const at = tcpFlow ? 36 : 26;
      corners.zeroIn += Number(get16(packet, at) % 65535 === 0);
      corners.zeroOut += Number(get16(expected, at) % 65535 === 0);
      corners.unsummed += Number(shape.unsummed ?? false);
      corners.odd += packet.length % 2;
      corners.hairpin += Number(parties.kind > 0);
      if (Buffer.compare(fast, expected)) t.is(hex(fast), hex(expected), `run ${run}.${i}, fast`);
      if (Buffer.compare(slow, expected)) t.is(hex(slow), hex(expected), `run ${run}.${i}, slow`);
    }
  }
  t.log(corners);
  t.true(Object.values(corners).every((times) => times > 1000));
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A host on the LAN side whose address has the same sum of halves as P, moved on by some. */
function nearPublic(step: number): string {
  return `192.168.${75 + step}.88`;
}

const outbound = (host: string): Parties => ({
  kind: 0,
  host,
  hostPort: 1000,
  peer: '198.51.100.10',
  peerPort: 2000,
  publicPort: 3000,
  ownPort: 0,
});

test('addresses of nearly the same sum as P, or just that, and every header checksum: translated right', (t) => {
  router();
  for (let step = -2; step <= 2; step++) {
    resetFlows();
    const parties = outbound(nearPublic(step));
    insert(false, parties);
    const sides = sidesOf(parties);
    for (let id = 0; id < 65536; id += 257) {
      for (const { arrives, leaves } of [sides.inner, sides.outer]) {
        const port = arrives === sides.inner.arrives ? lanPort : wanPort;
        const blank = udp(arrives.from, arrives.to, { id: 0 }).subarray(0, 10);
        for (const near of [id, (id + (0xffff - foldedSum(blank))) & 0xffff]) {
          const out = hex(quickly(udp(arrives.from, arrives.to, { id: near }), port));
          const expected = hex(udp(leaves.from, leaves.to, { id: near, ttl: 63 }));
          if (out !== expected) t.is(out, expected, `${step} ${near}`);
        }
      }
    }
  }
  t.pass();
});

test('a transport checksum that is wrong stays wrong by as much', (t) => {
  established();
  for (const spoil of [1, 0x80, 0xff]) {
    const packet = segment({ data: 'abcd' });
    packet[37] ^= spoil;
    const out = quickly(packet, lanPort);
    const right = tcp('P:40000', 'I:80', 'A', { data: 'abcd', ttl: 63 });
    const was = get16(packet, 36) - get16(segment({ data: 'abcd' }), 36);
    t.is((((get16(out, 36) - get16(right, 36) - was) % 65535) + 65535) % 65535, 0);
    t.not(get16(out, 36), get16(right, 36));
  }
});

test('a full table: every flow is found, and nothing else', (t) => {
  router();
  // Of two hosts: one alone may not have all.
  const host = (i: number) => (i % 2 ? 'S' : 'C');
  for (let i = 0; i < flowCount; i++) {
    lan(udp(`${host(i)}:${2000 + i}`, 'I:9'));
    wan(udp('I:9', `P:${2000 + i}`));
    lan(udp(`${host(i)}:${2000 + i}`, 'I:9'));
  }
  for (let i = 0; i < flowCount; i++) {
    t.true(hits(udp(`${host(i)}:${2000 + i}`, 'I:9')) && hits(udp('I:9', `P:${2000 + i}`), wanPort));
    t.false(hits(udp(`C:${3000 + i}`, 'I:9')) || hits(udp('I:9', `P:${3000 + i}`), wanPort));
  }
  t.is(
    flowMark.reduce((sum, mark) => sum + mark, 0),
    flowSlots - 1,
  );
});

test('a short UDP packet in a padded frame: the padding is left alone', (t) => {
  established();
  const { bytes, words } = framed(udp('C:40000', 'I:53', { data: '' }));
  bytes.fill(0xaa, 20 + 28);
  t.true(translate(words, lanPort) > 0);
  t.true(bytes.subarray(20 + 28).every((byte) => byte === 0xaa));
  t.is(lastLeft.length, 1);
});
