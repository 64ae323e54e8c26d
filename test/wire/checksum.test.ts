/**
 * Checksum arithmetic against the plain way: incremental changes must give what a full recomputation gives.
 */
import test from 'ava';
import { halves, residue, shifted, shiftedUdp, sumOf } from '../../firmware/wire/checksum.ts';
import { swap16, swap32 } from '../../firmware/wire/order.ts';
import { foldedSum, get16, tell, tcp, udp } from './packets.ts';
import { seeded } from './random.ts';

/** A halfword as it lies in memory. */
const raw = (bytes: Uint8Array, at: number) => bytes[at] | (bytes[at + 1] << 8);

function putRaw(bytes: Uint8Array, at: number, half: number): void {
  bytes[at] = half;
  bytes[at + 1] = half >>> 8;
}

/** A checksum field computed in full over bytes in which the field is zero, as it lies in memory. */
const inFull = (bytes: Uint8Array) => swap16(0xffff - foldedSum(bytes));

test('100,000 random rewrites of headers of 12 to 40 bytes: incremental equals recomputed (seed 1)', (t) => {
  const random = seeded(1);
  const room = new Uint8Array(40);
  let zeros = 0;
  for (let run = 0; run < 100_000; run++) {
    const bytes = room.subarray(0, 12 + 2 * random(15));
    for (let i = 0; i < bytes.length; i++) bytes[i] = random(1024) >> 2;
    // Stretches of zeros and of ones, where sums have their corners.
    if (run % 3 === 0) bytes.fill(255 * random(2), random(bytes.length));
    bytes[0] = 0x45;
    bytes[2] = bytes[3] = 0;
    const changedAt = 4 + 2 * random(bytes.length / 2 - 3);
    const before = inFull(bytes);
    const old = raw(bytes, changedAt) + raw(bytes, changedAt + 2);
    const mixed = random(4) ? random(2 ** 32) : 0xffff * random(2);
    putRaw(bytes, changedAt, mixed);
    putRaw(bytes, changedAt + 2, mixed >>> 16);
    // Every tenth run the new checksum is forced to zero.
    if (run % 10 === 0) {
      putRaw(bytes, changedAt, 0);
      putRaw(bytes, changedAt, inFull(bytes));
    }
    const shift = residue(raw(bytes, changedAt) + raw(bytes, changedAt + 2) - old);
    const expected = inFull(bytes);
    if (expected === 0) zeros++;
    if (shifted(before, shift) !== expected) t.fail(`run ${run}: ${Buffer.from(bytes).toString('hex')}`);
    // UDP: the same, but a checksum of 0 is sent as FFFF, and was received as that.
    if (shiftedUdp(before || 0xffff, shift) !== (expected || 0xffff)) {
      t.fail(`run ${run}, udp: ${Buffer.from(bytes).toString('hex')}`);
    }
  }
  t.true(zeros > 5_000, `${zeros} zero cases`);
});

/** Rewrites source, target and ports of a packet incrementally, with nothing but the arithmetic under test. */
function rewriteWithShifts(packet: Uint8Array, to: Uint8Array, checkAt: number): void {
  const words = (bytes: Uint8Array, at: number) =>
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
  const addresses =
    halves(words(to, 12)) + halves(words(to, 16)) - halves(words(packet, 12)) - halves(words(packet, 16));
  const ports = halves(words(to, 20)) - halves(words(packet, 20));
  const change = checkAt === 26 ? shiftedUdp : shifted;
  putRaw(packet, checkAt, change(raw(packet, checkAt), residue(addresses + ports)));
  putRaw(packet, 10, shifted(raw(packet, 10), residue(addresses - 1)));
  packet[8]--;
  packet.set(to.subarray(12, 24), 12);
}

