/** The clamp of TCP's maximum segment size: which segments, which options, and the checksum at odd offsets. */
import test from 'ava';
import { get16, tcp } from '../wire/packets.ts';
import { lan, lastLeft, router, wan } from './table.ts';

/** Frame offset of the first TCP option. */
const optionsAt = 14 + 20 + 20;

/** What left carries as options. `tell` has checked the checksums. */
const options = (length: number) => Array.from(lastLeft[0].frame.subarray(optionsAt, optionsAt + length));

const mss = (value: number) => [2, 4, value >> 8, value & 255];

test('an MTU of 1400: SYNs from LAN and Internet, and SYN/ACKs, offer no more than 1360', (t) => {
  router({ mtu: 1400 });
  lan(tcp('C:1', 'I:80', 'S', { tcpOptions: mss(1460) }));
  t.deepEqual(options(4), mss(1360));
  wan(tcp('I:80', 'P:1', 'SA', { tcpOptions: mss(1460) }));
  t.deepEqual(options(4), mss(1360));
  wan(tcp('I:1', 'P:25', 'S', { tcpOptions: mss(1460) }));
  t.deepEqual(options(4), mss(1360));
  lan(tcp('S:25', 'I:1', 'SA', { tcpOptions: mss(1460) }));
  t.deepEqual(options(4), mss(1360));
});

test('what offers less, or nothing, stays; nothing is added', (t) => {
  router({ mtu: 1400 });
  lan(tcp('C:1', 'I:80', 'S', { tcpOptions: mss(1360) }));
  t.deepEqual(options(4), mss(1360));
  lan(tcp('C:2', 'I:80', 'S', { tcpOptions: mss(536) }));
  t.deepEqual(options(4), mss(536));
  lan(tcp('C:3', 'I:80', 'S'));
  t.is(get16(lastLeft[0].frame, 16), 40);
});

test('behind other options, at even and odd offsets; broken lists are left alone', (t) => {
  router({ mtu: 1400 });
  lan(tcp('C:1', 'I:80', 'S', { tcpOptions: [1, ...mss(1460), 1, 1, 1] }));
  t.deepEqual(options(5), [1, ...mss(1360)]);
  lan(tcp('C:2', 'I:80', 'S', { tcpOptions: [3, 3, 7, ...mss(1460), 0] }));
  t.deepEqual(options(7), [3, 3, 7, ...mss(1360)]);
  lan(tcp('C:3', 'I:80', 'S', { tcpOptions: [4, 2, ...mss(1460), 1, 1] }));
  t.deepEqual(options(6), [4, 2, ...mss(1360)]);
  lan(tcp('C:4', 'I:80', 'S', { tcpOptions: [5, 0, ...mss(1460), 1, 1] }));
  t.deepEqual(options(6), [5, 0, ...mss(1460)]);
  lan(tcp('C:5', 'I:80', 'S', { tcpOptions: [0, 1, 1, 1, ...mss(1460)] }));
  t.deepEqual(options(8), [0, 1, 1, 1, ...mss(1460)]);
  lan(tcp('C:6', 'I:80', 'S', { tcpOptions: [1, 1, 2, 4] }));
  t.deepEqual(options(4), [1, 1, 2, 4]);
});

test('only SYNs, only between LAN and WAN, only with a smaller MTU', (t) => {
  router({ mtu: 1400 });
  lan(tcp('C:1', 'P:25', 'S', { tcpOptions: mss(1460) }));
  t.deepEqual(options(4), mss(1460), 'around the hairpin');
  lan(tcp('C:1', 'I:80', 'A', { tcpOptions: mss(1460) }));
  t.deepEqual(options(4), mss(1460), 'no SYN');
  router();
  lan(tcp('C:1', 'I:80', 'S', { tcpOptions: mss(1460) }));
  t.deepEqual(options(4), mss(1460), 'MTU 1500');
});
