/**
 * TCP from the first SYN to the last second of a flow: every state, every way into it, and what ends it.
 */
import assert from 'node:assert/strict';
import { tcp as segment } from '../../wire/packets.ts';
import { filler } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

/** The state of the flow that began at a port. */
function stateOf(router: Router, port: number): string {
  return (
    router
      .flows()
      .find((words) => words.includes(`:${port}>`))
      ?.split(' ')[2] ?? 'gone'
  );
}

/** Both sides of a connection from C to I. */
function sides(router: Router, port: number) {
  return {
    out: (flags: string, shape = {}) => router.lan(segment(`C:${port}`, 'I:80', flags, shape)),
    back: (flags: string, shape = {}) => router.wan(segment('I:80', `P:${port}`, flags, shape)),
    is: (state: string) => assert.equal(stateOf(router, port), state),
  };
}

function wholeLife(router: Router): void {
  const { out, back, is } = sides(router, 40000);
  out('S');
  is('opening');
  out('S');
  back('SA');
  is('established');
  router.count();
  out('A');
  back('PA', { data: filler(1400) });
  out('PA', { data: 'x' });
  out('A', { tos: 4, id: 7, fragment: 0 });
  assert.equal(router.count()['forwarded-fast'], 4);
  // What the fast path leaves alone: urgent data, options, the last hop of a TTL.
  out('UA', { urgent: 1, data: 'x' });
  out('A', { options: [1, 1, 1, 0] });
  back('A', { ttl: 1 });
  router.counts('drop-ttl');
  out('FA');
  is('client-closed');
  out('FA');
  back('FA');
  is('closed');
  back('A');
  out('S');
  is('opening');
  back('SA');
  is('established');
  router.counts();
}

function otherEnds(router: Router): void {
  const server = sides(router, 40001);
  server.out('S');
  server.back('SA');
  server.back('FA');
  server.is('server-closed');
  server.back('FA');
  server.out('FA');
  server.is('closed');
  const reset = sides(router, 40002);
  reset.out('S');
  reset.back('RA');
  reset.is('transitory');
  reset.back('A');
  reset.is('established');
  reset.out('R');
  reset.is('transitory');
  reset.out('S');
  reset.is('opening');
  reset.back('SA');
  reset.out('R');
  reset.back('FA');
  reset.is('server-closed');
  const half = sides(router, 40003);
  half.out('FA');
  half.is('opening');
  router.counts();
}

function inbound(router: Router): void {
  assert.deepEqual(router.wan(segment('I:44444', 'P:25', 'S')), ['lan S | tcp I:44444 > S:25 S']);
  assert.deepEqual(router.lan(segment('S:25', 'I:44444', 'SA')), ['wan G | tcp P:25 > I:44444 SA']);
  router.wan(segment('I:44444', 'P:25', 'A'));
  // The same answers would belong to two flows: the second is refused.
  router.wan(segment('I:44444', 'P:2525', 'S'));
  router.counts('drop-no-port');
  router.wan(segment('I:44445', 'P:25', 'A'));
  router.counts('drop-no-flow');
  router.wan(segment('I:44446', 'P:6002', 'S'));
  router.counts();
  // A reset that belongs to nothing makes nothing.
  router.lan(segment('C:44447', 'P:25', 'R'));
  router.lan(segment('C:44447', 'I:80', 'RA'));
  router.counts('drop-no-flow', 'drop-no-flow');
}

/** Idle flows end, each by the limit of its state; a mark of the fast path is as good as a packet. */
function ageing(router: Router): void {
  const before = router.flows().length;
  const live = sides(router, 40100);
  live.out('S');
  live.back('SA');
  router.leap(250);
  router.turns(257);
  assert.ok(router.flows().length < before, 'the transitory ones are gone');
  live.out('A');
  router.turns(257);
  router.leap(7000);
  for (const [port, host, own] of [
    ['wan', 'G', 'P'],
    ['lan', 'C', 'R'],
  ] as const)
    router.arp(port, host, own);
  live.is('established');
  router.leap(500);
  router.turns(257);
  live.is('transitory');
  router.leap(241);
  router.turns(257);
  live.is('gone');
}

export const tcp: Subject = {
  title: 'tcp',
  play(stage) {
    const router = stage.router();
    wholeLife(router);
    otherEnds(router);
    inbound(router);
    ageing(router);
  },
};
