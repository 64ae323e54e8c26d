/** Section 5 of the checklist, RFC 1812: who may send to whom, and what goes nowhere for its addresses. */
import { arrive, dropped, ethernet, lan, macOf, moved, router, wan } from '../control/table.ts';
import { hostBytes, icmpError, ping, tcp, udp } from '../wire/packets.ts';
import { row } from './row.ts';
import { send } from './seen.ts';

row(['1812-5.3.4'], 'a frame to all or to a group of MAC addresses is not forwarded', (t) => {
  router();
  const group = [1, 0, 0x5e, 0, 0, 1];
  for (const to of [Array<number>(6).fill(255), group]) {
    t.deepEqual(arrive('lan', ethernet(to, macOf('C'), 0x0800, udp('C:40000', 'I:9'))), []);
    t.deepEqual(arrive('lan', ethernet(to, macOf('C'), 0x0800, tcp('C:40000', 'P:25', 'S'))), []);
    t.deepEqual(arrive('lan', ethernet(to, macOf('C'), 0x0800, udp('C:40000', 'S:9'))), []);
    t.deepEqual(arrive('wan', ethernet(to, macOf('G'), 0x0800, tcp('I:44444', 'P:25', 'S'))), []);
  }
  t.deepEqual(moved()['drop-broadcast'], 8);
});

row(['1812-5.3.5.1'], 'the limited broadcast is not forwarded, however it is framed', (t) => {
  router();
  for (const from of ['C', 'G'])
    t.deepEqual(send(from, udp(`${from === 'C' ? 'C' : 'I'}:40000`, '255.255.255.255:9')), [], from);
  const all = Array<number>(6).fill(255);
  t.deepEqual(arrive('lan', ethernet(all, macOf('C'), 0x0800, udp('C:40000', '255.255.255.255:9'))), []);
  t.is(dropped(), 'drop-broadcast x3');
});

row(['2644'], 'a directed broadcast is not forwarded into either network', (t) => {
  router();
  for (const target of ['192.168.0.255', '192.168.0.0'])
    t.deepEqual(wan(udp('I:9', `${target}:9`)), [], target);
  for (const target of ['12.0.0.255', '12.0.0.0', '192.168.0.255', '192.168.0.0'])
    t.deepEqual(lan(udp('C:40000', `${target}:9`)), [], target);
  t.deepEqual(wan(ping('I', '12.0.0.255', 1)), []);
  t.deepEqual(lan(udp('C:40000', '12.0.0.254:9')), ['wan G | udp P:40000 > G:9']);
});

row(['1812-mcast'], 'multicast is not forwarded, near or far', (t) => {
  router();
  for (const group of ['224.0.0.1', '224.0.0.251', '239.1.1.1']) {
    t.deepEqual(lan(udp('C:40000', `${group}:9`)), [], group);
    t.deepEqual(wan(udp('I:9', `${group}:9`)), [], group);
    const mac = [1, 0, 0x5e, ...hostBytes(group).slice(1)];
    t.deepEqual(arrive('lan', ethernet(mac, macOf('C'), 0x0800, udp('C:40000', `${group}:9`))), [], group);
  }
});

const neverSources = [
  '0.0.0.0',
  '0.1.2.3',
  '127.0.0.1',
  '224.0.0.1',
  '239.9.9.9',
  '240.0.0.1',
  '255.255.255.255',
];
const neverTargets = ['0.0.0.0', '0.1.2.3', '127.0.0.1', '240.0.0.1', '254.1.1.1'];

row(['1812-5.3.7'], 'martian sources and targets go nowhere on either port, and nobody is told', (t) => {
  router();
  for (const source of neverSources) {
    for (const [from, target] of [
      ['C', 'I'],
      ['C', 'P'],
      ['C', 'S'],
      ['G', 'P'],
    ]) {
      t.deepEqual(send(from, udp(`${source}:40000`, `${target}:5000`)), [], `${source} from ${from}`);
      t.is(dropped(), 'drop-martian', `${source} from ${from}`);
    }
  }
  for (const target of neverTargets) {
    for (const [from, source] of [
      ['C', 'C'],
      ['G', 'I'],
    ]) {
      t.deepEqual(send(from, udp(`${source}:40000`, `${target}:9`)), [], target);
      t.is(dropped(), 'drop-martian', target);
    }
  }
});

row(['1812-5.3.8, 2827, 3704'], 'a source must live where it comes from, exactly', (t) => {
  router();
  for (const [from, source] of [
    ['G', '192.168.0.9'],
    ['G', 'S'],
    ['G', 'R'],
    ['G', 'P'],
    ['C', '10.9.9.9'],
    ['C', 'I'],
    ['C', 'P'],
    ['C', 'G'],
    ['C', 'R'],
    ['C', '192.168.1.3'],
  ]) {
    for (const target of from === 'G' ? ['P:5000', 'S:5000'] : ['I:9', 'P:5000', 'S:9']) {
      t.deepEqual(send(from, udp(`${source}:40000`, target)), [], `${source} > ${target}`);
      t.is(dropped(), 'drop-wrong-side', `${source} > ${target}`);
    }
  }
});

row(['3704-dhcp'], 'a host without an address that asks all for one is no martian', (t) => {
  router();
  const all = Array<number>(6).fill(255);
  const discover = udp('0.0.0.0:68', '255.255.255.255:67', { data: new Uint8Array(240) });
  t.deepEqual(arrive('lan', ethernet(all, macOf('C'), 0x0800, discover)), []);
  // Nobody serves DHCP here yet; that is the only reason why it ends.
  t.is(dropped(), 'drop-broadcast');
});

row(['bogon-wan'], 'private and shared addresses are sources like others on the WAN', (t) => {
  router();
  for (const source of ['10.1.2.3', '172.16.0.1', '192.168.7.7', '100.64.0.1', '169.254.1.1']) {
    t.deepEqual(wan(udp(`${source}:9`, 'P:5000')), [`lan S | udp ${source}:9 > S:5000`]);
    t.deepEqual(lan(udp('S:5000', `${source}:9`)), [`wan G | udp P:5000 > ${source}:9`]);
  }
  lan(udp('C:40000', 'I:9'));
  t.deepEqual(wan(icmpError('10.0.0.1', 'P', [11, 0], udp('P:40000', 'I:9'))), [
    'lan C | icmp 11/0 10.0.0.1 > C about udp C:40000 > I:9',
  ]);
});

row(
  ['wan-private-dst'],
  'a packet on the WAN for a LAN address goes nowhere, with or without a flow',
  (t) => {
    router();
    for (const target of ['S:25', 'C:40000', 'R:80', '192.168.0.77:25']) {
      t.deepEqual(wan(tcp('I:44444', target, 'S')), [], target);
      t.is(dropped(), 'drop-wrong-side', target);
    }
    lan(udp('C:40000', 'I:9'));
    wan(udp('I:9', 'P:40000'));
    lan(udp('C:40000', 'I:9'));
    t.deepEqual(wan(udp('I:9', 'C:40000')), []);
    t.is(dropped(), 'drop-wrong-side');
    t.deepEqual(wan(ping('I', 'R', 1)), []);
  },
);
