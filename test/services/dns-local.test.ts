/**
 * Names of the LAN: which ones are answered here, how, and which are nobody's here and forwarded.
 */
import test from 'ava';
import { leaseDeclined, leaseOffered, leaseOver, leaseState } from '../../firmware/layout/arena.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { dropped, introduce, lan, lastLeft, moved, told } from '../control/table.ts';
import { udp } from '../wire/packets.ts';
import { ask, messageLeft, names, pending, upstream, type NamesWish } from './names.ts';
import { edns, labels, query, readMessage, types } from './resolver.ts';

const hosts = { nas: '192.168.0.5', 'printer!': '192.168.0.6', abcdefghijklmnop: '192.168.0.7' };

/** Starts over with these hosts. */
const start = (wish: NamesWish = {}) => names({ hosts, ...wish });

/** What R answers at once: `0 A 192.168.0.5`, response code, flags and the only record. */
function told1(name: string, type: string | number = 'A'): string {
  ask('C:40000', query(name, type));
  if (/ > \S+:53$/.test(told(lastLeft)[0])) return 'forwarded';
  const message = readMessage(messageLeft());
  if (message.name !== name) throw new Error(`the question has become ${message.name}`);
  if (message.counts.join() !== `1,${message.answers.length},0,0`) throw new Error('counts are wrong');
  if (message.id !== 0x1234 || message.flags !== 'ARr' || !message.isResponse) throw new Error(message.flags);
  return [String(message.code), ...message.answers.map(told2)].join(' ');
}

function told2({ name, type, seconds, data }: ReturnType<typeof readMessage>['answers'][number]): string {
  const word = Object.keys(types).find((key) => types[key] === type);
  const value = type === 1 ? data.join('.') : Buffer.from(data).toString('latin1');
  return `${name} ${word} ${seconds} s ${value}`;
}

const pointer = (name: string) => Buffer.from(labels(name)).toString('latin1');

test.serial('a host has its name, with the domain and without', (t) => {
  start();
  for (const name of ['nas', 'nas.lan', 'NAS.Lan', 'nAs'])
    t.is(told1(name), `0 ${name} A 60 s 192.168.0.5`, 'letters as they were asked');
  t.is(told1('printer.lan'), '0 printer.lan A 60 s 192.168.0.6');
  t.is(told1('abcdefghijklmnop'), '0 abcdefghijklmnop A 60 s 192.168.0.7');
  t.is(told1('nas.lan', 'ANY'), '0 nas.lan A 60 s 192.168.0.5');
  t.is(told1('hairpin'), '0 hairpin A 60 s 192.168.0.1');
  t.is(told1('hairpin.lan'), '0 hairpin.lan A 60 s 192.168.0.1');
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
});

test.serial('of other types it has none, and there is no other name in the domain', (t) => {
  start();
  for (const type of ['AAAA', 'HTTPS', 'TXT', 65280]) t.is(told1('nas.lan', type), '0');
  t.is(told1('nas', 'AAAA'), '0');
  for (const name of ['lan', 'LAN']) t.is(told1(name, 'SOA'), '0', 'the domain itself');
  for (const name of ['na.lan', 'nass.lan', 'x.nas.lan', 'abcdefghijklmnopq.lan', '_dns-sd._udp.lan'])
    t.is(told1(name), '3', name);
});

test.serial('a domain whose last label is one letter is ours as any other', (t) => {
  for (const domain of ['h', 'home.h', 'hh']) {
    start({ domain });
    t.is(told1(`nas.${domain}`), `0 nas.${domain} A 60 s 192.168.0.5`);
    t.is(told1(`nobody.${domain}`), '3');
    t.is(told1('www.hi'), 'forwarded');
  }
});

test.serial('what is nobody’s here is forwarded', (t) => {
  start();
  const foreign = ['com', 'na', 'nas.plan', 'nas.lan.example', 'example.cn', 'www.chan', 'a.an', 'lann'];
  for (const name of [...foreign, 'arpa', 'x.arpa', '.']) t.is(told1(name), 'forwarded', name);
  t.is(upstream(ask('C:40000', query('nas.lan', 'TXT', { class: 3 }))).to, 'I', 'another class');
  t.is(upstream(ask('C:40000', query('nas.lan', 'SOA', { flags: 0x2800 }))).to, 'I', 'an update');
});

