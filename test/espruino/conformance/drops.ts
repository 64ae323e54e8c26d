/**
 * What is wrong with a packet before anybody asks for its flow: link layer, header, options, addresses, protocol.
 */
import { ethernet, macOf } from '../../control/table.ts';
import { icmp, ip, tcp, udp } from '../../wire/packets.ts';
import { configText } from './configs.ts';
import { cut, filler, spoilt } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const out = udp('C:4000', 'I:53');
const everyone = [255, 255, 255, 255, 255, 255];

function linkLayer(router: Router): void {
  router.frame('lan', ethernet(macOf('R'), macOf('C'), 0x88cc, filler(46)));
  router.counts('drop-ethertype');
  router.frame('lan', ethernet(everyone, macOf('C'), 0x0800, out));
  router.counts('drop-broadcast');
  router.faults.lan.filterLeak = 1;
  router.frame('lan', ethernet(macOf('S'), macOf('C'), 0x0800, out));
  router.faults.lan.filterLeak = 0;
  router.counts('drop-not-for-us');
}

function headers(router: Router): void {
  const wrong: Record<number, number>[] = [{ 0: 0x55 }, { 0: 0x44 }, { 2: 0, 3: 10 }, { 2: 3, 3: 0 }];
  for (const broken of wrong) {
    router.lan(spoilt(out, broken, false));
    router.counts('drop-ip-header');
  }
  router.lan(spoilt(out, { 8: 63 }, false));
  router.lan(spoilt(udp('C:4000', 'I:53', { options: [1, 1, 0, 9] }), { 8: 63 }, false));
  router.counts('drop-ip-checksum', 'drop-ip-checksum');
  const options = [
    [131, 3, 4, 0],
    [1, 137, 3, 4],
    [7, 1, 0, 0],
    [7, 40, 0, 0],
  ];
  for (const option of options) {
    router.lan(udp('C:4000', 'I:53', { options: option }));
    router.counts('drop-source-route');
  }
  router.lan(udp('C:4000', 'I:53', { options: [1, 1, 0, 9] }));
  router.lan(udp('C:4000', 'I:53', { options: [7, 4, 0, 0, 1, 1, 1, 1] }));
  router.counts();
  // All zeros: the class of a flow that is not settled yet.
  router.lan(udp('C:4000', 'I:53'));
  router.lan(spoilt(out, { 0: 0, 9: 0 }, false));
  router.counts('drop-ip-header');
}

function addresses(router: Router): void {
  for (const source of ['127.0.0.1', '0.1.2.3', '224.0.0.1', '255.255.255.255', '192.168.0.255', '12.0.0.0'])
    router.lan(udp(`${source}:4000`, 'I:53'), macOf('C'));
  for (const source of ['127.0.0.1', '12.0.0.255', '224.0.0.1']) router.wan(udp(`${source}:4000`, 'P:5000'));
  for (const target of ['127.0.0.1', '0.1.2.3', '240.0.0.1']) router.lan(udp('C:4000', `${target}:53`));
  router.counts(...Array<string>(12).fill('drop-martian'));
  for (const target of ['224.0.0.5', '255.255.255.255', '192.168.0.255', '192.168.0.0', '12.0.0.255'])
    router.lan(udp('C:4000', `${target}:53`));
  router.counts(...Array<string>(5).fill('drop-broadcast'));
  router.lan(udp('10.0.0.1:4000', 'I:53'), macOf('C'));
  router.lan(udp('R:4000', 'I:53'), macOf('C'));
  router.wan(udp('C:4000', 'P:5000'));
  router.wan(udp('P:4000', 'P:5000'));
  router.wan(udp('I:4000', '9.9.9.9:5000'));
  router.wan(udp('I:4000', 'S:5000'));
  router.counts(...Array<string>(6).fill('drop-wrong-side'));
}

function transports(router: Router): void {
  const gre = (from: string, to: string) => ip(47, from, to, filler(20));
  router.lan(gre('C', 'I'));
  router.lan(gre('C', 'R'));
  router.wan(gre('I', 'P'));
  router.counts(...Array<string>(3).fill('drop-protocol'));
  router.lan(cut(tcp('C:4000', 'I:80', 'S'), 39));
  router.lan(cut(out, 27));
  router.lan(cut(icmp('C', 'I', 8, 0, 1), 27));
  for (const flags of ['', 'SF', 'SR', 'U']) router.lan(tcp('C:4000', 'I:80', flags));
  for (const offset of [0x40, 0x60]) router.lan(spoilt(tcp('C:4000', 'I:80', 'S'), { 32: offset }));
  router.counts(...Array<string>(9).fill('drop-transport-header'));
}

function travel(router: Router): void {
  router.lan(udp('C:4000', 'I:53', { ttl: 1 }));
  router.wan(udp('I:4000', 'P:5000', { ttl: 1 }));
  router.lan(udp('C:4000', 'S:53', { ttl: 1 }));
  router.counts('drop-ttl', 'drop-ttl', 'drop-ttl');
  router.lan(udp('C:4001', 'I:53', { data: filler(800) }));
  router.lan(udp('C:4001', 'I:53', { data: filler(548) }));
  router.counts('drop-too-big');
}

export const drops: Subject = {
  title: 'drops',
  play(stage) {
    const router = stage.router();
    linkLayer(router);
    headers(router);
    addresses(router);
    router.leap(1);
    transports(router);
    travel(stage.router({ config: configText({ mtu: 576 }) }));
  },
};
