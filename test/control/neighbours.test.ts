/**
 * ARP both ways, packets that wait for it, ageing, and slots that change hands while flows live.
 */
import test from 'ava';
import { clock, neighbourState } from '../../firmware/layout/arena.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { knownHop } from '../../firmware/control/hops.ts';
import { lanPort, wanPort } from '../../firmware/layout/ports.ts';
import { cast, icmpError, ping, tcp, udp, word } from '../wire/packets.ts';
import type { Port } from './table.ts';
import {
  arp,
  arrive,
  dropped,
  ethernet,
  introduce,
  isSettled,
  lan,
  lastLeft,
  macOf,
  moved,
  pause,
  router,
  say,
  wan,
} from './table.ts';

const ask = (host: string, port: Port = 'lan') =>
  port === 'lan' ? `lan * | arp who has ${host}, tell R` : `wan * | arp who has ${host}, tell P`;

const knows = (port: Port, host: string) => knownHop(port === 'lan' ? lanPort : wanPort, word(host)) !== 0;
/** An ARP answer to the router. */
const answers = (host: string, port: Port = 'lan', mac = macOf(host)) =>
  say(port, arp(2, host, port === 'lan' ? 'R' : 'P', mac), macOf(port === 'lan' ? 'R' : 'P'));

test('a question for our address is answered on its own port, and the asker is remembered', (t) => {
  router({ strangers: true });
  t.deepEqual(say('lan', arp(1, 'C', 'R')), ['lan C | arp R is at R, for C at C']);
  t.deepEqual(say('wan', arp(1, 'G', 'P')), ['wan G | arp P is at P, for G at G']);
  t.true(knows('lan', 'C') && knows('wan', 'G'));
  t.deepEqual(lan(ping('C', 'R', 1)), ['lan C | pong R > C id 1']);
});

test("no answer for other addresses, nor for the other port's", (t) => {
  router();
  for (const target of ['P', 'J', 'S', '192.168.0.9'])
    t.deepEqual(say('lan', arp(1, 'C', target)), [], target);
  for (const target of ['R', 'S', 'I']) t.deepEqual(say('wan', arp(1, 'G', target)), [], target);
  t.is(moved()['consumed-arp'], 7);
});

test('a probe is answered, and nobody is remembered for it', (t) => {
  router({ strangers: true });
  const probe = (target: string, mac: number[]) => arp(1, '0.0.0.0', target, mac);
  t.deepEqual(say('lan', probe('R', macOf('C'))), ['lan C | arp R is at R, for 0.0.0.0 at C']);
  t.deepEqual(say('wan', probe('P', macOf('G'))), ['wan G | arp P is at P, for 0.0.0.0 at G']);
  t.false(knows('lan', '0.0.0.0'));
  t.false(knows('lan', 'C'));
  // Another one gets its own answer, not the first one's address.
  t.deepEqual(say('lan', probe('R', macOf('S'))), ['lan S | arp R is at R, for 0.0.0.0 at S']);
});

test('gratuitous ARP changes what is known and adds nothing', (t) => {
  router();
  say('lan', arp(1, '192.168.0.9', '192.168.0.9'));
  t.false(knows('lan', '192.168.0.9'));
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S')), ['lan S | tcp C:1 > S:25 S']);
  const moved = [2, 0, 0, 0, 0xa8, 0x77];
  say('lan', arp(1, 'S', 'S', moved));
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S')), ['lan ..119 | tcp C:1 > S:25 S']);
  // So does one that asks for somebody else.
  say('lan', arp(1, 'S', 'C'));
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S')), ['lan S | tcp C:1 > S:25 S']);
});

test('addresses of the other side, and our own, are never learned', (t) => {
  router();
  for (const [port, sender] of [
    ['wan', 'S'],
    ['wan', 'I'],
    ['lan', 'G'],
    ['lan', 'I'],
    ['lan', 'R'],
    ['wan', 'P'],
  ] as const) {
    const target = port === 'lan' ? 'R' : 'P';
    // Who claims ours hears once whose it is.
    const answer = sender === target ? [ask(target, port)] : [];
    t.deepEqual(say(port, arp(1, sender, target, [2, 0, 0, 0, 9, 9])), answer, `${sender} on ${port}`);
    t.deepEqual(say(port, arp(2, sender, target, [2, 0, 0, 0, 9, 9])), []);
    t.is(dropped(), 'drop-arp x2', `${sender} on ${port}`);
  }
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S')), ['lan S | tcp I:1 > S:25 S']);
});

