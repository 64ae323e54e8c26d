/**
 * ARP in all its forms on both ports: questions, answers, announcements, probes, and what is not understood.
 */
import assert from 'node:assert/strict';
import { arp as packet, macOf } from '../../control/table.ts';
import { spoilt } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

function understood(router: Router): void {
  assert.deepEqual(router.arp('lan', '192.168.0.9', 'R'), [
    'lan ..9 | arp R is at R, for 192.168.0.9 at ..9',
  ]);
  assert.deepEqual(router.arp('wan', '12.0.0.7', 'P'), ['wan ..7 | arp P is at P, for 12.0.0.7 at ..7']);
  // A host asks for another, announces itself, answers, and turns up with another address.
  router.arp('lan', 'S', 'C');
  router.arp('lan', '192.168.0.77', '192.168.0.77');
  router.arpPacket('lan', packet(2, 'C', 'R'), macOf('R'));
  router.arpPacket('lan', packet(2, '192.168.0.9', 'R', [2, 9, 9, 9, 9, 8]), macOf('R'));
  router.arpPacket('wan', packet(2, '12.0.0.8', 'P'), macOf('P'));
  // Probes have no address: they are answered and not remembered.
  assert.equal(router.arpPacket('lan', packet(1, '0.0.0.0', 'R', macOf('S'))).length, 1);
  assert.equal(router.arpPacket('wan', packet(1, '0.0.0.0', 'P', macOf('G'))).length, 1);
  router.arpPacket('lan', packet(1, '0.0.0.0', '192.168.0.44', macOf('S')));
  router.counts();
}

function notUnderstood(router: Router): void {
  const good = packet(1, 'C', 'R');
  const broken: Record<number, number>[] = [{ 1: 6 }, { 2: 0x86 }, { 4: 8 }, { 5: 16 }, { 7: 3 }, { 6: 1 }];
  for (const changes of broken) router.arpPacket('lan', spoilt(good, changes, false));
  router.frame(
    'lan',
    Uint8Array.from([
      ...everyone,
      ...macOf('C'),
      8,
      6,
      ...packet(1, 'C', 'R', [3, 0, 0, 0, 0, 1]),
      ...Array<number>(18).fill(0),
    ]),
  );
  for (const sender of ['R', '10.0.0.1']) router.arpPacket('lan', packet(1, sender, 'R', macOf('C')));
  for (const sender of ['P', 'I']) router.arpPacket('wan', packet(1, sender, 'P', macOf('G')));
  router.counts(...Array<string>(11).fill('drop-arp'));
}

/** Our own addresses are announced twice when a link comes up. */
function announced(router: Router): void {
  const told = router.pass(5);
  for (const words of ['lan * | arp who has R, tell R', 'wan * | arp who has P, tell P']) {
    assert.equal(told.filter((line) => line === words).length, 2);
  }
  router.count();
}

/** They are defended, but not against ourselves, and once in 10 s. */
function claimed(router: Router): void {
  router.leap(11);
  router.arpPacket('lan', packet(1, 'R', 'R', macOf('R')));
  assert.deepEqual(router.arpPacket('lan', packet(1, 'R', 'R', macOf('C'))), [
    'lan * | arp who has R, tell R',
  ]);
  assert.deepEqual(router.arpPacket('lan', packet(2, 'R', 'R', macOf('C'))), []);
  assert.deepEqual(router.arpPacket('wan', packet(1, 'P', 'P', macOf('G'))), [
    'wan * | arp who has P, tell P',
  ]);
  router.count();
}

const everyone = [255, 255, 255, 255, 255, 255];

export const arp: Subject = {
  title: 'arp',
  play(stage) {
    const router = stage.router();
    announced(router);
    understood(router);
    notUnderstood(router);
    claimed(router);
    router.ask('neighbours');
  },
};
