/* What the fuzzers found, each as short as it could be made, and the tables walked through after it. */
import test from 'ava';
import { counter } from '../../firmware/layout/arena.ts';
import { counterNames } from '../../firmware/layout/reasons.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { boardText, bundle } from '../scenes/router.ts';
import { bytes, configText, mac } from '../scenes/cast.ts';
import { fast, introduce, lan, moved, pause, router, say, arp, wan } from '../control/table.ts';
import { tcp, udp } from '../wire/packets.ts';
import { World } from '../../host-tools/emulator/world.ts';
import { ledgerFault } from './ledger.ts';
import { structureFault } from './structure.ts';

/** Frames that arrived and left in a test, the introductions of `router` and `introduce` among them. */
function balance(arrived: number, left: number): string | undefined {
  return ledgerFault({ arrived, left, fast, held: heldNow() });
}

test('port 0 of the DMZ host is nobody: no endpoint is made that no flow will ever give back', (t) => {
  router({ dmz: '192.168.0.2' });
  t.deepEqual(wan(tcp('I:53', 'P:0', 'S')), []);
  t.deepEqual(wan(udp('I:53', 'P:0')), []);
  t.is(structureFault(), undefined);
  t.deepEqual(moved(), { 'drop-no-forward': 2 });
});

test('a server that answers a dnat-only client through the router: the client keeps its name, with right checksums', (t) => {
  router({ hairpin: 'dnat-only' });
  for (let i = 0; i < 4; i++) {
    t.deepEqual(lan(udp('C:33333', 'P:6001')), ['lan S | udp C:33333 > S:7001']);
    t.deepEqual(lan(udp('S:7001', 'C:33333')), ['lan C | udp P:6001 > C:33333']);
  }
  t.is(structureFault(), undefined);
});

test('a connection to a dnat-only server that answers through the router works as well', (t) => {
  router({ hairpin: 'dnat-only' });
  lan(tcp('C:33333', 'P:25', 'S'));
  t.deepEqual(lan(tcp('S:25', 'C:33333', 'SA')), ['lan C | tcp P:25 > C:33333 SA']);
  for (let i = 0; i < 3; i++) {
    t.deepEqual(lan(tcp('C:33333', 'P:25', 'A')), ['lan S | tcp C:33333 > S:25 A']);
  }
});

test('a packet whose sender is to be told, and is not known, waits: it is not counted as dropped as well', (t) => {
  router({ strangers: true });
  lan(tcp('C:33333', 'P:99', 'S'));
  t.is(balance(1, 1), undefined);
  t.deepEqual(moved(), { 'sent-arp-request': 1, 'held-for-neighbour': 1 });
  t.true(say('lan', arp(1, 'C', 'R')).includes('lan C | tcp P:99 > C:33333 RA'));
  t.is(balance(2, 3), undefined);
});

test('a packet that waited in vain is dropped once, though its sender has to be asked for first', (t) => {
  router({ strangers: true });
  introduce('S');
  lan(udp('C:33333', 'I:53'));
  pause(10);
  t.is(balance(2, 1 + counter[counterNames.indexOf('sent-arp-request')]), undefined);
  t.is(structureFault(), undefined);
});

test('a frame too long for the router is dropped, and not counted as forwarded', async (t) => {
  const world = new World({
    bundle: await bundle(),
    files: { 'board.json': boardText, 'config.json': configText('external') },
    print: () => {},
    behaviour: { oversizeArrival: 'stored' },
  });
  world.wan.setLink(true);
  world.lan.setLink(true);
  world.board.boot();
  world.run(500_000);
  const frame = new Uint8Array(1518).fill(7);
  frame.set(bytes(mac.routerLan));
  world.lan.deliver(frame);
  world.run(20_000);
  const { counters } = JSON.parse(world.board.hairpin('counters')) as { counters: Record<string, number> };
  t.is(counters['drop-oversize'], 1);
  t.is(counters['forwarded-fast'], 0);
});