test('ARP that is broken in any field is dropped', (t) => {
  router({ strangers: true });
  const broken: [string, (packet: Uint8Array) => void][] = [
    ['hardware', (packet) => (packet[1] = 6)],
    ['protocol', (packet) => (packet[2] = 0x86)],
    ['hardware length', (packet) => (packet[4] = 8)],
    ['protocol length', (packet) => (packet[5] = 16)],
    ['operation 0', (packet) => (packet[7] = 0)],
    ['operation 3', (packet) => (packet[7] = 3)],
    ['high operation', (packet) => (packet[6] = 1)],
    ['a group as sender', (packet) => packet.fill(255, 8, 14)],
  ];
  for (const [name, spoil] of broken) {
    const packet = arp(1, 'C', 'R');
    spoil(packet);
    t.deepEqual(
      arrive('lan', ethernet([255, 255, 255, 255, 255, 255], macOf('C'), 0x0806, packet)),
      [],
      name,
    );
    t.is(dropped(), 'drop-arp', name);
  }
  t.false(knows('lan', 'C'));
});

test('the first packet to a cold host waits and is then delivered', (t) => {
  router({ strangers: true });
  introduce('G');
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S')), [ask('S')]);
  t.is(heldNow(), 1);
  t.deepEqual(answers('S'), ['lan S | tcp I:1 > S:25 S']);
  t.is(heldNow(), 0);
  t.is(dropped(), '');
});

test('a packet to the Internet waits for the gateway', (t) => {
  router({ strangers: true });
  t.deepEqual(lan(udp('C:1', 'I:53')), [ask('G', 'wan')]);
  t.deepEqual(answers('G', 'wan'), ['wan G | udp P:1 > I:53']);
  // An on-link host is asked itself.
  t.deepEqual(lan(udp('C:1', '12.0.0.7:53')), [ask('12.0.0.7', 'wan')]);
  t.deepEqual(answers('12.0.0.7', 'wan'), ['wan ..7 | udp P:1 > 12.0.0.7:53']);
});

test('of several packets for one host the newest waits; three hosts at most', (t) => {
  router();
  const to = (host: number, id: number) => lan(ping('C', `192.168.0.${host}`, id));
  t.is(to(10, 1).length, 1);
  t.deepEqual(to(10, 2), []);
  t.deepEqual(to(10, 3), []);
  t.is(dropped(), 'drop-held-full x2');
  to(11, 4);
  to(12, 5);
  t.is(heldNow(), 3);
  t.deepEqual(to(13, 6), [ask('192.168.0.13')]);
  t.is(dropped(), 'drop-held-full');
  t.deepEqual(answers('192.168.0.10'), ['lan ..10 | ping C > 192.168.0.10 id 3']);
  t.deepEqual(answers('192.168.0.12'), ['lan ..12 | ping C > 192.168.0.12 id 5']);
  t.deepEqual(answers('192.168.0.11'), ['lan ..11 | ping C > 192.168.0.11 id 4']);
});

test('a dead host: asked three times, a second apart, then its sender is told 3/1, then silence for 3 s', (t) => {
  router();
  t.deepEqual(lan(udp('C:1', '192.168.0.10:9')), [ask('192.168.0.10')]);
  for (let i = 0; i < 20; i++) t.deepEqual(lan(udp('C:1', '192.168.0.10:9')), []);
  t.deepEqual(pause(1), [ask('192.168.0.10')]);
  t.deepEqual(pause(1), [ask('192.168.0.10')]);
  t.is(moved()['drop-held-full'], 20);
  t.deepEqual(pause(1), ['lan C | icmp 3/1 R > C about udp C:1 > 192.168.0.10:9']);
  t.is(dropped(), 'drop-neighbour');
  t.is(heldNow(), 0);
  for (let i = 0; i < 3; i++) {
    t.deepEqual(lan(udp('C:1', '192.168.0.10:9')), []);
    t.is(dropped(), 'drop-neighbour');
    t.deepEqual(pause(1), []);
  }
  t.deepEqual(lan(udp('C:1', '192.168.0.10:9')), [ask('192.168.0.10')]);
  t.deepEqual(answers('192.168.0.10'), ['lan ..10 | udp C:1 > 192.168.0.10:9']);
});

