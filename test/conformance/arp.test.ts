/** Section 6 of the checklist, ARP. */
import { clock, linkLan, linkWan, neighbourState, switches } from '../../firmware/layout/arena.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { knownHop } from '../../firmware/control/hops.ts';
import { lanPort, wanPort } from '../../firmware/layout/ports.ts';
import {
  type Port,
  arp,
  arrive,
  dropped,
  ethernet,
  introduce,
  lan,
  macOf,
  moved,
  pause,
  router,
  say,
  told,
  wan,
} from '../control/table.ts';
import { ping, pong, tcp, udp, word } from '../wire/packets.ts';
import { inService } from '../w5500/rig.ts';
import { mac } from '../scenes/cast.ts';
import { row } from './row.ts';

const knows = (port: Port, host: string) => knownHop(port === 'lan' ? lanPort : wanPort, word(host)) !== 0;
const answers = (host: string, mac = macOf(host)) => say('lan', arp(2, host, 'R', mac), macOf('R'));
const elsewhere = [2, 0, 0, 0, 0x66, 6];
const everyone = [255, 255, 255, 255, 255, 255];

/** Whose MAC address a packet to a LAN host leaves with. */
function macTo(host: string): number[] {
  const left = arrive('wan', ethernet(macOf('P'), macOf('G'), 0x0800, udp('I:9', 'P:5000')));
  return host === 'S' ? Array.from(left[0].frame.subarray(0, 6)) : [];
}

row(['826-algo', 'arp-grat-in'], 'an announcement changes an entry that is there and makes none', (t) => {
  router();
  say('lan', arp(1, '192.168.0.9', '192.168.0.9'));
  say('lan', arp(2, '192.168.0.9', '192.168.0.9'));
  say('lan', arp(1, '192.168.0.9', 'S'));
  t.false(knows('lan', '192.168.0.9'));
  t.deepEqual(macTo('S'), macOf('S'));
  say('lan', arp(1, 'S', 'S', elsewhere));
  t.deepEqual(macTo('S'), elsewhere);
  say('lan', arp(1, 'S', 'C'));
  t.deepEqual(macTo('S'), macOf('S'));
  // Who asks for us is remembered, then answered; who answers us unasked as well.
  t.deepEqual(say('lan', arp(1, '192.168.0.9', 'R')), ['lan ..9 | arp R is at R, for 192.168.0.9 at ..9']);
  t.true(knows('lan', '192.168.0.9'));
});

row(['826-check'], 'ARP that is not Ethernet and IPv4, or from another network, is not looked at', (t) => {
  router();
  const wrong: [what: string, at: number, bytes: number[]][] = [
    ['hardware type', 0, [0, 6]],
    ['protocol type', 2, [0x86, 0xdd]],
    ['hardware length', 4, [8]],
    ['protocol length', 5, [16]],
    ['operation 0', 6, [0, 0]],
    ['operation 3', 6, [0, 3]],
    ['operation 257', 6, [1, 1]],
    ['a sender of another network', 14, [10, 0, 0, 9]],
    ['a broadcast address as sender', 14, [192, 168, 0, 255]],
    ['a group MAC address as sender', 8, [1, 0, 94, 0, 0, 1]],
  ];
  for (const [what, at, bytes] of wrong) {
    const packet = arp(1, 'C', 'R');
    packet.set(bytes, at);
    t.deepEqual(told(arrive('lan', ethernet(everyone, macOf('C'), 0x0806, packet))), [], what);
    t.is(dropped(), 'drop-arp', what);
  }
  t.deepEqual(
    arrive('lan', ethernet(everyone, macOf('C'), 0x0806, arp(1, 'C', 'R').subarray(0, 24)).subarray(0, 38)),
    [],
  );
  t.is(dropped(), 'drop-arp');
  t.is(say('lan', arp(1, 'C', 'R')).length, 1);
});

row(['1122-2.3.2.1'], 'a neighbour that changed its MAC in silence is found again', (t) => {
  router();
  t.deepEqual(macTo('S'), macOf('S'));
  pause(239);
  introduce('G');
  t.deepEqual(macTo('S'), macOf('S'));
  // Asked at the address it had, three times, and forgotten a minute after the first.
  const asked = pause(60).filter((words) => words.includes('who has S'));
  t.deepEqual(asked, Array<string>(3).fill('lan S | arp who has S, tell R'));
  const gone = pause(3);
  introduce('G');
  t.false(gone.some((words) => words.includes('who has S')));
  t.deepEqual(wan(udp('I:9', 'P:5000')), ['lan * | arp who has S, tell R']);
  answers('S', elsewhere);
  t.deepEqual(macTo('S'), elsewhere);
});

