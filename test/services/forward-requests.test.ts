/**
 * Forwards that come and go while the router runs: what they do to flows, mappings and the stored config.
 */
import test from 'ava';
import './stub-version.ts';
import { board, files } from './stub-board.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { describeConfig } from '../../firmware/config/validate.ts';
import { chooseConfig } from '../../firmware/services/chosen-config.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { tcp, udp } from '../wire/packets.ts';
import { lan, router, wan } from '../control/table.ts';
import type { Wish } from '../control/table.ts';

const realm = makeRealm();

function start(wish: Wish = {}): void {
  board.storage = new Storage(realm, { 'config.json': describeConfig(router(wish)) });
  chooseConfig();
  openSeam(
    '',
    () => 0,
    () => {},
    () => {},
  );
}

type Answer = Record<string, unknown> & { ok: boolean; error: string };
const ask = (line: string) => JSON.parse(answer(line)) as Answer;
const names = () => (ask('forwards').forwards as { name: string; flows: number }[]).map(({ name }) => name);

test('forward add: in force for the next packet, stored, and shown', (t) => {
  start();
  t.deepEqual(wan(tcp('I:1', 'P:2222', 'S')), []);
  t.deepEqual(ask('forward add ssh tcp 2222 192.168.0.2:22 from 198.51.100.0/24 hairpin lan'), {
    ok: true,
    forward: 'ssh',
    forwards: 6,
    restart: false,
    warnings: [],
  } as unknown as Answer);
  t.deepEqual(wan(tcp('I:1', 'P:2222', 'S')), ['lan S | tcp I:1 > S:22 S']);
  t.deepEqual(lan(tcp('C:7', 'P:2222', 'S')), ['lan S | tcp R:7 > S:22 S']);
  t.deepEqual(names(), ['smtp', 'web', 'echo', 'games', 'friends', 'ssh']);
  t.regex(files['config.a'], /"name":"ssh"/);
  const running = ask('config').config;
  router();
  const chosen = chooseConfig();
  t.deepEqual(JSON.parse(chosen.text) as unknown, running);
});

test('forward remove: its flows end and nobody else comes in; other rules keep theirs, though they move up', (t) => {
  start();
  wan(tcp('I:1', 'P:25', 'S'));
  lan(tcp('S:25', 'I:1', 'SA'));
  wan(tcp('I:2', 'P:8080', 'S'));
  lan(tcp('S:80', 'I:2', 'SA'));
  wan(udp('I:3', 'P:5000'));
  t.is(flowsInUse, 3);
  t.true(ask('forward remove smtp').ok);
  t.is(flowsInUse, 2);
  t.deepEqual(wan(tcp('I:9', 'P:25', 'S')), []);
  t.deepEqual(wan(tcp('I:2', 'P:8080', 'A')), ['lan S | tcp I:2 > S:80 A']);
  t.deepEqual(lan(udp('S:5000', 'I:3')), ['wan G | udp P:5000 > I:3']);
  t.deepEqual(wan(udp('I:4', 'P:5000')), ['lan S | udp I:4 > S:5000']);
  t.deepEqual(ask('forwards').forwards, [
    { name: 'web', flows: 1 },
    { name: 'echo', flows: 2 },
    { name: 'games', flows: 0 },
    { name: 'friends', flows: 0 },
  ]);
  for (const name of names()) t.true(ask(`forward remove ${name}`).ok);
  t.is(flowsInUse, 0);
  t.is(endpointsInUse, 0);
  t.deepEqual(names(), []);
});

test('a port that a mapping has already: the LAN host goes on, strangers go to the rule, and nothing is left in the end', (t) => {
  start({ filter: 'endpoint-independent' });
  lan(udp('C:9000', 'I:53'));
  t.deepEqual(wan(udp('J:4', 'P:9000')), ['lan C | udp J:4 > C:9000'], 'through the mapping');
  t.is(flowsInUse, 2);
  t.true(ask('forward add game udp 9000 192.168.0.2').ok);
  t.is(flowsInUse, 1, 'what came in through the mapping has ended');
  t.deepEqual(wan(udp('I:53', 'P:9000')), ['lan C | udp I:53 > C:9000'], 'the answer');
  t.deepEqual(wan(udp('J:4', 'P:9000')), ['lan S | udp J:4 > S:9000']);
  t.deepEqual(lan(udp('C:9000', 'I:53')), ['wan G | udp P:9000 > I:53'], 'the mapping lives');
  t.true(ask('forward remove game').ok);
  t.is(flowsInUse, 1);
  t.deepEqual(wan(udp('J:4', 'P:9000')), ['lan C | udp J:4 > C:9000'], 'as before');
  t.is(endpointsInUse, 1);
});

