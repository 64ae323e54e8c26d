/** What of a lease's options the router uses, and what it makes of those that are missing or wrong (row dc-9). */
import { LeasedRouter, dotted } from '../services/leased.ts';
import type { ExecutionContext } from 'ava';
import { resolvers } from '../../firmware/layout/arena.ts';
import { gatewayAddress, wanMask, wanMtu } from '../../firmware/control/addresses.ts';
import { lan, macOf, wan } from '../control/table.ts';
import { addressData } from '../wire/dhcp.ts';
import type { Dhcp } from '../wire/dhcp.ts';
import { udp } from '../wire/packets.ts';
import { row } from './row.ts';

/** What the router does with such an acknowledgement. */
function leased(terms: object, t: ExecutionContext, change = (answer: Dhcp) => answer): LeasedRouter {
  const router = new LeasedRouter();
  Object.assign(router.isp.terms, terms);
  router.isp.change = change;
  router.bind();
  t.truthy(router.address);
  return router;
}

row(
  ['dc-9'],
  'mask, router, resolvers, MTU and times of a lease are used, and what is missing or wrong has a substitute',
  (t) => {
    leased({ mtu: 1400, resolvers: ['9.9.9.9', '127.0.0.1', '1.1.1.1', '8.8.8.8', '8.8.4.4'] }, t);
    t.deepEqual([dotted(wanMask), dotted(gatewayAddress), wanMtu], ['255.255.255.0', '12.0.0.254', 1400]);
    t.deepEqual(Array.from(resolvers.subarray(0, 3), dotted), ['9.9.9.9', '1.1.1.1', '8.8.8.8']);
    // No mask: the class's; no router; an MTU that no host must be told.
    for (const [address, mask] of [
      ['12.0.0.1', '255.0.0.0'],
      ['172.20.0.1', '255.255.0.0'],
      ['203.0.113.1', '255.255.255.0'],
    ]) {
      leased({ address, mask: null, gateway: null, resolvers: [], mtu: 575 }, t);
      t.deepEqual([dotted(wanMask), gatewayAddress, wanMtu], [mask, 0, 1500]);
      t.deepEqual(Array.from(resolvers.subarray(0, 3)), [0, 0, 0]);
    }
    leased({ mask: '255.0.255.0', mtu: 9000 }, t);
    t.deepEqual([dotted(wanMask), wanMtu], ['255.0.0.0', 1500]);
    // A router list has its first used; one that says our own address has none.
    leased({}, t, (answer) => ({
      ...answer,
      options: { ...answer.options, 3: addressData('12.0.0.7', 'G') },
    }));
    t.is(dotted(gatewayAddress), '12.0.0.7');
    leased({}, t, (answer) => ({ ...answer, options: { ...answer.options, 3: addressData('P') } }));
    t.is(gatewayAddress, 0);
  },
);

row(
  ['dc-9'],
  'options in file and sname are found, unknown ones are passed over, and T1 and T2 are those of the server',
  (t) => {
    const router = leased({ lease: 1000, renewal: 100, rebinding: 900 }, t, (answer) => {
      const { 1: mask, 3: gateway, 58: t1, ...rest } = answer.options;
      return {
        ...answer,
        options: { 200: [1, 2, 3], 121: [0, 1, 2, 3, 4], ...rest },
        ...(mask && { inFile: { 3: gateway, 43: [1, 1, 1] }, inSname: { 1: mask, ...(t1 && { 58: t1 }) } }),
      };
    });
    t.deepEqual([dotted(wanMask), dotted(gatewayAddress)], ['255.255.255.0', '12.0.0.254']);
    router.isp.silent = true;
    const asked = router.isp.heard.at(-1)!.at;
    router.until(() => router.phase === 'renewing', 200);
    t.is(router.now - asked, 100);
    router.until(() => router.phase === 'rebinding', 1000);
    t.is(router.now - asked, 900);
    // Out of order: ours.
    const other = leased({ lease: 1000, renewal: 950, rebinding: 900 }, t);
    const begun = other.isp.heard.at(-1)!.at;
    other.until(() => other.phase === 'renewing', 600);
    t.is(other.now - begun, 500);
  },
);

row(
  ['dc-9'],
  'a lease of a network of one address or two, with its gateway outside, carries packets',
  (t) => {
    for (const [mask, gateway] of [
      ['255.255.255.255', '12.0.0.254'],
      ['255.255.255.255', '10.9.9.9'],
      ['255.255.255.254', '12.0.0.0'],
      ['255.255.255.252', '198.18.0.1'],
    ]) {
      const router = leased({ mask, gateway, server: gateway, lease: 100 }, t);
      lan(udp('C:4444', 'I:53'));
      router.pass(1);
      const left = router.left.filter(({ frame }) => frame[12] === 8 && frame[13] === 0 && frame[23] === 17);
      t.is(
        left.length && left.at(-1)!.frame.subarray(30, 34).join('.'),
        '198.51.100.10',
        `${mask} ${gateway}`,
      );
      t.deepEqual(Array.from(left.at(-1)!.frame.subarray(0, 6)), macOf('G'));
      t.deepEqual(wan(udp('I:53', 'P:4444')), ['lan C | udp I:53 > C:4444']);
      router.pass(60);
      t.is(router.isp.take().at(-1), `request 12.0.0.1>${gateway}`, 'renewed');
      t.is(router.phase, 'bound');
    }
  },
);