row(
  ['1122-flood'],
  'a hundred packets to a dead host: one question, and one more in each of two seconds',
  (t) => {
    router();
    const question = 'lan * | arp who has 192.168.0.77, tell R';
    const left = Array.from({ length: 100 }, (_, i) => lan(udp(`C:${40000 + i}`, '192.168.0.77:9')));
    t.deepEqual(left.flat(), [question]);
    for (let second = 1; second < 3; second++) {
      t.deepEqual(pause(1), [question], `second ${second}`);
      t.deepEqual(lan(udp('C:40000', '192.168.0.77:9')), []);
    }
  },
);

row(['1122-2.3.2.2'], 'the newest packet waits for an answer: one for each neighbour, three in all', (t) => {
  router({ strangers: true });
  introduce('C');
  lan(ping('C', 'I', 7));
  t.deepEqual(say('wan', arp(2, 'G', 'P'), macOf('P')), ['wan G | ping P > I id 7']);
  t.deepEqual(wan(pong('I', 'P', 7)), ['lan C | pong I > C id 7']);
  // The newest of several.
  lan(udp('C:1', 'S:9'));
  lan(udp('C:2', 'S:9'));
  t.deepEqual(answers('S'), ['lan S | udp C:2 > S:9']);
  for (let i = 0; i < 5; i++) lan(udp('C:1', `192.168.0.${90 + i}:9`));
  t.is(heldNow(), 3);
});

row(['arp-fail'], 'nobody answers for 3 s: the sender hears 3/1, and for 3 s nobody is asked', (t) => {
  router();
  const question = 'lan * | arp who has 192.168.0.77, tell R';
  lan(udp('C:40000', '192.168.0.77:9'));
  t.deepEqual(pause(2), [question, question]);
  t.deepEqual(pause(1), ['lan C | icmp 3/1 R > C about udp C:40000 > 192.168.0.77:9']);
  t.is(heldNow(), 0);
  for (let i = 0; i < 2; i++) {
    t.deepEqual(lan(udp('C:40000', '192.168.0.77:9')), []);
    t.deepEqual(pause(1), []);
  }
  pause(1);
  t.deepEqual(lan(udp('C:40000', '192.168.0.77:9')), [question]);
});

row(['arp-size'], 'forty LAN hosts and a dozen on the WAN talk in turns, and the gateway stays', (t) => {
  router();
  const hosts = Array.from({ length: 40 }, (_, i) => `192.168.0.${100 + i}`);
  for (let round = 0; round < 3; round++) {
    for (const [i, host] of hosts.entries()) {
      clock[0] += i % 2;
      t.is(say('lan', arp(1, host, 'R')).length, 1);
      t.deepEqual(lan(udp(`${host}:${1000 + i}`, 'I:9')), [`wan G | udp P:${1000 + i} > I:9`], host);
      const answer = wan(udp('I:9', `P:${1000 + i}`));
      t.deepEqual(
        answer.map((words) => words.split('| ')[1]),
        [`udp I:9 > ${host}:${1000 + i}`],
        host,
      );
    }
    for (let i = 0; i < 12; i++) {
      const near = `12.0.0.${20 + i}`;
      say('wan', arp(1, near, 'P'));
      t.is(lan(udp('C:40000', `${near}:9`)).length, 1);
    }
    introduce('C');
    t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan G | udp P:40000 > I:9']);
  }
  // Those that gave way are asked for when they are needed, and found.
  t.deepEqual(wan(udp('I:9', `P:1000`)), ['lan * | arp who has 192.168.0.100, tell R']);
  t.deepEqual(
    answers(hosts[0]).map((words) => words.split('| ')[1]),
    ['udp I:9 > 192.168.0.100:1000'],
  );
});

row(['arp-both'], 'an address of one side is not learned on the other', (t) => {
  router();
  for (const operation of [1, 2]) {
    t.deepEqual(say('wan', arp(operation, 'S', 'P', elsewhere)), []);
    t.deepEqual(say('wan', arp(operation, '192.168.0.9', 'P', elsewhere)), []);
    t.deepEqual(say('lan', arp(operation, 'G', 'R', elsewhere)), []);
    t.deepEqual(say('lan', arp(operation, '12.0.0.9', 'R', elsewhere)), []);
  }
  t.is(dropped(), 'drop-arp x8');
  t.false(knows('wan', 'S') || knows('wan', '192.168.0.9') || knows('lan', 'G') || knows('lan', '12.0.0.9'));
  t.deepEqual(macTo('S'), macOf('S'));
  t.deepEqual(lan(udp('C:40000', 'I:9')), ['wan G | udp P:40000 > I:9']);
});

