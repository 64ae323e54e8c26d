/** The DHCP client on the WAN, message by message (rows dc-1 to dc-3, dc-9 to dc-12, dc-16): what it sends, and what it heeds. */
import { LeasedRouter, dotted } from '../services/leased.ts';
import type { ExecutionContext } from 'ava';
import { counter, resolvers } from '../../firmware/layout/arena.ts';
import { consumedDatagram, dropDatagram } from '../../firmware/layout/reasons.ts';
import { gatewayAddress, wanMask, wanMtu } from '../../firmware/control/addresses.ts';
import { ethernet, lan, macOf, wan } from '../control/table.ts';
import { addressData, dhcpBytes } from '../wire/dhcp.ts';
import type { Dhcp } from '../wire/dhcp.ts';
import { udp } from '../wire/packets.ts';
import type { Heard } from '../services/isp.ts';
import { row } from './row.ts';

const everyone = '255.255.255.255';
const nobody = '0.0.0.0';

/** What a message named of addresses, and how it came. */
const form = ({ type, from, to, toAll, ciaddr, options }: Heard) => ({
  type,
  way: `${from}>${to}`,
  toAll,
  ciaddr,
  wanted: options[50]?.join('.') ?? '',
  server: options[54]?.join('.') ?? '',
});

/** A router that has asked, and hears nothing until the test says so. */
function asking(phase = 'selecting'): { router: LeasedRouter; last: () => Heard } {
  const router = new LeasedRouter();
  router.isp.silent = phase === 'selecting';
  router.until(() => router.phase === phase);
  router.isp.silent = true;
  return { router, last: () => router.isp.heard.at(-1)! };
}

/** Whether an answer, changed so, is heeded. */
function heeds(router: LeasedRouter, answer: Dhcp, way: { port?: number; mac?: number[] } = {}): boolean {
  const before = [counter[consumedDatagram], counter[dropDatagram]];
  const packet = udp(`${router.isp.terms.server}:${way.port ?? 67}`, `${router.isp.terms.address}:68`, {
    data: dhcpBytes(answer),
  });
  router.receive(ethernet(way.mac ?? macOf('P'), macOf('G'), 0x0800, packet));
  const after = [counter[consumedDatagram], counter[dropDatagram]];
  const [heeded, dropped] = after.map((count, i) => count - before[i]);
  if (heeded + dropped !== 1) throw new Error(`counted ${heeded} and ${dropped}`);
  return heeded === 1;
}

row(
  ['dc-1'],
  'an answer is heeded only with the transaction, address, cookie and op of the question',
  (t) => {
    const seeds = new Set([1, 2, 3].map((seed) => firstXid(seed)));
    t.is(seeds.size, 3, 'at random');
    const { router, last } = asking();
    const right = router.isp.answer(last(), 2);
    for (const [what, wrong] of Object.entries<Dhcp>({
      xid: { ...right, xid: right.xid ^ 1 },
      address: { ...right, chaddr: macOf('G') },
      op: { ...right, op: 1 },
      type: { ...right, options: { ...right.options, 53: [5] } },
      'no type': { ...right, options: { 54: right.options[54], 51: right.options[51] } },
      'no server': { ...right, options: { 53: [2], 51: right.options[51] } },
      'no address': { ...right, yiaddr: nobody },
      loopback: { ...right, yiaddr: '127.0.0.1' },
      multicast: { ...right, yiaddr: '224.0.0.1' },
      broadcast: { ...right, yiaddr: '12.0.0.255' },
      network: { ...right, yiaddr: '12.0.0.0' },
    }))
      t.false(heeds(router, wrong), what);
    t.false(heeds(router, right, { port: 68 }), 'from another port');
    router.pass(1);
    t.is(router.phase, 'selecting');
    t.true(heeds(router, right));
    t.false(heeds(router, right), 'one offer is enough');
    router.isp.silent = false;
    router.bind();
    t.is(router.address, '12.0.0.1');
  },
);

function firstXid(seed: number): number {
  const router = new LeasedRouter({}, seed);
  router.isp.silent = true;
  router.pass(3);
  return router.isp.heard[0].xid;
}

row(
  ['dc-2'],
  'asking for an offer names it and its server, to everybody, in the same second as the question',
  (t) => {
    const { router, last } = asking();
    router.until(() => router.isp.heard.length === 3);
    const question = last();
    t.true(question.secs > 5, 'seconds since it began');
    t.deepEqual(form(question), {
      type: 'discover',
      way: `${nobody}>${everyone}`,
      toAll: true,
      ciaddr: nobody,
      wanted: '',
      server: '',
    });
    router.isp.silent = false;
    router.receive(router.isp.frameOf(router.isp.answer(question, 2)));
    router.pass(1);
    const asked = last();
    t.deepEqual(form(asked), {
      type: 'request',
      way: `${nobody}>${everyone}`,
      toAll: true,
      ciaddr: nobody,
      wanted: '12.0.0.1',
      server: '12.0.0.254',
    });
    t.is(asked.xid, question.xid);
    t.is(asked.secs, question.secs);
  },
);

