/**
 * Neighbours: asked for, waited for, given up, forgotten, asked again, and pushed out of a full table.
 */
import assert from 'node:assert/strict';
import { icmpError, tcp, udp } from '../../wire/packets.ts';
import { arp, macOf } from '../../control/table.ts';
import type { Router } from './router.ts';
import type { Stage, Subject } from './subject.ts';

/** A packet waits for the gateway, and for the host behind the router that answers too late. */
function heldAndReleased(router: Router): void {
  assert.deepEqual(router.arp('lan', 'C', 'R').length, 1);
  assert.deepEqual(router.lan(tcp('C:1', 'I:80', 'S')), ['wan * | arp who has G, tell P']);
  assert.deepEqual(router.lan(tcp('C:2', 'I:80', 'S')), [], 'the newest wins');
  router.counts('drop-held-full');
  assert.deepEqual(router.arpPacket('wan', arp(2, 'G', 'P'), macOf('P')), ['wan G | tcp P:2 > I:80 S']);
  router.ask('neighbours');
  router.counts();
}

function givenUp(router: Router): void {
  assert.deepEqual(router.lan(udp('C:1', '192.168.0.50:7')), ['lan * | arp who has 192.168.0.50, tell R']);
  // Once the links are up our own addresses are announced as well.
  const left = router.pass(4).filter((words) => !/who has [PR], tell/.test(words));
  assert.deepEqual(left.slice(0, 2), Array<string>(2).fill('lan * | arp who has 192.168.0.50, tell R'));
  assert.match(left[2], /^lan C \| icmp 3\/1 R > C about udp C:1/);
  router.lan(udp('C:1', '192.168.0.50:7'));
  router.counts('drop-neighbour', 'drop-neighbour');
  router.ask('neighbours');
  router.pass(4);
  assert.equal(router.lan(udp('C:1', '192.168.0.50:7')).length, 1, 'asked again');
  router.pass(5);
  router.count();
}

/** More strangers at once than may wait, and more answers due in one second than there is room for. */
function crowd(router: Router): void {
  router.lan(udp('C:1', '192.168.0.60:7'));
  router.pass(2);
  for (let host = 40; host < 47; host++) router.lan(udp('C:1', `192.168.0.${host}:7`));
  router.counts(...Array<string>(5).fill('drop-held-full'));
  router.pass(1);
  router.counts('drop-neighbour', 'drop-out-full');
  router.arp('lan', '192.168.0.40', 'R');
  router.pass(5);
  router.count();
}

/** A neighbour in use is asked at its own address from time to time; without an answer it is forgotten. */
function refreshed(router: Router): void {
  router.arp('lan', 'S', 'R');
  router.wan(udp('I:1', 'P:5000'));
  router.lan(udp('S:5000', 'I:1'));
  router.leap(241);
  const asked = router.take();
  router.arp('lan', 'C', 'R');
  router.leap(20);
  router.leap(20);
  router.leap(20);
  router.ask('neighbours');
  assert.deepEqual(asked, []);
  assert.deepEqual(router.wan(udp('I:1', 'P:5000')).length, 1, 'S is asked for anew');
  router.arp('lan', 'S', 'R');
  router.counts();
}

/** Thirty-three hosts for thirty-two places: the one longest without an answer gives way, its flows ask again. */
function pushedOut(router: Router): void {
  router.arp('lan', '192.168.0.2', 'R');
  router.wan(udp('I:1', 'P:5000'));
  router.lan(udp('S:5000', 'I:1'));
  for (let host = 100; host < 134; host++) {
    router.leap(1);
    router.arp('lan', `192.168.0.${host}`, 'R');
  }
  router.wan(udp('I:1', 'P:5000'));
  router.arp('lan', 'S', 'R');
  router.arp('lan', 'C', 'R');
  for (let host = 20; host < 25; host++) {
    router.lan(udp('C:9', `12.0.0.${host}:9`));
    router.arp('wan', `12.0.0.${host}`, 'P');
    router.leap(1);
  }
  router.lan(udp('C:9', '12.0.0.20:9'));
  router.ask('neighbours');
  router.count();
}

/** Four hosts on the WAN's three places, all at once: they push each other out. */
function noPlace(router: Router): void {
  for (let host = 30; host < 34; host++) router.lan(udp('C:9', `12.0.0.${host}:9`));
  router.counts('drop-neighbour');
  for (let host = 30; host < 34; host++) router.arp('wan', `12.0.0.${host}`, 'P');
  router.counts('drop-neighbour');
  // One whose flow lives on, and an error about it.
  router.wan(udp('12.0.0.40:9', 'P:5000'));
  router.leap(4);
  router.lan(icmpError('S', '12.0.0.40', [3, 3], udp('12.0.0.40:9', 'S:5000')));
  router.pass(2);
  router.wan(udp('12.0.0.40:9', 'P:5000'));
  router.count();
}

export const neighbours: Subject = {
  title: 'neighbours',
  play(stage: Stage) {
    const router = stage.boot();
    heldAndReleased(router);
    givenUp(router);
    crowd(router);
    refreshed(router);
    pushedOut(stage.router());
    noPlace(stage.router());
  },
};
