/** Section 14 of the checklist: frames whose lengths lie, seeded and mutated. */
import { clock, flowState } from '../../firmware/layout/arena.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { type Left, arrive, fast, introduce, lan, macOf, router, wan } from '../control/table.ts';
import { foldedSum, icmpError, ping, tcp, udp } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';
import { connect, converse } from './begun.ts';
import { cut } from './pieces.ts';
import { row } from './row.ts';

/** A router with a connection and a UDP flow of C:40000. */
function begin(): void {
  router();
  connect('C:40000', 'I:80');
  converse('C:40000', 'I:9');
}

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 13);

/** Writes the checksum of an IP header, as long as it says it is and the frame has it. */
function mend(frame: Uint8Array): void {
  const header = frame.subarray(14, Math.min(frame.length, 14 + Math.max(20, (frame[14] & 15) * 4)));
  header.set([0, 0], 10);
  const sum = 0xffff - foldedSum(header);
  header.set([sum >> 8, sum & 255], 10);
}

/** `arrive`, telling which frame of a seeded run caused an exception. */
function arriveSafely(port: 'lan' | 'wan', frame: Uint8Array, number: number): Left[] {
  try {
    return arrive(port, frame);
  } catch (error) {
    const hex = Buffer.from(frame).toString('hex');
    throw new Error(`frame ${number} on ${port}, ${hex}: ${(error as Error).message}`, { cause: error });
  }
}

/** What is wrong with an IP frame that left, or nothing. */
function faultOf(frame: Uint8Array): string | undefined {
  if (frame[12] !== 8 || frame[13] !== 0) return undefined;
  const packet = frame.subarray(14);
  const header = (packet[0] & 15) * 4;
  const total = (packet[2] << 8) | packet[3];
  if (packet[0] >> 4 !== 4 || header < 20 || total < header || total > packet.length)
    return 'its lengths lie';
  if (foldedSum(packet.subarray(0, header)) !== 0xffff) return 'its header sum is wrong';
  return frame.length > 1514 ? 'it is too long' : undefined;
}

/** Flows that the table holds, counted one by one. */
function inUse(): number {
  return flowState.filter((state) => state !== 0).length;
}

/** Bytes whose lies hurt most: lengths, offsets, protocol, and the port words behind them. */
const tender = [14, 16, 17, 20, 21, 22, 23, 34, 35, 36, 37, 38, 39, 46, 47, 48, 49, 50, 51, 54, 55];

row(
  ['sec-10'],
  '100,000 mutated frames: no exception, nothing malformed leaves, and all are served (seed 10)',
  (t) => {
    begin();
    const random = seeded(10);
    const seeds: [from: 'C' | 'G', packet: Uint8Array][] = [
      ['C', udp('C:40000', 'I:9', { data: bytes(30) })],
      ['C', tcp('C:40000', 'I:80', 'PA', { data: bytes(30), tcpOptions: [2, 4, 5, 180, 1, 1, 1, 0] })],
      ['C', udp('C:33333', 'P:5000', { options: [7, 7, 4, 0, 0, 0, 0, 0] })],
      ['C', icmpError('C', 'I', [3, 3], udp('I:9', 'C:40000'))],
      ['C', ping('C', 'P', 3)],
      ['G', udp('I:9', 'P:40000')],
      ['G', tcp('J:44444', 'P:25', 'S', { tcpOptions: [1, 2, 4, 5, 180, 0, 0, 0] })],
      ['G', icmpError('G', 'P', [3, 4, 1400], tcp('P:40000', 'I:80', 'A', { options: [148, 4, 0, 0] }))],
      ['G', cut(udp('I:9', 'P:5000', { data: bytes(100), fragment: 0 }), 40)[0]],
      ['G', cut(udp('I:9', 'P:5000', { data: bytes(100), fragment: 0 }), 40)[1]],
    ];
    const frames = seeds.map(([from, packet]) => {
      const frame = new Uint8Array(14 + packet.length);
      frame.set([...macOf(from === 'C' ? 'R' : 'P'), ...macOf(from), 8, 0]);
      frame.set(packet, 14);
      return { port: from === 'C' ? ('lan' as const) : ('wan' as const), frame };
    });
    const malformed: string[] = [];
    for (let i = 0; i < 100_000; i++) {
      const { port, frame } = frames[random(frames.length)];
      const length = random(8) ? frame.length : 14 + random(frame.length - 13);
      const mutated = frame.slice(0, length);
      for (let hits = 1 + random(3); hits > 0; hits--) {
        const at = random(4) ? tender[random(tender.length)] : random(length);
        if (at < length) mutated[at] = random(4) ? random(256) : [0, 255, 1, 0x45, 0x7f][random(5)];
      }
      // Most get a right header sum, or nothing but that would be tested.
      if (random(8) && length >= 34) mend(mutated);
      if (i % 1000 === 0) clock[0]++;
      const before = fast;
      const left = arriveSafely(port, mutated, i);
      // The fast path judges nothing: what it passes on is as wrong as it came, and the next station drops it.
      if (fast > before && faultOf(mutated)) continue;
      for (const { frame: sent } of left) {
        const fault = faultOf(sent);
        if (fault && malformed.length < 5)
          malformed.push(`${i}: ${fault}, ${Buffer.from(mutated).toString('hex')}`);
      }
    }
    t.deepEqual(malformed, []);
    introduce('G', 'S', 'C');
    lan(tcp('C:40000', 'I:80', 'A'));
    lan(udp('C:40000', 'I:9'));
    t.is(flowsInUse, inUse());
    t.deepEqual(wan(tcp('I:80', 'P:40000', 'PA')), ['lan C | tcp I:80 > C:40000 PA']);
  },
);