row(
  ['dc-3'],
  'asking again after a restart, for more time of one server and of any each have their form',
  (t) => {
    const router = new LeasedRouter();
    router.isp.terms.lease = 600;
    router.bind();
    router.isp.take();
    router.plug(false);
    router.pass(2);
    router.plug(true);
    router.pass(1);
    t.deepEqual(form(router.isp.heard.pop()!), {
      type: 'request',
      way: `${nobody}>${everyone}`,
      toAll: true,
      ciaddr: nobody,
      wanted: '12.0.0.1',
      server: '',
    });
    router.isp.silent = true;
    router.until(() => router.phase === 'renewing', 400);
    router.pass(2);
    t.deepEqual(form(router.isp.heard.pop()!), {
      type: 'request',
      way: '12.0.0.1>12.0.0.254',
      toAll: false,
      ciaddr: '12.0.0.1',
      wanted: '',
      server: '',
    });
    router.until(() => router.phase === 'rebinding', 400);
    t.deepEqual(form(router.isp.heard.pop()!), {
      type: 'request',
      way: `12.0.0.1>${everyone}`,
      toAll: true,
      ciaddr: '12.0.0.1',
      wanted: '',
      server: '',
    });
  },
);

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

row(['dc-10'], 'the broadcast flag is not set, and an answer is heard either way', (t) => {
  for (const flags of [0, 0x8000]) {
    const { router, last } = asking();
    t.is(last().flags, 0);
    const { isp } = router;
    router.receive(isp.frameOf(isp.answer(last(), 2), { flags }));
    router.pass(1);
    router.receive(isp.frameOf(isp.answer(last(), 5), { flags }));
    router.bind();
    t.is(router.address, '12.0.0.1');
  }
});

row(['dc-11'], 'a message is 300 bytes long, and an answer may be as long as a frame', (t) => {
  const router = new LeasedRouter();
  router.isp.terms.lease = 600;
  router.isp.change = (answer) => ({
    ...answer,
    options: {
      43: Array<number>(255).fill(7),
      125: Array<number>(255).fill(8),
      224: Array<number>(200).fill(9),
      ...answer.options,
    },
  });
  router.bind();
  t.is(dotted(gatewayAddress), '12.0.0.254');
  router.isp.silent = true;
  router.pass(700);
  router.isp.taken.add('12.0.0.1');
  router.isp.silent = false;
  router.pass(70);
  t.deepEqual([...new Set(router.isp.heard.map(({ type }) => type))], ['discover', 'request', 'decline']);
  t.deepEqual([...new Set(router.isp.heard.map(({ bytes }) => bytes))], [300]);
});

row(
  ['dc-12'],
  'it says who it is by its MAC address and its name, the same in every message and after a restart',
  (t) => {
    const told = [1, 2].map((seed) => {
      const router = new LeasedRouter({}, seed);
      router.isp.terms.lease = 100;
      router.bind();
      router.isp.silent = true;
      router.pass(200);
      return router.isp.heard.map(({ options, chaddr }) => [options[61], options[12], options[55], chaddr]);
    });
    const all = told.flat();
    t.true(all.length > 8);
    for (const each of all)
      t.deepEqual(each, [
        [1, ...macOf('P')],
        [...Buffer.from('hairpin')],
        [1, 3, 6, 26, 28, 51, 54, 58, 59],
        macOf('P'),
      ]);
  },
);

row(['dc-16'], 'what comes to port 68 by the LAN, or unasked, changes nothing', (t) => {
  const { router, last } = asking();
  const { isp } = router;
  const offer = dhcpBytes(isp.answer(last(), 2));
  t.deepEqual(lan(udp('C:67', '255.255.255.255:68', { data: offer })), []);
  t.deepEqual(lan(udp('C:67', 'R:68', { data: offer })), ['lan C | icmp 3/3 R > C about udp C:67 > R:68']);
  lan(udp('C:67', 'P:68', { data: offer }));
  router.pass(1);
  t.is(router.phase, 'selecting');
  isp.silent = false;
  router.bind();
  const { xid } = last();
  for (const type of [2, 5, 6])
    t.false(heeds(router, isp.answer({ xid, chaddr: macOf('P'), ciaddr: '12.0.0.1' }, type)), `type ${type}`);
  router.pass(2);
  t.is(router.address, '12.0.0.1');
  t.is(router.phase, 'bound');
});
