/**
 * The LAN's DHCP server beside its rows of the checklist (test/conformance/dhcp-server.test.ts): names of hosts, what is
 * noted, hosts of the config, and thousands of damaged messages.
 */
import test from 'ava';
import { ServedLan } from './served-lan.ts';
import type { Answer } from './served-lan.ts';
import { LanClient, clientFrame } from './lan-client.ts';
import {
  eventCode,
  eventSlots,
  leaseEnd,
  leaseFixed,
  leaseFree,
  leaseHost,
  leaseMac,
  leaseName,
  leaseOffered,
  leaseSlots,
  leaseState,
  leasing,
  leasingAsked,
  mapped,
  mappedAddress,
  mappedDue,
  mappedLeft,
} from '../../firmware/layout/arena.ts';
import { addressDeclined, leaseGiven, leasesUnsaved, poolExhausted } from '../../firmware/layout/events.ts';
import { moveLan } from '../../firmware/control/readdress.ts';
import { arrive, moved } from '../control/table.ts';
import { word } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';
import type { DhcpOptions } from '../wire/dhcp.ts';

const mac = (n: number) => [2, 0, 0, 1, n >> 8, n & 255];

function bound(lan: ServedLan, n: number, name?: string): LanClient {
  const client = lan.add(new LanClient(mac(n), name === undefined ? {} : { name }));
  lan.pass(2);
  return client;
}

const nameAt = (lease: number) =>
  Buffer.from(leaseName.subarray(16 * lease, 16 * lease + 16))
    .toString('latin1')
    .replace(/\0+$/, '');
/** Names by the last byte of the host's MAC address. */
const nameOf = (n: number) => {
  for (let i = 0; i < leaseSlots; i++) if (leaseState[i] && leaseMac[6 * i + 5] === n) return nameAt(i);
  return undefined;
};
const noted = () => Array.from(eventCode.subarray(0, eventSlots)).filter(Boolean);

test('a host is called what it calls itself, as names are written', (t) => {
  const lan = new ServedLan();
  const names = {
    Laptop: 'laptop',
    "Bob's iPhone": 'bob-s-iphone',
    '-x-': 'x',
    'printer.example.org': 'printer',
    'a-name-of-many-characters': 'a-name-of-many',
    'thirteen-long-x': 'thirteen-long-x',
    '---': '',
    '': '',
    'naïve\0more': 'na--ve',
  };
  Object.entries(names).forEach(([name, expected], i) => {
    bound(lan, i + 1, name);
    t.is(nameOf(i + 1), expected, JSON.stringify(name));
  });
});

test('of two hosts with one name the later gets none; the config comes first', (t) => {
  const lan = new ServedLan({ fixed: [{ name: 'nas', mac: mac(9), host: 5 }], first: 100, last: 101 });
  bound(lan, 1, 'phone');
  bound(lan, 2, 'Phone');
  t.is(nameOf(1), 'phone');
  t.is(nameOf(2), '');
  const nas = bound(lan, 9, 'something');
  t.is(nas.address, '192.168.0.5');
  t.is(nameOf(9), 'nas');
  lan.deliver(lan.clients[1].release());
  t.is(bound(lan, 3, 'nas').state, 'bound');
  t.is(nameOf(3), '', 'the config has that name');
});

test('nobody is called what others look for a proxy by, or what the router is called; the config may have it', (t) => {
  let lan = new ServedLan();
  ['wpad', 'WPAD.example', 'isatap', 'localhost', 'hairpin'].forEach((name, i) => {
    bound(lan, i + 1, name);
    t.is(nameOf(i + 1), '', name);
  });
  bound(lan, 7, 'wpad-2');
  t.is(nameOf(7), 'wpad-2');
  lan = new ServedLan({ fixed: [{ name: 'wpad', mac: mac(9), host: 5 }] });
  bound(lan, 9, 'something');
  t.is(nameOf(9), 'wpad');
});

