/** The DHCP client on the WAN, message by message (rows dc-1 to dc-3, dc-10 to dc-12, dc-16): what it sends, and what it heeds. */
import { LeasedRouter, dotted } from '../services/leased.ts';
import { counter } from '../../firmware/layout/arena.ts';
import { consumedDatagram, dropDatagram } from '../../firmware/layout/reasons.ts';
import { gatewayAddress } from '../../firmware/control/addresses.ts';
import { dropped, ethernet, lan, macOf } from '../control/table.ts';
import { dhcpBytes } from '../wire/dhcp.ts';
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

row(['sec-9'], 'an answer with an option that says it is longer than the message is dropped whole', (t) => {
  const { router, last } = asking();
  const right = dhcpBytes(router.isp.answer(last(), 2));
  for (let at = 241; right[at - 1] !== 255; at += right[at] + 1 + 1) {
    const wrong = right.slice();
    wrong[at] = 300 - at;
    router.receive(router.isp.frame(wrong, '12.0.0.1'));
    t.is(dropped(), 'drop-datagram', `the option at ${at - 1}`);
  }
  router.pass(1);
  t.is(router.phase, 'selecting');
});