test('a dead gateway: the LAN sender is told; a dead server: the Internet is not', (t) => {
  router({ strangers: true });
  introduce('C');
  lan(udp('C:1', 'I:53'));
  t.deepEqual(pause(3).at(-1), 'lan C | icmp 3/1 R > C about udp C:1 > I:53');
  introduce('G');
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S')), [ask('S')]);
  t.deepEqual(pause(3), [ask('S'), ask('S')]);
});

test('a dead host and a sender we do not know yet: the sender is asked for, then told', (t) => {
  router({ strangers: true });
  t.deepEqual(lan(udp('C:1', '192.168.0.10:9')), [ask('192.168.0.10')]);
  t.deepEqual(pause(2), [ask('192.168.0.10'), ask('192.168.0.10')]);
  t.deepEqual(pause(1), [ask('C')]);
  // Decided on from the start: the host is still silent.
  t.deepEqual(answers('C'), []);
  t.is(heldNow(), 0);
  t.deepEqual(lan(ping('C', 'R', 1)), ['lan C | pong R > C id 1']);
});

test('an error for a sender we do not know waits with the packet it is about', (t) => {
  router({ strangers: true });
  introduce('G');
  t.deepEqual(lan(udp('C:1', 'I:9', { ttl: 1 })), [ask('C')]);
  t.deepEqual(answers('C'), ['lan C | icmp 11/0 R > C about udp C:1 > I:9']);
});

test('a neighbour in use is asked again, at its own address, from 240 s on, and dropped at 300 s', (t) => {
  router();
  const again = 'lan S | arp who has S, tell R';
  t.deepEqual(pause(239), []);
  t.true(pause(1).includes(again));
  t.false(pause(19).includes(again));
  t.true(pause(1).includes(again));
  t.true(pause(20).includes(again));
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S')), ['lan S | tcp C:1 > S:25 S']);
  // Forgotten one a second: three are due.
  t.deepEqual(pause(22), []);
  t.false(knows('lan', 'S'));
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S')), [ask('S')]);
});

test('32 neighbours learned in one second are all refreshed in time', (t) => {
  router();
  const hosts = Array.from({ length: 32 }, (_, i) => `192.168.0.${2 + i}`);
  introduce(...hosts);
  const asked = new Set<string>();
  for (let second = 0; second < 300; second++) {
    for (const line of pause(1)) {
      const host = hosts.find((each) => line.endsWith(`who has ${nameOf(each)}, tell R`));
      if (host) {
        asked.add(host);
        answers(host);
      }
    }
  }
  t.is(asked.size, 32);
  for (const host of hosts) t.true(knows('lan', host), host);
});

/** A host as the teller calls it. */
const nameOf = (host: string) => Object.keys(cast).find((letter) => cast[letter] === host) ?? host;

test('an answer to the refresh makes it good for another 300 s, without a gap on the fast path', (t) => {
  router();
  for (let round = 0; round < 4; round++) {
    pause(240);
    for (const host of ['G', 'S', 'C']) answers(host, host === 'G' ? 'wan' : 'lan');
  }
  t.true(knows('lan', 'S') && knows('wan', 'G'));
  t.deepEqual(lan(tcp('C:1', 'S:25', 'S')), ['lan S | tcp C:1 > S:25 S']);
});

test('ages do not jump when the clock wraps', (t) => {
  router({ second: 65536 - 100 });
  t.deepEqual(pause(239), []);
  t.is(pause(1).length, 3);
  t.is(pause(62).length, 6);
  t.false(knows('lan', 'S'));
});

/** A UDP flow of a LAN host with I that has become fast. */
function settles(host: string): number {
  lan(udp(`${host}:40000`, 'I:7'));
  const port = (lastLeft[0].frame[34] << 8) | lastLeft[0].frame[35];
  wan(udp('I:7', `P:${port}`));
  lan(udp(`${host}:40000`, 'I:7'));
  return port;
}