test('another name is taken over, and stored', (t) => {
  const lan = new ServedLan();
  bound(lan, 1, 'old');
  lan.pass(70);
  lan.clients.length = 0;
  const again = new LanClient(mac(1), { name: 'new' });
  lan.add(again);
  t.is(nameOf(1), 'new');
  lan.pass(70);
  lan.clients.length = 0;
  lan.start();
  t.is(nameOf(1), 'new');
});

test('what happens is noted: a new lease, a full pool, an address that somebody has', (t) => {
  const lan = new ServedLan({ first: 100, last: 100 });
  const client = bound(lan, 1);
  t.deepEqual(noted(), [leaseGiven]);
  lan.deliver(client.start(lan.now));
  t.deepEqual(noted(), [leaseGiven], 'no renewal is');
  lan.add(new LanClient(mac(2)));
  t.deepEqual(noted(), [leaseGiven, poolExhausted]);
  lan.send({ op: 1, xid: 1, chaddr: mac(1), options: { 53: [4], 50: [192, 168, 0, 100] } });
  t.deepEqual(noted(), [leaseGiven, poolExhausted, addressDeclined]);
});

test('without room in Storage leases are not stored, which is noted once a day; hosts are served all the same', (t) => {
  const lan = new ServedLan();
  lan.storage.write('big', 'x', 0, lan.storage.getFree() - 100_000);
  t.is(bound(lan, 1).state, 'bound');
  lan.pass(3000);
  bound(lan, 2);
  lan.pass(100);
  t.is(noted().filter((code) => code === leasesUnsaved).length, 1);
  t.deepEqual(lan.storage.list(), ['big']);
});

test('a question that nobody comes back to ends by itself', (t) => {
  const lan = new ServedLan();
  lan.send({ op: 1, xid: 1, chaddr: mac(1), options: { 53: [1] } });
  t.not(leasing[leasingAsked], 0);
  lan.send({
    op: 1,
    xid: 1,
    chaddr: mac(1),
    options: { 53: [3], 50: [192, 168, 0, 100], 54: [192, 168, 0, 77] },
  });
  t.deepEqual(lan.pass(2), []);
  t.is(leasing[leasingAsked], 0);
  t.is(bound(lan, 2).state, 'bound');
});

test('a client lives by renewals, and so does one that is switched off now and then', (t) => {
  const lan = new ServedLan({ lease: 600 });
  const a = bound(lan, 1);
  const b = bound(lan, 2);
  const [first, second] = [a.address, b.address];
  for (let time = 0; time < 30; time++) {
    const answers = lan.pass(600);
    t.true(answers.some(({ type }) => type === 'ack'));
    t.is(a.address, first);
    if (time % 5 === 0) b.stop();
    if (time % 5 === 4) {
      lan.deliver(b.start(lan.now, time % 2 ? second : ''));
      t.is(b.address, second);
    }
  }
  t.is(a.refusals + b.refusals, 0);
});

/** What must be so whatever came. */
function fault(now: number): string | undefined {
  const hosts = new Set<number>();
  const macs = new Set<string>();
  let offers = 0;
  for (let i = 0; i < leaseSlots; i++) {
    const own = leaseMac.subarray(6 * i, 6 * i + 6).join();
    if (leaseState[i] === leaseFree) {
      if (leaseHost[i] || own !== '0,0,0,0,0,0' || nameAt(i)) return `place ${i} is free, and has something`;
      continue;
    }
    if (hosts.has(leaseHost[i])) return `${leaseHost[i]} is leased twice`;
    if (own !== '0,0,0,0,0,0' && macs.has(own)) return `${own} has two leases`;
    if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/.test(nameAt(i))) return `a name is ${nameAt(i)}`;
    if (leaseState[i] !== leaseFixed && (leaseHost[i] < 100 || leaseHost[i] > 139)) return `${leaseHost[i]}`;
    hosts.add(leaseHost[i]);
    macs.add(own);
    if (leaseState[i] === leaseOffered && leaseEnd[i] > now) offers++;
    if (leaseState[i] === leaseOffered && leaseEnd[i] > now + 5) return 'an offer that is held too long';
  }
  return offers > 8 ? `${offers} offers at once` : undefined;
}

const seed = Number(process.env.SEED ?? 20261129);

