/**
 * Names: queries that are forwarded and answered, those that nobody answers, and the names of the LAN, with a config that
 * switches all of it on.
 */
import assert from 'node:assert/strict';
import { answerTo, edns, query, readMessage } from '../../services/resolver.ts';
import { udp } from '../../wire/packets.ts';
import { config } from './configs.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const home = config();
const named = {
  ...home,
  lan: {
    ...home.lan,
    domain: 'home.example',
    dhcp: {
      first: '192.168.0.100',
      last: '192.168.0.199',
      hosts: [
        { name: 'nas', mac: '02:00:00:00:a8:05', address: '192.168.0.5' },
        { name: 'printer', mac: '02:00:00:00:a8:06', address: '192.168.0.6' },
      ],
    },
  },
  dns: { servers: ['198.51.100.10', '198.51.100.11', '192.168.0.2'] },
};

/** The UDP payload of the frame that left last on either side. */
class Ears {
  private frame: Uint8Array = new Uint8Array();

  constructor(readonly router: Router) {
    for (const side of ['wan', 'lan'] as const) {
      const chip = router.world[side];
      const before = chip.onTransmit;
      chip.onTransmit = (frame) => {
        this.frame = frame;
        before?.(frame);
      };
    }
  }

  get message(): Uint8Array {
    return this.frame.slice(42, 14 + ((this.frame[16] << 8) | this.frame[17]));
  }

  ask(from: string, message: Uint8Array, shape = {}): string[] {
    return this.router.lan(udp(from, 'R:53', { data: message, ...shape }));
  }
}

/** Who was asked, and from where: `P:1234` and `I`. */
function ends(words: string[]): [own: string, to: string] {
  const found = /^\w+ \S+ \| udp ([PR]:\d+) > (\S+):53$/.exec(words[0] ?? '');
  assert.ok(found, `a query leaves, not ${JSON.stringify(words)}`);
  return [found[1], found[2]];
}

const example = (id: number, type = 'A') => query('Www.Example.com', type, { id, additional: edns(1232) });

function forwarded(both: Ears): void {
  const { router } = both;
  for (const unsummed of [false, true]) {
    const [own, to] = ends(both.ask('C:40000', example(1), { unsummed }));
    assert.equal(to, 'I');
    const asked = both.message;
    assert.deepEqual(asked.subarray(2), example(1).subarray(2));
    const right = answerTo(asked, [[192, 0, 2, 1]]);
    const wrong = (at: number) => right.map((byte, i) => (i === at ? byte ^ 1 : byte));
    for (const at of [0, 2, 5, 14, 30]) {
      if (at === 2) router.wan(udp('I:53', own, { data: asked }));
      else router.wan(udp('I:53', own, { data: wrong(at) }));
    }
    router.wan(udp('J:53', own, { data: right }));
    router.counts(...Array<string>(6).fill('drop-datagram'));
    router.wan(udp('I:54', own, { data: right }));
    router.counts('drop-no-forward');
    assert.deepEqual(router.wan(udp('I:53', own, { data: right, unsummed })), ['lan C | udp R:53 > C:40000']);
    assert.deepEqual(both.message, answerTo(example(1), [[192, 0, 2, 1]]));
  }
  // Every length of a question, so that its last bytes fill a word or do not.
  for (let i = 1; i < 6; i++) {
    const [own] = ends(both.ask('C:40000', query(`${'x'.repeat(i)}.example`, 'TXT', { id: 0xff00 + i })));
    router.wan(udp('I:53', own, { data: answerTo(both.message, [[3, 97, 98, 99]]) }));
    assert.equal(readMessage(both.message).id, 0xff00 + i);
  }
  router.counts();
}

function refused(both: Ears): void {
  const { router } = both;
  const wrong = [
    answerTo(example(1), []),
    example(1).subarray(0, 20),
    Uint8Array.from([...example(1).subarray(0, 12), 0xc0, 12, 0, 1, 0, 1]),
    query(Array(128).fill('a').join('.')),
  ];
  for (const message of wrong) assert.deepEqual(both.ask('C:40000', message), []);
  both.ask('C:0', example(1));
  both.ask('C:1', example(1), { options: [1, 1, 1, 1] });
  both.ask('C:1', example(1), { fragment: 0x2000 });
  router.counts(...Array<string>(6).fill('drop-datagram'), 'drop-fragment');
  assert.match(router.lan(udp('S:53', 'R:9999'))[0], /icmp 3\/3 R > S/);
  router.counts('drop-refused');
}

function unanswered(both: Ears): void {
  const { router } = both;
  const tried: string[] = [];
  for (let i = 0; i < 4; i++) {
    tried.push(ends(both.ask('C:40001', example(2)))[1]);
    router.leap(1);
  }
  assert.deepEqual(tried, ['I', 'J', 'S', 'I']);
  // All slots, and one more.
  for (let i = 0; i < 17; i++) ends(both.ask(`C:${41000 + i}`, example(i)));
  router.pass(6);
  assert.equal(ends(both.ask('C:40002', example(3)))[1], 'J', 'I is behind');
  const [own] = ends(both.ask('S:40002', example(3)));
  router.wan(udp('J:53', own, { data: answerTo(both.message, []) }));
  router.pass(62);
  router.counts();
  const [again, to] = ends(both.ask('C:40003', example(4)));
  assert.equal(to, 'I');
  router.wan(udp('I:53', again, { data: answerTo(both.message, []) }));
  for (let i = 0; i < 6; i++) both.ask('C:40004', example(5));
  router.pass(6);
  router.counts();
}

