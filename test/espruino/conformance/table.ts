/**
 * The full flow table: what gives way, what does not, and who hears of it.
 */
import assert from 'node:assert/strict';
import { ping, tcp, udp } from '../../wire/packets.ts';
import { configText } from './configs.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

/** Flows that fit, and slots that are looked at for one to give way (firmware/layout/arena.ts, control/sweep.ts). */
const flows = 512;
const reach = 16;

/** So many flows of a kind that some share a bucket: the fast path finds each behind the others. */
const crowd = 70;

function crowded(router: Router): void {
  const ports = Array.from({ length: crowd }, (_, i) => 20_000 + 7 * i);
  for (const port of ports) {
    router.lan(tcp(`C:${port}`, 'I:80', 'S'));
    router.wan(tcp('I:80', `P:${port}`, 'SA'));
    router.lan(udp(`C:${port}`, 'I:53'));
    router.wan(udp('I:53', `P:${port}`));
    router.lan(udp(`C:${port}`, 'I:53'));
    router.lan(tcp(`C:${port}`, 'P:25', 'S'));
    router.lan(tcp('S:25', `P:${port}`, 'SA'));
    router.lan(udp(`C:${port}`, 'P:5000'));
    router.lan(udp('S:5000', `P:${port}`));
    router.lan(udp(`C:${port}`, 'P:5000'));
  }
  router.count();
  for (const port of ports) {
    router.lan(tcp(`C:${port}`, 'I:80'));
    router.wan(tcp('I:80', `P:${port}`));
    router.lan(udp(`C:${port}`, 'I:53'));
    router.wan(udp('I:53', `P:${port}`));
    router.lan(tcp(`C:${port}`, 'P:25'));
    router.lan(tcp('S:25', `P:${port}`));
    router.lan(udp(`C:${port}`, 'P:5000'));
    router.lan(udp('S:5000', `P:${port}`));
  }
  assert.equal(router.count()['forwarded-fast'], 8 * crowd);
}

export const table: Subject = {
  title: 'full table',
  play(stage) {
    const router = stage.router();
    for (let i = 0; i < reach; i++) {
      router.lan(udp(`C:${2000 + i}`, 'I:9'));
      router.wan(udp('I:9', `P:${2000 + i}`));
      router.lan(udp(`C:${2000 + i}`, 'I:9'));
    }
    // One of each kind for the hand to choose from, then flows that nobody answered.
    router.lan(tcp('C:3000', 'I:80', 'S'));
    router.lan(ping('C', 'I', 3001));
    router.lan(tcp('C:3002', 'I:80', 'S'));
    router.lan(tcp('C:3002', 'I:80', 'R'));
    // Of two hosts: one alone may not have all.
    for (let i = reach + 3; i < flows; i++) router.lan(udp(`${i % 2 ? 'S' : 'C'}:${10_000 + i}`, 'I:53'));
    assert.equal(router.ask('status').flows, flows);
    router.counts();
    assert.match(
      router.lan(udp('C:4000', 'I:53'))[0],
      /icmp 3\/13 R > C/,
      'the hand sees answered flows only',
    );
    router.counts('drop-table-full');
    assert.deepEqual(router.lan(udp('C:4000', 'I:53')), ['wan G | udp P:4000 > I:53']);
    assert.ok(
      !router.flows(reach, reach + 4).some((words) => words.includes(':3002>')),
      'the one after a reset gave way',
    );
    router.turns(1);
    for (let i = 0; i < 28; i++) router.lan(udp(`C:${4001 + i}`, 'I:53'));
    // The Internet's flows replace their like alone, and there is none.
    router.wan(udp('I:4000', 'P:5000'));
    router.counts('drop-table-full');
    router.ask('flows 497');
    router.leap(121);
    router.lan(udp('C:4100', 'I:53'));
    router.turns(257);
    assert.ok((router.ask('status').flows as number) <= reach + 2);
    // Slots and ports that were given back serve again.
    for (let i = 0; i < 8; i++) router.lan(udp(`C:${10_200 + i}`, 'J:53'));
    router.counts();
    crowded(stage.router({ config: configText({ hairpin: 'external' }) }));
  },
};
