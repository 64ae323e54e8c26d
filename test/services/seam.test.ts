/**
 * The seam: every request, its answer and its errors. One line in, one JSON line out, whatever the line.
 */
import test from 'ava';
import './stub-version.ts';
import { files } from './stub-board.ts';
import { describeConfig } from '../../firmware/config/validate.ts';
import { chooseConfig } from '../../firmware/services/chosen-config.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { counterNames } from '../../firmware/layout/reasons.ts';
import { chipLan, chipWan, flowCount, linkWan, switches } from '../../firmware/layout/arena.ts';
import { tcp, udp } from '../wire/packets.ts';
import { arp, lan, pause, router, say, wan } from '../control/table.ts';
import type { Wish } from '../control/table.ts';

/** What the router's loop was told about the trace, and how often it was asked for the frames it has counted. */
let switched: boolean[] = [];
let countings = 0;

/** Starts a router with its seam. */
function seam(wish: Wish = {}): void {
  switched = [];
  files['config.json'] = describeConfig(router(wish));
  chooseConfig();
  openSeam(
    '',
    () => 42,
    (on) => switched.push(on),
    () => countings++,
  );
}

type Answer = Record<string, unknown> & { ok: boolean; error: string };

/** A request. The answer must be one line of ASCII. */
function ask(line: string): Answer {
  const text = answer(line);
  if (!/^[ -~]+$/.test(text)) throw new Error(`not a line of ASCII: ${text}`);
  return JSON.parse(text) as Answer;
}

test('version and status', (t) => {
  seam();
  t.deepEqual(ask('version'), { ok: true, version: '1.2.3' } as unknown as Answer);
  lan(tcp('C:1', 'I:80', 'S'));
  lan(udp('C:1', '192.168.0.9:9'));
  lan(udp('C:1', 'P:5000'));
  switches[chipWan] = 1;
  switches[linkWan] = 1;
  switches[chipLan] = 2;
  t.deepEqual(ask('status'), {
    ok: true,
    version: '1.2.3',
    uptime: 42,
    wan: { address: '12.0.0.1', chip: true, link: true },
    lan: { address: '192.168.0.1', chip: false, link: false },
    flows: 2,
    endpoints: 2,
    held: 1,
  } as unknown as Answer);
});

test('counters: all of them by name', (t) => {
  seam();
  wan(tcp('I:1', 'P:26', 'S'));
  const before = countings;
  const { counters } = ask('counters') as unknown as { counters: Record<string, number> };
  t.deepEqual(
    Object.keys(counters),
    counterNames.filter((name) => name),
  );
  t.is(countings, before + 1, 'frames the loop has counted are added first');
  t.is(counters['drop-no-forward'], 1);
  t.is(counters['drop-martian'], 0);
});

test('flows: both tuples, state and idle seconds', (t) => {
  seam();
  lan(tcp('C:33333', 'P:25', 'S'));
  lan(tcp('S:25', 'P:33333', 'SA'));
  lan(udp('C:40000', 'I:53'));
  pause(3);
  t.deepEqual(ask('flows'), {
    ok: true,
    flows: [
      {
        proto: 'tcp',
        original: '192.168.0.3:33333>12.0.0.1:25',
        reply: '192.168.0.2:25>12.0.0.1:33333',
        state: 'established',
        settled: true,
        idle: 3,
      },
      {
        proto: 'udp',
        original: '192.168.0.3:40000>198.51.100.10:53',
        reply: '198.51.100.10:53>12.0.0.1:40000',
        state: 'one-way',
        settled: false,
        idle: 3,
      },
    ],
    next: null,
  } as unknown as Answer);
});

test('flows in pages: each once, whatever the table holds', (t) => {
  seam();
  for (let port = 2000; port < 2200; port++) lan(tcp(`C:${port}`, 'I:80', 'S'));
  const seen: string[] = [];
  let from: number | null = 1;
  let pages = 0;
  while (from !== null) {
    const page = ask(`flows ${from}`) as unknown as { flows: { original: string }[]; next: number | null };
    t.true(page.flows.length <= 8);
    seen.push(...page.flows.map(({ original }) => original));
    from = page.next;
    pages++;
  }
  t.is(new Set(seen).size, 200);
  t.is(seen.length, 200);
  t.true(pages <= 26);
});