test.serial('an address of the LAN leads to its name; others are forwarded', (t) => {
  start();
  const reverse = (address: string) => `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  t.is(told1(reverse('192.168.0.5'), 'PTR'), `0 ${reverse('192.168.0.5')} PTR 60 s ${pointer('nas.lan')}`);
  t.is(
    told1('1.0.168.192.IN-ADDR.arpa', 'PTR'),
    `0 1.0.168.192.IN-ADDR.arpa PTR 60 s ${pointer('hairpin.lan')}`,
  );
  t.is(told1(reverse('192.168.0.6'), 'TXT'), '0');
  t.is(told1(reverse('192.168.0.77'), 'PTR'), '3');
  t.is(told1(reverse('192.168.0.77'), 'A'), '3');
  for (const name of [
    reverse('192.168.1.5'),
    reverse('12.0.0.1'),
    '0.168.192.in-addr.arpa',
    '256.0.168.192.in-addr.arpa',
    '0005.0.168.192.in-addr.arpa',
    'a.0.168.192.in-addr.arpa',
    '5.0.168.192.in-addr.arpa.com',
    '1.5.0.168.192.in-addr.arpa',
    '5.0.168.192.ip6.arpa',
  ])
    t.is(told1(name, 'PTR'), 'forwarded', name);
});

test.serial('a domain of several labels, one that fills its place, and none', (t) => {
  start({ domain: 'home.example' });
  t.is(told1('nas.home.example'), '0 nas.home.example A 60 s 192.168.0.5');
  t.is(told1('nas'), '0 nas A 60 s 192.168.0.5');
  t.is(told1('x.home.example'), '3');
  t.is(told1('home.example', 'NS'), '0');
  t.is(told1('example', 'NS'), 'forwarded');
  t.is(told1('nas.example'), 'forwarded');
  t.is(told1('nas.Home-example'), 'forwarded');
  t.is(told1('5.0.168.192.in-addr.arpa', 'PTR').split(' s ')[1], pointer('nas.home.example'));
  const domain = 'abcdefghijkl.mnopqrstuvw';
  start({ domain });
  t.is(told1(`nas.${domain}`), `0 nas.${domain} A 60 s 192.168.0.5`);
  t.is(told1(`nas.${domain}x`), 'forwarded');
  t.is(told1('5.0.168.192.in-addr.arpa', 'PTR').split(' s ')[1], pointer(`nas.${domain}`));
  start({ domain: '' });
  t.is(told1('nas'), '0 nas A 60 s 192.168.0.5');
  t.is(told1('nas.lan'), 'forwarded');
  t.is(told1('5.0.168.192.in-addr.arpa', 'PTR').split(' s ')[1], pointer('nas'));
});

test.serial('a name is that of a host that has its address now', (t) => {
  start();
  for (const state of [leaseOffered, leaseOver, leaseDeclined, 0]) {
    leaseState[0] = state;
    t.is(told1('nas.lan'), '3');
    t.is(told1('nas'), 'forwarded');
    t.is(told1('5.0.168.192.in-addr.arpa', 'PTR'), '3');
  }
  // Several with no name at all.
  leaseState.fill(2);
  t.is(told1('printer'), '0 printer A 60 s 192.168.0.6');
  t.is(told1('.', 'NS'), 'forwarded');
});

test.serial('what else the query had is not repeated, and checking disabled is', (t) => {
  start();
  ask('C:40000', query('nas.lan', 'A', { additional: edns(4096), flags: 0x0010 }));
  const message = readMessage(messageLeft());
  t.deepEqual([message.flags, message.counts], ['Arc', [1, 1, 0, 0]]);
  t.deepEqual(moved(), { 'consumed-datagram': 1, 'sent-datagram': 1 });
});

test.serial('a damaged query is not answered, and a client that is not known is asked for', (t) => {
  start();
  const damaged = udp('C:40000', 'R:53', { data: query('nas.lan') });
  damaged[28] ^= 2;
  moved();
  t.deepEqual(lan(damaged), []);
  t.is(dropped(), 'drop-datagram');
  start({ strangers: true });
  t.deepEqual(ask('C:40000', query('nas.lan')), ['lan * | arp who has C, tell R']);
  introduce('C');
  t.deepEqual(told(lastLeft.slice(1)), ['lan C | udp R:53 > C:40000']);
});