test('2,000 TCP and 2,000 UDP translations equal packets built anew, TTL included (seed 2)', (t) => {
  const random = seeded(2);
  const host = () => [1 + random(223), random(256), random(256), random(256)].join('.');
  const end = () => `${host()}:${random(65536)}`;
  for (let run = 0; run < 4_000; run++) {
    const data = Uint8Array.from({ length: random(9) }, () => random(256));
    const ttl = 2 + random(254);
    const [from, to, newFrom, newTo] = [end(), end(), end(), end()];
    const build =
      run % 2
        ? (a: string, b: string, hops: number) => tcp(a, b, 'PA', { data, ttl: hops })
        : (a: string, b: string, hops: number) => udp(a, b, { data, ttl: hops });
    const packet = build(from, to, ttl);
    const expected = build(newFrom, newTo, ttl - 1);
    rewriteWithShifts(packet, expected, run % 2 ? 36 : 26);
    if (Buffer.compare(packet, expected)) t.fail(`run ${run}: ${tell(expected)}`);
  }
  t.pass();
});

test('RFC 1624 section 4: DD2F with 5555 becoming 3285 gives 0000', (t) => {
  t.is(swap16(shifted(swap16(0xdd2f), residue(swap16(0x3285) - swap16(0x5555)))), 0x0000);
  // For UDP the same result must not read as "no checksum".
  t.is(shiftedUdp(swap16(0xdd2f), residue(swap16(0x3285) - swap16(0x5555))), 0xffff);
});

test('a UDP checksum of 0 means none and stays, whatever changes', (t) => {
  for (const shift of [0, 1, 0x1234, 65534]) t.is(shiftedUdp(0, shift), 0);
});

test('a shift and its negative cancel for every checksum that can be computed', (t) => {
  for (let shift = 0; shift < 65535; shift += 7) {
    const back = residue(-shift);
    for (const check of [0, 1, 0x00ff, 0x8000, 0xfffe]) t.is(shifted(shifted(check, shift), back), check);
  }
});

test('residue takes any sum of halves to 0..65534', (t) => {
  for (const [sum, expected] of [
    [0, 0],
    [65534, 65534],
    [65535, 0],
    [65536, 1],
    [-1, 65534],
    [-65535, 0],
    [4 * 65535 + 3, 3],
    [-4 * 65535 - 3, 65532],
  ]) {
    t.is(residue(sum) + 0, expected, `${sum}`);
  }
});

test('halves adds both halves of an unsigned word', (t) => {
  t.is(halves(0xffffffff), 0x1fffe);
  t.is(halves(0x00010002), 3);
});

test('sumOf: odd lengths end in a zero byte, extra is carried, the stretch may start anywhere even', (t) => {
  const random = seeded(3);
  const bytes = Uint8Array.from({ length: 1600 }, () => random(256));
  for (const count of [0, 1, 2, 3, 19, 20, 21, 59, 60, 1471, 1472, 1473]) {
    for (const from of [0, 2, 20, 34]) {
      t.is(
        swap16(sumOf(bytes, from, count, 0)),
        foldedSum(bytes.subarray(from, from + count)),
        `${count} from ${from}`,
      );
    }
  }
  t.is(sumOf(Uint8Array.of(1, 2, 3), 0, 3, 0), 0x0201 + 3);
  t.is(sumOf(Uint8Array.of(0xff, 0xff), 0, 2, 0x1fffe), 0xffff);
  // The longest packet of nothing but FF: the sum stays far below 2^31 and folds to FFFF.
  t.is(sumOf(new Uint8Array(1500).fill(255), 0, 1500, 0), 0xffff);
});

test('sumOf of a header with its checksum in place is FFFF', (t) => {
  const packet = tcp('C:33333', 'P:25', 'S');
  t.is(sumOf(packet, 0, 20, 0), 0xffff);
  packet[8] ^= 1;
  t.not(sumOf(packet, 0, 20, 0), 0xffff);
});

test('byte order: swapping is its own inverse and never negative', (t) => {
  t.is(swap16(0x1234), 0x3412);
  t.is(swap16(0x00ff), 0xff00);
  t.is(swap32(0xc0a80001), 0x0100a8c0);
  t.is(swap32(0x000000ff), 0xff000000);
  const random = seeded(4);
  for (let run = 0; run < 1000; run++) {
    const word = random(2 ** 32);
    t.is(swap32(swap32(word)), word);
    t.is(swap16(word & 0xffff), get16(Uint8Array.of(word, word >>> 8), 0));
  }
});