test('flows: slots that are none are refused', (t) => {
  seam();
  for (const slot of ['0', '-1', `${flowCount + 1}`, 'x', '1.5', 'NaN', 'Infinity', '1e99']) {
    t.deepEqual(
      ask(`flows ${slot}`),
      { ok: false, error: `flows: expected a slot from 1 to ${flowCount}.` } as unknown as Answer,
      slot,
    );
  }
  t.true(ask(`flows ${flowCount}`).ok);
});

test('neighbours: those that are known or asked for, with what they owe', (t) => {
  seam();
  lan(udp('C:1', '192.168.0.9:9'));
  pause(1);
  say('lan', arp(1, 'S', 'R'));
  const { neighbours } = ask('neighbours') as unknown as { neighbours: Record<string, unknown>[] };
  t.deepEqual(
    neighbours.sort((a, b) => (`${a.address}` < `${b.address}` ? -1 : 1)),
    [
      { side: 'wan', address: '12.0.0.254', mac: '02:00:00:00:0c:fe', state: 'reachable', age: 1, tries: 0 },
      { side: 'lan', address: '192.168.0.2', mac: '02:00:00:00:a8:02', state: 'reachable', age: 0, tries: 0 },
      { side: 'lan', address: '192.168.0.3', mac: '02:00:00:00:a8:03', state: 'reachable', age: 1, tries: 0 },
      { side: 'lan', address: '192.168.0.9', mac: 'ff:ff:ff:ff:ff:ff', state: 'asking', age: 0, tries: 2 },
    ],
  );
});

test('config: the text it would be read from again, with changes made since', (t) => {
  seam();
  ask('set forward web hairpin lan');
  const { config } = ask('config') as unknown as {
    config: { forwards: { name: string; hairpin: string }[] };
  };
  t.deepEqual(
    config.forwards.map(({ name, hairpin }) => `${name} ${hairpin}`),
    ['smtp external', 'web lan', 'echo external', 'games external', 'friends external'],
  );
});

test('config: what was read, every value of it, out of the tables', (t) => {
  const wishes: Wish[] = [
    {},
    { hairpin: 'dnat-only', mtu: 1400, hairpinDynamic: false },
    { timeouts: { udp: 400, tcpEstablished: 8000, tcpTransitory: 250, icmp: 70 }, forwards: [] },
    {
      forwards: [
        { name: 'name', proto: 'udp', port: '60000-60001', to: '192.168.0.9:65000', from: '0.0.0.0/1' },
        { name: 'b', proto: 'both', port: 65535, to: '192.168.0.2', from: '198.51.100.0/24' },
      ],
    },
  ];
  for (const wish of wishes) {
    seam(wish);
    t.is(answer('config'), `{"ok":true,"config":${files['config.json']}}`);
  }
});

test('config: names are found in a file however its blanks are', (t) => {
  seam({ forwards: [{ name: 'name', proto: 'tcp', port: 1, to: '192.168.0.2' }] });
  const asked = answer('config');
  for (const blanks of ['\n', ' \t', '\r\n  ']) {
    files['config.json'] = files['config.json'].replace(/[{}[\]:,]/g, (sign) => blanks + sign + blanks);
    // Only names and the checksum are read again, so that addresses may be torn here.
    chooseConfig();
    t.is(answer('config'), asked);
    t.true(ask('set forward name hairpin external').ok);
  }
});

test('a config file that was changed meanwhile: the answers that need it say so', (t) => {
  seam();
  const error =
    'The file config.json was changed since the router started. Restart it to run what is there now.';
  for (const text of [files['config.json'].replace('smtp', 'mail'), undefined]) {
    files['config.json'] = text as string;
    t.deepEqual(ask('config'), { ok: false, error } as unknown as Answer);
    t.deepEqual(ask('set forward smtp hairpin lan'), { ok: false, error } as unknown as Answer);
    t.true(ask('status').ok);
  }
});

test('trace: on, read, off', (t) => {
  seam();
  t.deepEqual(ask('trace on'), { ok: true, trace: 'on' } as unknown as Answer);
  wan(tcp('I:1', 'P:26', 'S'));
  const { trace } = ask('trace read') as unknown as { trace: Record<string, unknown>[] };
  t.is(trace.length, 1);
  t.like(trace[0], {
    ingress: 'wan',
    protocol: 6,
    reason: 'drop-no-forward',
    received: '198.51.100.10:1>12.0.0.1:26',
  });
  t.deepEqual(ask('trace off'), { ok: true, trace: 'off' } as unknown as Answer);
  wan(tcp('I:2', 'P:26', 'S'));
  t.is((ask('trace read') as unknown as { trace: unknown[] }).trace.length, 1);
  t.deepEqual(switched, [true, false]);
  for (const line of ['trace', 'trace maybe', 'trace ON']) {
    t.deepEqual(ask(line), { ok: false, error: 'trace: expected on, off or read.' } as unknown as Answer);
  }
});