row(['arp-own'], 'nobody is believed to have R or P', (t) => {
  router();
  for (const operation of [1, 2]) {
    for (const [port, own] of [
      ['lan', 'R'],
      ['wan', 'P'],
    ] as const) {
      say(port, arp(operation, own, own, elsewhere));
      t.is(dropped(), 'drop-arp');
      t.false(knows(port, own));
    }
  }
  t.deepEqual(lan(ping('C', 'R', 1)), ['lan C | pong R > C id 1']);
  t.deepEqual(say('lan', arp(1, 'C', 'R')), ['lan C | arp R is at R, for C at C']);
  t.deepEqual(wan(tcp('I:44444', 'P:25', 'S')), ['lan S | tcp I:44444 > S:25 S']);
});

const announces = { lan: 'lan * | arp who has R, tell R', wan: 'wan * | arp who has P, tell P' };

row(
  ['5227-announce'],
  'both addresses are announced twice, 2 s apart, at boot and when a link comes up',
  (t) => {
    router();
    switches[linkWan] = 1;
    switches[linkLan] = 1;
    const seconds = Array.from({ length: 8 }, () => pause(1).sort());
    t.deepEqual(seconds[0], [announces.lan, announces.wan]);
    t.deepEqual(seconds[1], []);
    t.deepEqual(seconds[2], [announces.lan, announces.wan]);
    t.deepEqual(seconds.slice(3).flat(), []);
    switches[linkLan] = 0;
    t.deepEqual(pause(3), []);
    switches[linkLan] = 1;
    t.deepEqual(pause(5), [announces.lan, announces.lan]);
  },
);

row(
  ['5227-announce'],
  'through the drivers: two announcements on each side after boot, two more when a cable is back',
  async (t) => {
    const rig = await inService();
    rig.run(5_000_000);
    const own = { lan: ['192.168.0.1', mac.routerLan], wan: ['12.0.0.1', mac.routerWan] } as const;
    for (const side of ['lan', 'wan'] as const) {
      t.is(rig.announced[side].length, 2);
      for (const frame of rig.announced[side].splice(0)) {
        t.is(Buffer.from(frame.subarray(0, 12)).toString('hex'), `ffffffffffff${own[side][1]}`);
        t.is(frame.subarray(28, 32).join('.'), own[side][0]);
      }
    }
    rig.chips.lan.setLink(false);
    rig.run(3_000_000);
    rig.chips.lan.setLink(true);
    rig.run(5_000_000);
    t.deepEqual([rig.announced.lan.length, rig.announced.wan.length], [2, 0]);
  },
);

row(['5227-defend'], 'R and P are defended by one announcement in 10 s each', (t) => {
  router();
  switches[linkWan] = 1;
  switches[linkLan] = 1;
  pause(5);
  for (const [port, own] of [
    ['lan', 'R'],
    ['wan', 'P'],
  ] as const) {
    const claim = (operation: number) => say(port, arp(operation, own, own, elsewhere));
    t.deepEqual(claim(1), [announces[port]]);
    t.deepEqual(claim(2), []);
    pause(8);
    t.deepEqual(claim(1), []);
    pause(2);
    t.deepEqual(claim(2), [announces[port]]);
    // Its own announcement that comes back around some loop is no claim.
    pause(11);
    t.deepEqual(say(port, arp(1, own, own)), []);
  }
});

row(['arp-sender0'], 'a probe for R or P is answered, and nobody is learned from it', (t) => {
  router({ strangers: true });
  const probe = (target: string, host: string) => arp(1, '0.0.0.0', target, macOf(host));
  t.deepEqual(say('lan', probe('R', 'C')), ['lan C | arp R is at R, for 0.0.0.0 at C']);
  t.deepEqual(say('wan', probe('P', 'G')), ['wan G | arp P is at P, for 0.0.0.0 at G']);
  t.deepEqual(say('lan', probe('192.168.0.9', 'C')), []);
  t.false(knows('lan', '0.0.0.0') || knows('lan', 'C') || knows('wan', '0.0.0.0'));
  t.is(moved()['answered-arp'], 2);
  t.is(neighbourState[knownHop(wanPort, word('G'))], 0);
});