/** From a resolver on the LAN, which is a client too. */
function onTheLan(both: Ears): void {
  const { router } = both;
  both.ask('C:40005', example(6));
  both.ask('C:40005', example(6));
  const [own, to] = ends(both.ask('C:40005', example(6)));
  assert.equal(to, 'S');
  assert.deepEqual(router.lan(udp('S:53', own, { data: answerTo(both.message, []) })), [
    'lan C | udp R:53 > C:40005',
  ]);
  both.ask('S:40005', example(6));
  both.ask('S:40005', example(6));
  assert.equal(ends(both.ask('S:40005', example(6)))[1], 'I');
}

function ofTheLan(both: Ears): void {
  const answers = (name: string, type = 'A') => {
    assert.deepEqual(both.ask('C:40000', query(name, type)), ['lan C | udp R:53 > C:40000'], name);
    const { code, answers } = readMessage(both.message);
    return [code, ...answers.map(({ data }) => data.join('.'))].join(' ');
  };
  assert.equal(answers('nas'), '0 192.168.0.5');
  assert.equal(answers('NAS.Home.example'), '0 192.168.0.5');
  assert.equal(answers('printer.home.example', 'ANY'), '0 192.168.0.6');
  assert.equal(answers('hairpin'), '0 192.168.0.1');
  assert.equal(answers('nas', 'AAAA'), '0');
  assert.equal(answers('home.example', 'NS'), '0');
  assert.equal(answers('nobody.home.example'), '3');
  assert.equal(answers('x.nas.home.example'), '3');
  assert.ok(answers('5.0.168.192.in-addr.arpa', 'PTR').startsWith('0 3.110.97.115.4.'));
  assert.ok(answers('1.0.168.192.in-addr.arpa', 'PTR').startsWith('0 7.'));
  assert.equal(answers('77.0.168.192.in-addr.arpa', 'PTR'), '3');
  for (const name of ['com', '.', 'nas.example', '5.1.168.192.in-addr.arpa', '300.0.168.192.in-addr.arpa'])
    ends(both.ask('C:40000', query(name, 'PTR')));
  ends(both.ask('C:40000', query('a.0.168.192.in-addr.arpa', 'PTR')));
  ends(both.ask('C:40000', query('4.0.168.192.in-addr.com.arpa', 'PTR')));
  ends(both.ask('C:40000', query('4.0.168.192.ip6.arpa', 'PTR')));
  ends(both.ask('C:40000', query('hom.example')));
  ends(both.ask('C:40000', query('nas', 'TXT', { class: 3 })));
  const damaged = udp('C:40000', 'R:53', { data: query('nas') });
  damaged[28] ^= 1;
  assert.deepEqual(both.router.lan(damaged), []);
  both.router.counts('drop-datagram');
}

/** Nobody is known yet: queries and answers wait for ARP, and a resolver without an answer to it is silent. */
function amongStrangers(both: Ears): void {
  const { router } = both;
  assert.deepEqual(both.ask('S:40000', query('hairpin')), ['lan * | arp who has S, tell R']);
  router.arp('lan', 'C', 'R');
  assert.deepEqual(both.ask('C:40000', example(1)), ['wan * | arp who has G, tell P']);
  router.pass(4);
  for (let i = 0; i < 2; i++) assert.deepEqual(both.ask('C:40000', example(2)), []);
  router.pass(4);
  const left = router.arp('wan', 'G', 'P');
  assert.equal(left.length, 1);
  const [first] = ends(both.ask('C:40000', example(3)));
  router.leap(1);
  assert.deepEqual(ends(both.ask('C:40000', example(3))), [first, 'I'], 'again as before');
  const [second] = ends(both.ask('192.168.0.9:40000', example(4)));
  assert.deepEqual(router.wan(udp('I:53', second, { data: answerTo(both.message, []) })), [
    'lan * | arp who has 192.168.0.9, tell R',
  ]);
  assert.match(router.arp('lan', '192.168.0.9', 'R')[1], /udp R:53 > 192\.168\.0\.9:40000/);
}

export const names: Subject = {
  title: 'names',
  play(stage) {
    const both = new Ears(stage.router({ config: JSON.stringify(named) }));
    forwarded(both);
    refused(both);
    unanswered(both);
    onTheLan(both);
    ofTheLan(both);
    const one = { ...config(), dns: { servers: ['198.51.100.10'] } };
    amongStrangers(new Ears(stage.boot({ config: JSON.stringify(one) })));
    // Nobody to ask: a failure at once.
    const alone = new Ears(stage.router({ config: JSON.stringify({ ...config({ mtu: 600 }), dns: {} }) }));
    assert.deepEqual(alone.ask('C:40000', example(1)), ['lan C | udp R:53 > C:40000']);
    assert.equal(readMessage(alone.message).code, 2);
    assert.deepEqual(alone.ask('192.168.0.9:40000', example(1)), ['lan * | arp who has 192.168.0.9, tell R']);
    alone.ask('C:40000', query('x', 'TXT', { additional: Array<number>(600).fill(0) }));
    alone.router.counts('drop-too-big');
  },
};