test('when a neighbour is forgotten its flows leave the fast path, and come back by themselves', (t) => {
  router();
  pause(200);
  settles('C');
  t.true(isSettled(1));
  pause(102);
  t.false(isSettled(1));
  introduce('G');
  t.deepEqual(wan(udp('I:7', 'P:40000')), [ask('C')]);
  t.deepEqual(answers('C'), ['lan C | udp I:7 > C:40000']);
  t.true(isSettled(1));
});

test('a host that moves to another slot takes its flows along', (t) => {
  // .3 and .35 want the same slot; the second to come is put behind. Both go, and then the second comes back first.
  router();
  introduce('192.168.0.35');
  pause(200);
  const port = settles('192.168.0.35');
  // One a second is forgotten.
  pause(105);
  introduce('G', '192.168.0.35');
  t.deepEqual(wan(udp('I:7', `P:${port}`)), ['lan ..35 | udp I:7 > 192.168.0.35:40000']);
  t.true(isSettled(1));
});

test('a slot that was only set aside for a host does not shadow the host', (t) => {
  // .35 is not known when its flow is made: a slot is set aside behind .3's, without asking. Then .3's is free.
  router({ strangers: true });
  introduce('C');
  pause(299);
  introduce('G');
  lan(udp('192.168.0.35:40000', 'I:7'));
  pause(1);
  introduce('192.168.0.35');
  t.deepEqual(wan(udp('I:7', 'P:40000')), ['lan ..35 | udp I:7 > 192.168.0.35:40000']);
});

test('40 LAN hosts on 32 slots: every packet reaches its host, whatever was evicted', (t) => {
  router();
  const hosts = Array.from({ length: 40 }, (_, i) => `192.168.0.${10 + i}`);
  const ports = hosts.map((host) => {
    introduce(host);
    return settles(host);
  });
  for (let round = 0; round < 3; round++) {
    hosts.forEach((host, i) => {
      const packet = udp('I:7', `P:${ports[i]}`);
      const expected = `lan ..${10 + i} | udp I:7 > ${host}:40000`;
      const left = wan(packet);
      if (left[0] === ask(host)) t.deepEqual(answers(host), [expected]);
      else t.deepEqual(left, [expected]);
      clock[0] += i % 2;
    });
  }
});

test('errors about a flow follow its host to another slot', (t) => {
  router();
  settles('C');
  // 32 others push C out.
  clock[0]++;
  for (let i = 0; i < 32; i++) introduce(`192.168.0.${40 + i}`);
  introduce('S', 'G');
  t.false(knows('lan', 'C'));
  const error = icmpError('G', 'P', [3, 1], udp('P:40000', 'I:7'), 8);
  t.deepEqual(wan(error), [ask('C')]);
  t.deepEqual(answers('C'), ['lan C | icmp 3/1 G > C about udp C:40000 > I:7']);
});

test('many WAN hosts do not push out the gateway', (t) => {
  router();
  for (let i = 10; i < 60; i++) {
    clock[0]++;
    introduce(`12.0.0.${i}`);
  }
  t.true(knows('wan', 'G'));
  t.deepEqual(lan(udp('C:1', 'I:53')), ['wan G | udp P:1 > I:53']);
  t.is(neighbourState.subarray(1, 5).filter((state) => state).length, 4);
});

test('addresses that do not answer give way before those that do', (t) => {
  router();
  const hosts = Array.from({ length: 30 }, (_, i) => `192.168.0.${10 + i}`);
  introduce(...hosts);
  clock[0]++;
  for (let i = 0; i < 32; i++) lan(udp('C:9', `192.168.0.${100 + i}:9`));
  const known = ['S', 'C', ...hosts].filter((host) => knows('lan', host));
  t.is(known.length, 31, 'one had to go for the first of them, and no more');
});

test('a packet held for an address that has to give way is dropped, not kept for whoever comes', (t) => {
  router();
  for (let i = 10; i < 13; i++) lan(udp(`C:${i}`, `12.0.0.${i}:9`));
  t.is(heldNow(), 3);
  clock[0]++;
  lan(tcp('C:13', '12.0.0.20:9', 'S'));
  t.is(dropped(), 'drop-neighbour');
  t.is(heldNow(), 3);
});

test('both ends of a flow may be strangers: the one the packet goes to is asked for', (t) => {
  router({ strangers: true });
  introduce('G');
  const client = '192.168.0.34';
  t.deepEqual(lan(tcp(`${client}:1`, 'P:25', 'S')), [ask('S')]);
});
