/** Section 1 of the checklist, RFC 4787 for UDP: which public port a host gets, and how long it keeps it. */
import { type Wish, lan, router, wan } from '../control/table.ts';
import { udp } from '../wire/packets.ts';
import { row } from './row.ts';
import { fillWithUdp, idle, lanHosts, publicPort } from './seen.ts';

row(['4787-1'], 'UDP from one port has one public port, to other hosts and other ports', (t) => {
  router();
  t.deepEqual(lan(udp('C:40000', 'I:3478')), ['wan G | udp P:40000 > I:3478']);
  t.deepEqual(lan(udp('C:40000', 'J:3479')), ['wan G | udp P:40000 > J:3479']);
  t.deepEqual(lan(udp('C:40000', 'I:3479')), ['wan G | udp P:40000 > I:3479']);
  // Also when the public port is not the inner one.
  const other = publicPort(lan(udp('S:40000', 'I:3478')));
  t.not(other, 40000);
  t.is(publicPort(lan(udp('S:40000', 'J:3479'))), other);
});

row(['4787-3'], 'two hosts with one UDP port get two public ports, and each its own answers', (t) => {
  router();
  const ports = [publicPort(lan(udp('C:45000', 'I:9'))), publicPort(lan(udp('S:45000', 'I:9')))];
  t.not(ports[0], ports[1]);
  t.deepEqual(wan(udp('I:9', `P:${ports[0]}`)), ['lan C | udp I:9 > C:45000']);
  t.deepEqual(wan(udp('I:9', `P:${ports[1]}`)), ['lan S | udp I:9 > S:45000']);
});

row(['4787-3a'], 'a substitute for a port below 1024 is below 1024, for one above it above', (t) => {
  router();
  const hosts = lanHosts(20);
  for (const wanted of [500, 1023, 1024, 45000]) {
    const ports = hosts.map((host) => publicPort(lan(udp(`${host}:${wanted}`, `I:${wanted}`))));
    t.is(new Set(ports).size, hosts.length);
    for (const port of ports) t.is(port < 1024, wanted < 1024, `${port} for ${wanted}`);
    t.true(ports.every((port) => port > 0));
  }
});

row(['4787-4'], 'a substitute port is even for an even one and odd for an odd one', (t) => {
  router();
  const hosts = lanHosts(20);
  for (const wanted of [45000, 45001, 500, 501])
    for (const host of hosts)
      t.is(publicPort(lan(udp(`${host}:${wanted}`, 'I:9'))) % 2, wanted % 2, `${wanted}`);
});

row(['4787-5'], 'a UDP mapping that was never answered lets the answer in after 119 s', (t) => {
  for (const seconds of [115, 119]) {
    router();
    lan(udp('C:41000', 'I:7000'));
    idle(seconds);
    t.deepEqual(wan(udp('I:7000', 'P:41000')), ['lan C | udp I:7000 > C:41000'], `${seconds}`);
  }
  // It ends some time, else the table would fill.
  router();
  lan(udp('C:41000', 'I:7000'));
  idle(121);
  t.deepEqual(wan(udp('I:7000', 'P:41000')), []);
});

row(['4787-5a'], 'DNS is over 15 s and NTP 30 s after the answer; an answer has 119 s to come', (t) => {
  for (const [port, seconds] of [
    [53, 15],
    [123, 30],
  ]) {
    const answer = () => wan(udp(`I:${port}`, 'P:41000'));
    const delivered = [`lan C | udp I:${port} > C:41000`];
    router();
    lan(udp('C:41000', `I:${port}`));
    idle(119);
    t.deepEqual(answer(), delivered);
    idle(seconds - 1);
    t.deepEqual(answer(), delivered, `${port}`);
    idle(seconds + 1);
    t.deepEqual(answer(), [], `${port}`);
  }
});

/** A dialogue that goes on in both directions. */
function talk(): void {
  lan(udp('C:41000', 'I:7000'));
  wan(udp('I:7000', 'P:41000'));
  lan(udp('C:41000', 'I:7000'));
}

row(['4787-5b,c'], 'the UDP timer: 300 s by default, as long as it is set, and not under 120 s', (t) => {
  for (const [udpSeconds, lives] of [
    [undefined, 299],
    [120, 119],
    [900, 899],
  ]) {
    const wish: Wish = { timeouts: udpSeconds ? { udp: udpSeconds } : {} };
    router(wish);
    talk();
    idle(lives!);
    t.deepEqual(wan(udp('I:7000', 'P:41000')), ['lan C | udp I:7000 > C:41000'], `${lives}`);
    router(wish);
    talk();
    idle(lives! + 2);
    t.deepEqual(wan(udp('I:7000', 'P:41000')), [], `${lives! + 2}`);
  }
  t.throws(() => router({ timeouts: { udp: 119 } }), { message: /120/ });
});

row(['4787-6'], 'what goes out keeps a UDP mapping alive, answered or not', (t) => {
  for (const answered of [false, true]) {
    router();
    if (answered) talk();
    for (let i = 0; i < 5; i++) {
      t.deepEqual(lan(udp('C:41000', 'I:7000')), ['wan G | udp P:41000 > I:7000']);
      idle(answered ? 290 : 110);
    }
    t.deepEqual(wan(udp('I:7000', 'P:41000')), ['lan C | udp I:7000 > C:41000']);
  }
});

row(['4787-6a'], 'what comes in keeps an answered UDP flow alive, and no other', (t) => {
  router();
  talk();
  for (let i = 0; i < 4; i++) {
    idle(290);
    t.deepEqual(wan(udp('I:7000', 'P:41000')), ['lan C | udp I:7000 > C:41000']);
  }
  t.deepEqual(lan(udp('C:41000', 'J:1')), ['wan G | udp P:41000 > J:1']);
  // From another port of a host that C spoke to: let in, but C did not answer.
  router();
  lan(udp('C:41000', 'I:7000'));
  for (const at of [50, 100]) {
    idle(50);
    t.deepEqual(wan(udp('I:7001', 'P:41000')), ['lan C | udp I:7001 > C:41000'], `${at}`);
  }
  idle(50);
  t.deepEqual(wan(udp('I:7001', 'P:41000')), []);
});

row(['4787-11'], 'mapping and filter are the same after a clash, in a full table and after hours', (t) => {
  router();
  lan(udp('C:45000', 'I:9'));
  const substitute = publicPort(lan(udp('S:45000', 'I:9')));
  for (let host = 1; host <= 5; host++)
    t.is(publicPort(lan(udp('S:45000', `203.0.113.${host}:9`))), substitute);
  const filter = () => {
    t.deepEqual(wan(udp('J:5', 'P:45000')), []);
    t.deepEqual(wan(udp('I:9', 'P:45000')), ['lan C | udp I:9 > C:45000']);
    t.deepEqual(wan(udp('I:9', `P:${substitute}`)), ['lan S | udp I:9 > S:45000']);
  };
  filter();
  // 95 % of 512 flows.
  fillWithUdp(486 - 7);
  filter();
  t.is(publicPort(lan(udp('S:45000', '203.0.113.9:9'))), substitute);
  for (let hours = 0; hours < 3; hours++) {
    for (let i = 0; i < 36; i++) {
      idle(100);
      t.is(publicPort(lan(udp('S:45000', 'I:9'))), substitute);
      t.is(publicPort(lan(udp('C:45000', 'I:9'))), 45000);
    }
  }
  filter();
  t.is(publicPort(lan(udp('S:45000', 'I:10'))), substitute);
});