test('mistakes: what is wrong and what is known; nothing changes', (t) => {
  start();
  const before = answer('config');
  for (const [line, sentence] of [
    ['forward', /^forward: expected "forward add NAME/],
    ['forward add x tcp 1', /^forward: expected "forward add NAME/],
    ['forward remove', /^forward: expected/],
    ['forward remove ftp', /^forward remove: no forward is named "ftp". Known: smtp, web/],
    ['forward add web tcp 1 192.168.0.2', /there is a forward named "web" already/],
    [
      'forward add x tcp 1 192.168.0.2 via y',
      /expected "from SUBNET" or "hairpin MODE" behind 192\.168\.0\.2/,
    ],
    ['forward add x tcp 1 192.168.0.2 from', /expected "from SUBNET"/],
    [
      'forward add x tcp 8080 192.168.0.2',
      /^forward add: forwards\[5\]\.port: expected ports that no other forward has, but "x" and "web"/,
    ],
    ['forward add x icmp 1 192.168.0.2', /^forward add: forwards\[5\]\.proto: expected/],
    ['forward add x tcp 01 192.168.0.2', /forwards\[5\]\.port: expected a port/],
    ['forward add x tcp 1 10.0.0.1', /forwards\[5\]\.to: expected an address on the LAN/],
    ['forward add x" tcp 1 192.168.0.2', /./],
    ['forward add x tcp 1 192.168.0.2]}', /./],
    ['set wan.mtu 12', /^set: wan\.mtu: expected a number of bytes/],
    ['set wan.mtu "', /./],
    ['set nat.hairpinDynamic 7', /^set: nat\.hairpinDynamic: expected/],
    ['set nat.timeouts.udp 5', /RFC 4787/],
    ['set nat.colour red', /^set: expected .* keys wan\.address/],
    ['set dmz', /^set: expected one value behind dmz/],
    ['set dmz 192.168.0.9 x', /^set: expected one value behind dmz/],
  ] as const) {
    const { ok, error } = ask(line);
    t.false(ok, line);
    t.regex(error, sentence, line);
    t.is(answer('config'), before, line);
  }
});

test('set: nat takes effect at once, addresses at the next start', (t) => {
  start();
  t.deepEqual(ask('set nat.hairpinDynamic false'), {
    ok: true,
    set: 'nat.hairpinDynamic',
    value: false,
    restart: false,
  } as unknown as Answer);
  t.like(ask('config').config, { nat: { hairpinDynamic: false } });
  t.true(ask('set nat.timeouts.udp 555').ok);
  t.like(ask('config').config, { nat: { hairpinDynamic: false, timeouts: { udp: 555 } } });
  t.is(ask('set wan.address 12.0.0.9/24').restart, true);
  t.like(ask('config').config, { wan: { address: '12.0.0.1/24' } });
  t.is(
    ask('forward add late tcp 2222 192.168.0.2').restart,
    true,
    'for the addresses that come with the restart',
  );
  t.like(JSON.parse(chooseConfig().text), {
    wan: { address: '12.0.0.9/24' },
    nat: { timeouts: { udp: 555 } },
  });
});

test('forwards that wait for the addresses of the next start are no rules yet, and stay out of their way', (t) => {
  start();
  t.true(ask('set wan.address 12.0.0.9/24').ok);
  t.true(ask('forward add late tcp 2222 192.168.0.2').ok);
  t.deepEqual(names(), ['smtp', 'web', 'echo', 'games', 'friends'], 'in force');
  t.true(ask('set forward late hairpin none').ok);
  t.true(ask('set wan.address 12.0.0.1/24').ok);
  t.is(ask('forward add later tcp 3333 192.168.0.2').restart, true, 'behind one that waits');
  t.true(ask('forward remove late').ok);
  t.deepEqual(names(), ['smtp', 'web', 'echo', 'games', 'friends'], 'nobody else went');
  t.deepEqual(wan(tcp('I:1', 'P:25', 'S')), ['lan S | tcp I:1 > S:25 S']);
  t.true(ask('forward remove smtp').ok);
  t.deepEqual(names(), ['web', 'echo', 'games', 'friends']);
  t.deepEqual(wan(tcp('I:2', 'P:8080', 'S')), ['lan S | tcp I:2 > S:80 S']);
});

test('the watchdog is kept quiet while a config is checked, which takes a board longer than it waits', (t) => {
  start();
  const chip = (globalThis as unknown as { E: { kickWatchdog?: () => void } }).E;
  let kicks = 0;
  chip.kickWatchdog = () => kicks++;
  t.teardown(() => delete chip.kickWatchdog);
  t.true(ask('set nat.timeouts.udp 555').ok);
  t.true(kicks > 100, `${kicks} times`);
});

test('set forward: saved when the config is a stored one, not when it is a plain file; the answer says which', (t) => {
  start();
  t.like(ask('set forward smtp hairpin none'), { ok: true, saved: false });
  t.falsy(files['config.a']);
  t.true(ask('set nat.timeouts.udp 555').ok);
  t.like(ask('set forward web hairpin none'), { ok: true, saved: true });
  const modes = (JSON.parse(chooseConfig().text) as { forwards: { hairpin: string }[] }).forwards;
  t.deepEqual(modes.map(({ hairpin }) => hairpin).slice(0, 2), ['external', 'none']);
});