test(`6,000 messages, sensible, damaged and senseless (SEED=${seed})`, (t) => {
  const random = seeded(seed);
  const lan = new ServedLan({ first: 100, last: 139, fixed: [{ name: 'nas', mac: mac(1), host: 5 }] });
  const seen: Record<string, number> = {};
  const address = () => [192, 168, random(8) ? 0 : 1, 90 + random(60)];
  let known = [192, 168, 0, 100];
  for (let i = 0; i < 6000; i++) {
    const options: DhcpOptions = {};
    if (random(20)) options[53] = [random(4) ? 1 + 2 * random(2) : random(10)];
    if (random(2)) options[50] = random(2) ? known : address();
    if (!random(3)) options[54] = random(4) ? [192, 168, 0, 1] : address();
    if (!random(4))
      options[12] = Array.from({ length: random(30) }, () => (random(4) ? 97 + random(4) : random(256)));
    if (!random(4)) options[61] = Array.from({ length: random(60) }, () => random(256));
    if (!random(9)) options[50] = Array.from({ length: random(6) }, () => random(256));
    const ciaddr = random(3) ? '0.0.0.0' : (random(2) ? known : address()).join('.');
    const frame = clientFrame({
      op: random(40) ? 1 : random(256),
      xid: random(2 ** 32),
      flags: random(2) << 15,
      ciaddr,
      giaddr: random(30) ? undefined : '192.168.0.2',
      chaddr: mac(1 + random(random(9) ? 30 : 2000)),
      options,
    });
    for (let n = random(3) ? 0 : random(6); n > 0; n--) frame[42 + random(frame.length - 42)] = random(256);
    // Without a checksum: else nothing damaged would be looked at.
    frame[40] = frame[41] = 0;
    moved();
    let answers: Answer[] = [];
    t.notThrows(() => (answers = lan.deliver([frame])), `message ${i}`);
    const counted = moved();
    const ended = (counted['consumed-datagram'] ?? 0) + (counted['drop-datagram'] ?? 0);
    if (ended !== 1) t.fail(`message ${i}: ${JSON.stringify(counted)}`);
    if (!random(7)) answers.push(...lan.pass(1 + random(random(50) ? 2 : 400)));
    for (const { type, yiaddr } of answers) {
      seen[type] = (seen[type] ?? 0) + 1;
      if (type !== 'nak' && yiaddr !== '0.0.0.0') known = yiaddr.split('.').map(Number);
    }
    const wrong = fault(lan.now);
    if (wrong) t.fail(`message ${i}: ${wrong}`);
  }
  t.log(seen);
  for (const type of ['offer', 'ack', 'nak']) t.true(seen[type] > 50, type);
  lan.pass(50_000);
  t.is(arrive('lan', clientFrame({ op: 1, xid: 1, chaddr: mac(4000), options: { 53: [8] } })).length, 1);
  t.is([...leaseState].filter((state) => state === leaseOffered).length, 0, 'nothing is held for good');
});

test('an offer reaches its client in a second in which an address is announced to all', (t) => {
  const lan = new ServedLan({ natPmp: true });
  lan.pass(300);
  mapped[mappedAddress] = 0;
  mapped[mappedDue] = 0;
  lan.send({ op: 1, xid: 7, chaddr: mac(9), options: { 53: [1] } });
  const sent = lan.pass(2).map(({ type, mac: to }) => [type, ...to]);
  t.deepEqual(sent, [['offer', ...mac(9)]]);
  t.is(mapped[mappedLeft], 8, 'and it was announced a second later');
});

test('an address that is asked about is not given away in another network, when the LAN moves meanwhile', (t) => {
  const lan = new ServedLan();
  lan.pass(3);
  lan.send({ op: 1, xid: 7, chaddr: mac(9), options: { 53: [3], 50: [192, 168, 0, 150] } });
  t.is(leasing[leasingAsked], 150);
  moveLan(word('192.168.77.1'), () => 1);
  t.deepEqual(lan.pass(3), []);
  t.is(leasing[leasingAsked], 0);
  t.regex(bound(lan, 9).address, /^192\.168\.77\./);
});
