/**
 * The DHCP client against mangled answers and an ISP whose mind changes: nothing is thrown, P is only ever what an ISP
 * acknowledged, and no lease is used beyond its end (rows sec-9, dc-1).
 */
import { LeasedRouter, dotted, leasedFor } from './leased.ts';
import test from 'ava';
import {
  asked,
  askedSlots,
  counter,
  eventCode,
  policyDns,
  policySwitch,
  resolverTrouble,
  resolvers,
  switches,
  wanLease,
} from '../../firmware/layout/arena.ts';
import { wanOfferUnusable } from '../../firmware/layout/events.ts';
import { dropException } from '../../firmware/layout/reasons.ts';
import { wanDue } from '../../firmware/layout/wan-lease.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { gatewayAddress, wanMask, wanMtu } from '../../firmware/control/addresses.ts';
import { dhcpBytes } from '../wire/dhcp.ts';
import { lan } from '../control/table.ts';
import { hostBytes, udp } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';
import { query } from './resolver.ts';
import type { Random } from '../wire/random.ts';

const rounds = 600;

/** A payload with some of its bytes changed, most of them options. */
function mangled(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice(0, random(8) ? bytes.length : 200 + random(101));
  for (let i = random(5); i > 0; i--) {
    const at = random(4) ? 240 + random(60) : random(300);
    if (at < copy.length) copy[at] = random(3) ? random(256) : [0, 1, 52, 53, 255][random(5)];
  }
  return copy;
}

test('Mangled answers: no exception, and no address but one that was acknowledged', (t) => {
  const seed = 20261;
  const random = seeded(seed);
  t.log(`seed ${seed}`);
  let taken = 0;
  let spoilt = 0;
  let router = new LeasedRouter({}, seed);
  const { isp } = router;
  isp.terms.lease = 100;
  for (let i = 0; i < rounds; i++) {
    if (i % 100 === 0) {
      router = new LeasedRouter({}, seed + i);
      Object.assign(router.isp.terms, isp.terms);
      router.isp.silent = true;
    }
    const phase = router.phase;
    const question = router.isp.heard.at(-1);
    if (question && ['selecting', 'requesting', 'renewing', 'rebinding', 'rebooting'].includes(phase)) {
      const type = phase === 'selecting' ? 2 : random(8) ? 5 : 6;
      const sound = dhcpBytes(router.isp.answer(question, type));
      const payload = mangled(sound, random);
      if (Buffer.compare(payload, sound)) spoilt++;
      router.receive(router.isp.frame(payload, isp.terms.address));
    }
    router.pass(1 + random(20));
    if (router.address) taken++;
    t.true(isHost(router.address), `${router.address} in round ${i}`);
    t.true(wanMtu >= 576 && wanMtu <= 1500);
    t.is((~swapped(wanMask) + 1) & ~swapped(wanMask), 0, `the mask ${dotted(wanMask)}`);
    for (const word of [gatewayAddress, ...resolvers.subarray(0, 3)])
      t.true(!word || isHost(dotted(word)), dotted(word));
    t.is(counter[dropException], 0);
  }
  t.true(taken > 20 && spoilt > 50, `${taken} rounds with an address, ${spoilt} spoilt answers`);
});

/** Empty, or an address that a host may have. */
function isHost(address: string): boolean {
  if (!address) return true;
  const [first] = hostBytes(address);
  return first > 0 && first !== 127 && first < 224;
}

function swapped(word: number): number {
  return Buffer.from(new Uint32Array([word]).buffer).readUInt32BE();
}

test('An ISP whose mind changes: P is what it said last, and never older than its lease', (t) => {
  const seed = 20262;
  const random = seeded(seed);
  t.log(`seed ${seed}`);
  const router = new LeasedRouter({}, seed);
  const { isp } = router;
  isp.terms.lease = 60;
  /** By address: until when it was acknowledged. */
  const until: Record<string, number> = {};
  isp.change = (answer) => {
    if (answer.options[53][0] === 5) until[answer.yiaddr!] = router.now + isp.terms.lease!;
    return answer;
  };
  let bound = 0;
  for (let second = 0; second < 20000; second++) {
    if (!random(40)) isp.silent = !isp.silent;
    if (!random(60)) isp.terms.address = `12.0.0.${1 + random(5)}`;
    if (!random(60)) isp.refuses = !isp.refuses && !random(3);
    if (!random(60)) isp.authoritative = random(2) > 0;
    if (!random(50)) isp.terms.lease = 20 + random(200);
    if (!random(80)) isp.taken.add(`12.0.0.${1 + random(5)}`);
    if (!random(40)) isp.taken.clear();
    if (!random(100)) router.plug(random(3) > 0);
    router.pass(1);
    if (router.address) bound++;
    t.true(!router.address || until[router.address] >= router.now, `${router.address} at ${second}`);
  }
  t.true(bound > 4000, `bound for ${bound} of 20000 s`);
});

test('offers that cannot be used, for an hour: one entry of the log', (t) => {
  const router = new LeasedRouter();
  router.isp.terms.address = '12.0.0.255';
  router.pass(3600);
  t.true(router.isp.heard.length > 50);
  const noted = Array.from(eventCode).filter((code) => code === wanOfferUnusable);
  t.deepEqual(noted, [wanOfferUnusable]);
});

test('A resolver that a renewal names inherits nothing from the one that had its place', (t) => {
  const router = leasedFor(60);
  switches[policySwitch] |= policyDns;
  const ask = (port: number) => lan(udp(`C:${port}`, 'R:53', { data: query('www.example.com') }));
  const waiting = () => asked.subarray(0, askedSlots).filter((key) => key !== 0).length;
  const troubles = () => Array.from(asked.subarray(resolverTrouble, resolverTrouble + 3));
  ask(40000);
  ask(40001);
  router.pass(6);
  t.deepEqual([troubles(), waiting()], [[2, 0, 0], 0], 'both went to the first, and were left unanswered');
  asked[resolverTrouble + 1] = 1;
  router.isp.take();
  router.until(() => wanLease[wanDue] - router.now <= 1);
  ask(40002);
  t.is(waiting(), 1);
  router.isp.terms.resolvers = ['9.9.9.9', '198.51.100.11', '1.1.1.1'];
  router.pass(2);
  t.deepEqual(router.isp.take(), ['request 12.0.0.1>12.0.0.254']);
  t.deepEqual(Array.from(resolvers.subarray(0, 3), dotted), router.isp.terms.resolvers);
  t.deepEqual([waiting(), endpointsInUse], [0, 0], 'nobody waits for the former one');
  router.pass(6);
  t.deepEqual(troubles(), [0, 1, 0], 'one that has its place still is who it was');
});

test('more time that names neither gateway nor resolvers leaves both as they are; another address does not', (t) => {
  const router = new LeasedRouter();
  router.isp.terms.lease = 120;
  router.bind();
  const known = () => [gatewayAddress, ...resolvers.subarray(0, 3)];
  const before = known();
  t.true(before[0] !== 0 && before[1] !== 0);
  router.isp.change = ({ options: { 3: _gateway, 6: _names, ...options }, ...answer }) => ({
    ...answer,
    options,
  });
  router.until(() => router.phase === 'renewing', 100);
  router.until(() => router.phase === 'bound', 10);
  t.deepEqual(known(), before);
  router.isp.terms.address = '12.0.0.9';
  router.until(() => router.address === '12.0.0.9', 200);
  t.deepEqual(known(), [0, 0, 0, 0]);
});