test('trace read goes on where the reader was, and says what it missed', (t) => {
  seam();
  const read = (from: string) =>
    ask(`trace read ${from}`) as unknown as { trace: { received: string }[]; first: number; next: number };
  const ports = (from: string) => read(from).trace.map(({ received }) => received.split(/[:>]/)[1]);
  ask('trace on');
  t.like(read('0'), { trace: [], first: 0, next: 0 });
  for (let port = 1; port <= 3; port++) wan(tcp(`I:${port}`, 'P:26', 'S'));
  t.deepEqual(ports('0'), ['1', '2', '3']);
  t.deepEqual(ports('2'), ['3']);
  t.like(read('2'), { first: 2, next: 3 });
  t.like(read('3'), { trace: [], first: 3, next: 3 });
  for (let port = 4; port <= 50; port++) wan(tcp(`I:${port}`, 'P:26', 'S'));
  t.like(read('3'), { first: 50 - 32, next: 50 });
  t.is(ports('3').length, 32);
  t.deepEqual(ports('49'), ['50']);
  for (const from of ['', 'x', '-1', '1e9 '])
    t.true(ask(`trace read ${from}`).ok, 'no number of an entry is a mistake');
  ask('trace on');
  t.like(read('50'), { trace: [], next: 0 }, 'switched on again: it begins anew');
  ask('trace off');
});

test('set forward: the mode holds for the next packet, also of a flow that lives', (t) => {
  seam();
  lan(tcp('C:1', 'P:25', 'S'));
  for (const [mode, expected] of [
    ['lan', 'lan S | tcp R:1 > S:25 S'],
    ['dnat-only', 'lan S | tcp C:1 > S:25 S'],
    ['none', 'lan C | tcp P:25 > C:1 RA'],
    ['external', 'lan S | tcp P:1 > S:25 S'],
  ]) {
    t.deepEqual(ask(`set forward smtp hairpin ${mode}`), {
      ok: true,
      forward: 'smtp',
      hairpin: mode,
      saved: false,
    } as unknown as Answer);
    t.deepEqual(lan(tcp('C:1', 'P:25', 'S')), [expected]);
  }
});

test('set: mistakes are named with what is known', (t) => {
  seam();
  for (const line of [
    'set',
    'set forward',
    'set forward smtp',
    'set forward smtp mode lan',
    'set nat smtp hairpin lan',
  ]) {
    t.regex(ask(line).error, /^set: expected "set forward NAME hairpin MODE"/, line);
  }
  t.is(
    ask('set forward mail hairpin lan').error,
    'set: no forward is named "mail". Known: smtp, web, echo, games, friends.',
  );
  t.is(
    ask('set forward smtp hairpin both').error,
    'set: expected one of external, lan, dnat-only, none, but got "both".',
  );
  t.regex(ask('set forward smtp hairpin').error, /expected one of external, lan, dnat-only, none/);
});

test('anything else is an unknown request, names of JavaScript included', (t) => {
  seam();
  for (const line of [
    '',
    ' ',
    'x',
    'STATUS',
    'toString',
    'constructor',
    'hasOwnProperty',
    '__proto__',
    'valueOf x',
    '{"a":1}',
    '"',
  ]) {
    const { ok, error } = ask(line);
    t.false(ok, line);
    t.regex(error, /^Unknown request ".*"\. Known: status, counters, flows, /, line);
  }
});

test('a router that does not run says why, and still answers the rest', (t) => {
  router();
  openSeam(
    'There is no config.json in Storage.',
    () => 0,
    () => {},
    () => {},
  );
  const reason = 'The router is not running. There is no config.json in Storage.';
  t.is(ask('status').error, reason);
  t.is(ask('config').error, reason);
  t.is(ask('set forward smtp hairpin lan').error, reason);
  for (const line of ['version', 'counters', 'flows', 'neighbours', 'trace read']) t.true(ask(line).ok, line);
});
