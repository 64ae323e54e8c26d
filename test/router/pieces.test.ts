/**
 * Pieces leave the chip in order and none is lost, although several are written to it in a row and each has to wait
 * until the one before it has left.
 */
import test from 'ava';
import { ethernet, macOf } from '../control/table.ts';
import { tell, udp } from '../wire/packets.ts';
import { inPieces, placeOf, reassemble, withoutPadding } from '../wire/pieces.ts';
import { inService } from '../w5500/rig.ts';
import type { Rig } from '../w5500/rig.ts';

const data = Uint8Array.from({ length: 1472 }, (_, i) => (i * 7) & 255);
const fromClient = (packet: Uint8Array) => ethernet(macOf('R'), macOf('C'), 0x0800, packet);

/** The IP packets that left by the WAN. */
function left(rig: Rig): Uint8Array[] {
  return rig.take('wan').map((frame) => withoutPadding(frame.subarray(14)));
}

test('packets that are cut leave the WAN piece by piece, one packet after the other', async (t) => {
  for (const timed of [false, true]) {
    const rig = await inService({ timed, mtu: 576 });
    const count = 5;
    for (let id = 1; id <= count; id++)
      rig.chips.lan.deliver(fromClient(udp('C:1', 'I:9', { data, fragment: 0, id })));
    rig.run(200_000);
    const packets = left(rig);
    t.deepEqual(
      packets.map((packet) => placeOf(packet).from),
      Array.from({ length: count }, () => [0, 552, 1104]).flat(),
    );
    t.deepEqual(reassemble(packets).map(tell), Array(count).fill('udp P:1 > I:9'));
    t.is(rig.counter('sent-fragment'), 2 * count);
    t.is(rig.counter('transmit-stuck') + rig.counter('drop-out-full'), 0);
    t.deepEqual(rig.complaints, []);
  }
});

test('early pieces that are cut on their way out follow the first one, all of them', async (t) => {
  const rig = await inService({ timed: true, mtu: 576 });
  // As many frames as can leave for one that arrives: four pieces, cut in three each.
  const pieces = inPieces(
    udp('C:1', 'I:9', { data: new Uint8Array(5000), fragment: 0 }),
    ...[1480, 1480, 1480],
  );
  for (const i of [2, 1, 3, 0]) rig.chips.lan.deliver(fromClient(pieces[i]));
  rig.run(200_000);
  const packets = left(rig);
  t.is(packets.length, 3 + 3 + 3 + 2);
  t.is(placeOf(packets[0]).from, 0);
  t.deepEqual(reassemble(packets).map(tell), ['udp P:1 > I:9']);
  t.is(rig.counter('held-fragment'), 3);
  t.is(rig.counter('drop-out-full'), 0);
  t.deepEqual(rig.complaints, []);
});

test('a hundred thousand bytes in pieces take the same way, none held back and none kept', async (t) => {
  const rig = await inService({ timed: true });
  for (let id = 1; id <= 50; id++) {
    const [first, later] = inPieces(udp('C:1', 'I:9', { data: new Uint8Array(2000), fragment: 0, id }), 1480);
    rig.chips.lan.deliver(fromClient(id % 2 ? first : later));
    rig.chips.lan.deliver(fromClient(id % 2 ? later : first));
    rig.run(20_000);
  }
  t.is(reassemble(left(rig)).length, 50);
  t.is(rig.ask('status').held, 0);
});
