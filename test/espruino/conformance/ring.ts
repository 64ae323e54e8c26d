/**
 * The receive ring: torn pointers, lengths that cannot be, frames that are too long, and the ways back into step.
 */
import assert from 'node:assert/strict';
import { ethernet, macOf } from '../../control/table.ts';
import { tcp, udp } from '../../wire/packets.ts';
import { filler } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const knock = ethernet(macOf('R'), macOf('C'), 0x0800, tcp('C:9', 'R:80', 'S'));

function works(router: Router, message: string): void {
  assert.deepEqual(router.frame('lan', knock), ['lan C | tcp R:80 > C:9 RA'], message);
  router.count();
}

/** One impossible length loses what is in the ring; three in a second cost the socket. */
function outOfStep(router: Router): void {
  for (const header of [61, 0, 60_000]) {
    router.faults.lan.nextLengthHeader = header;
    router.deliver('lan', knock);
    router.deliver('lan', knock);
    router.turns(6);
    assert.equal(router.count().desynchronised, 1);
    works(router, `after a length of ${header}`);
  }
  router.faults.lan.nextLengthHeader = 61;
  router.deliver('lan', knock);
  router.turns(100);
  works(router, 'after the socket was opened anew');
}

function oversize(router: Router): void {
  router.frame('lan', ethernet(macOf('R'), macOf('C'), 0x88cc, filler(1504)));
  router.counts('drop-oversize');
  router.deliver('lan', ethernet(macOf('R'), macOf('C'), 0x88cc, filler(1508)));
  router.deliver('lan', knock);
  router.turns(2);
  works(router, 'after two long frames');
}

function slipped(router: Router): void {
  router.leap(2);
  for (const slip of [4, -4]) {
    router.faults.lan.slipNextReceive = slip;
    router.frame('lan', knock);
    router.turns(120);
    router.frame('lan', knock);
    router.turns(120);
    works(router, `after a slip of ${slip}`);
  }
}

function torn(router: Router): void {
  router.faults.lan.tearing = 0.5;
  for (let i = 0; i < 12; i++) router.frame('lan', knock);
  router.faults.lan.tearing = 0;
  router.turns(20);
  works(router, 'after torn pointers');
}

/**
 * Frames of one size that fill the ring exactly: what lies behind the last one is a frame too, from the round before,
 * and a torn pointer that seems to be far ahead leads on to it.
 */
function strayed(router: Router): void {
  const frames = (count: number): void => {
    for (let i = 0; i < count; i++) router.deliver('lan', ethernet(macOf('R'), macOf('C'), 0x0800, even));
    router.turns(2);
  };
  const even = udp('C:4000', 'I:53', { data: filler(128 - 2 - 42) });
  router.turns(100);
  router.count();
  for (let i = 0; i < 70; i++) frames(2);
  router.faults.lan.tearing = 1;
  for (let i = 0; i < 6; i++) frames(1);
  router.faults.lan.tearing = 0;
  const { 'torn-read': torn, desynchronised } = router.count();
  assert.ok(torn > 0 && desynchronised > 0, `${torn}, ${desynchronised}`);
  works(router, 'after a place beyond what was received');
}

/** More than the chip's 16-bit pointers count, both ways. */
function wrapped(router: Router): void {
  router.lan(udp('C:4000', 'I:53'));
  router.wan(udp('I:53', 'P:4000'));
  router.count();
  for (let i = 0; i < 48; i++) {
    router.lan(udp('C:4000', 'I:53', { data: filler(1460) }));
    router.wan(udp('I:53', 'P:4000', { data: filler(1460) }));
  }
  assert.equal(router.count()['forwarded-fast'], 96);
  works(router, 'after 65536');
}

export const ring: Subject = {
  title: 'receive ring',
  play(stage) {
    const router = stage.router({ lenient: true, behaviour: { oversizeArrival: 'stored' } });
    wrapped(router);
    oversize(router);
    outOfStep(router);
    slipped(router);
    torn(router);
    strayed(router);
  },
};
