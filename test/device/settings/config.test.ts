/*
 * `hairpin config` and `hairpin forward` against the real firmware on a soft board: what is read, written, refused, and
 * what happens when the line fails.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { runCheck } from '../../../host-tools/device/settings/check.ts';
import { runDiff, runGet, runPull, runPush, runSet } from '../../../host-tools/device/settings/config.ts';
import { runForwardRemove } from '../../../host-tools/device/settings/forward.ts';
import { piecesOf } from '../../../host-tools/device/settings/stored.ts';
import { configText } from '../../scenes/cast.ts';
import { softRouter } from '../console/soft-router.ts';

import { home, homeText, json, refused, run, text } from './one-command.ts';

test.serial('get: all of it, a key, a forward, and a key that is none', async (t) => {
  const soft = await softRouter();
  const get = (key: string | undefined, options = text) => run(soft, (edges) => runGet(key, options, edges));
  t.like(JSON.parse((await get(undefined)).out), { wan: { address: '12.0.0.1/24', mtu: 1500 } });
  t.is((await get('wan.address')).out, '12.0.0.1/24');
  t.is((await get('nat.hairpinDynamic')).out, 'true');
  t.is((await get('forwards.smtp.to')).out, '192.168.0.2:25');
  t.deepEqual(JSON.parse((await get('wan.mtu', json)).out), {
    schema: 'hairpin.config-get/1',
    key: 'wan.mtu',
    value: 1500,
  });
  for (const key of ['wan.nothing', 'toString', 'forwards.nobody', 'wan.address.length', ''])
    await refused(
      t,
      get(key).then(({ exitCode }) => exitCode),
      /has no .*; hairpin config get shows/,
      1,
    );
});

test.serial('set: from now on, with a restart, without one, and refused', async (t) => {
  const soft = await softRouter();
  const set = (key: string, value: string, options = text) =>
    run(soft, (edges) => runSet(key, value, options, edges));
  t.deepEqual(await set('nat.hairpinDynamic', 'false'), {
    exitCode: 0,
    out: 'nat.hairpinDynamic is false, from now on.',
    remarks: [],
  });
  t.is(soft.world.board.restarts.length, 0);
  const restarted = await set('wan.mtu', '1400');
  t.is(restarted.exitCode, 0);
  t.regex(restarted.out, /^wan\.mtu is 1400; the router was restarted for it\.\nHairpin \d/);
  t.is(soft.world.board.restarts.length, 1);
  t.is((await run(soft, (edges) => runGet('wan.mtu', text, edges))).out, '1400');
  t.is(
    (await set('wan.mtu', '1300', { json: false, restart: false })).out,
    'wan.mtu is 1300.\nIt takes effect at the next start of the router.',
  );
  t.deepEqual(JSON.parse((await set('forwards.smtp.hairpin', 'lan', json)).out), {
    schema: 'hairpin.config-set/1',
    key: 'forwards.smtp.hairpin',
    value: 'lan',
    saved: true,
    restarted: false,
    restartDue: false,
    problems: [],
  });
  const code = async (key: string, value: string) => (await set(key, value)).exitCode;
  await refused(t, code('wan.mtu', '9000'), /wan\.mtu: expected a number of bytes from 576 to 1500/);
  await refused(t, code('wan.colour', 'red'), /^set: expected .* one of the keys wan\.address/);
  await refused(t, code('wan.address', 'two words'), /without blanks, but got 'two words'/);
  await refused(t, code('forwards.nobody.hairpin', 'lan'), /no forward is named "nobody"/);
});

test.serial(
  "set: a forward's mode with a plain config.json is said to last until the next start only",
  async (t) => {
    const soft = await softRouter();
    const set = (options: typeof text) =>
      run(soft, (edges) => runSet('forwards.smtp.hairpin', 'lan', options, edges));
    t.regex(
      (await set(text)).out,
      /^forwards\.smtp\.hairpin is lan, until the next start only: .*config push/,
    );
    t.like(JSON.parse((await set(json)).out), { saved: false, restartDue: false });
  },
);

test.serial(
  'a router that never had a configuration: push starts it, and changes before that are a no',
  async (t) => {
    const soft = await softRouter({ config: null });
    const no = (command: Promise<unknown>) =>
      refused(t, command as Promise<number>, /^The router is not running\. There is no config\.json/, 1);
    await no(run(soft, (edges) => runSet('wan.mtu', '1492', text, edges)));
    await no(run(soft, (edges) => runForwardRemove('smtp', { json: false }, edges)));
    const pushed = await run(soft, (edges) => runPush(home(t), text, edges));
    t.is(pushed.exitCode, 0);
    t.regex(pushed.out, /Hairpin \d/);
  },
);

test.serial('diff: what a file means, key by key', async (t) => {
  const soft = await softRouter();
  const same = home(t, JSON.stringify(JSON.parse(configText('external')), null, 4));
  const equal = await run(soft, (edges) => runDiff(same, text, edges));
  t.deepEqual([equal.exitCode, equal.out], [0, `The router has what ${same} says.`]);
  const config = JSON.parse(configText('lan')) as {
    forwards: { name: string }[];
    dmz?: string;
    nat?: object;
  };
  config.forwards[1].name = 'other';
  config.dmz = '192.168.0.9';
  config.nat = { hairpinDynamic: false };
  const differs = home(t, JSON.stringify(config));
  const found = await run(soft, (edges) => runDiff(differs, text, edges));
  t.is(found.exitCode, 1);
  t.regex(found.out, /^key +on the router +in .*home\.json\nnat\.hairpinDynamic +true +false\n/);
  t.regex(found.out, /\nforwards\.smtp\.hairpin +external +lan\n/);
  t.regex(found.out, /\nforwards\.echo\.port +5000 +-\n/);
  const told = await run(soft, (edges) => runDiff(differs, json, edges));
  t.is(told.exitCode, 1);
  const { schema, differences } = JSON.parse(told.out) as { schema: string; differences: { key: string }[] };
  t.is(schema, 'hairpin.config-diff/1');
  t.deepEqual(differences.find(({ key }) => key === 'dmz') as object, {
    key: 'dmz',
    router: null,
    file: '192.168.0.9',
  });
});

test.serial(
  'diff: what the LAN is served, hosts by their names, and a list without names as one value',
  async (t) => {
    const soft = await softRouter();
    const file = home(t, readFileSync('hairpin.home.json', 'utf8'));
    const { out } = await run(soft, (edges) => runDiff(file, text, edges));
    t.regex(out, /\nwan\.address +12\.0\.0\.1\/24 +dhcp\n/);
    t.regex(out, /\nwan\.gateway +12\.0\.0\.254 +-\n/);
    t.regex(out, /\nlan\.dhcp\.first +- +192\.168\.0\.100\n/);
    t.regex(out, /\nlan\.dhcp\.hosts\.nas\.address +- +192\.168\.0\.2\n/);
    t.regex(out, /\ndns\.servers +- +\[\]$/);
    t.notRegex(out, /hosts\.nas\.name/);
  },
);

test.serial('set: the ISP leases the address, and it is ours again together with its gateway', async (t) => {
  const soft = await softRouter();
  const set = (key: string, value: string, gateway?: string) =>
    run(soft, (edges) => runSet(key, value, { json: false, restart: false, gateway }, edges));
  const stored = async () => (await run(soft, (edges) => runPull(undefined, text, edges))).out;
  t.regex(
    (await set('wan.address', 'dhcp')).out,
    /^wan\.address is dhcp\.\nIt takes effect at the next start/,
  );
  t.notRegex(await stored(), /gateway/);
  const fixed = await set('wan.address', '12.0.0.7/24', '12.0.0.253');
  t.regex(fixed.out, /^wan\.address is 12\.0\.0\.7\/24\.\n/);
  t.like(JSON.parse(await stored()), { wan: { address: '12.0.0.7/24', gateway: '12.0.0.253' } });
  const code = (key: string, gateway: string) => set(key, '1400', gateway).then(({ exitCode }) => exitCode);
  await refused(
    t,
    code('wan.mtu', '12.0.0.253'),
    /^--gateway belongs to wan\.address, and means nothing beside wan\.mtu\.$/,
  );
  await refused(t, code('wan.address', 'a b'), /without blanks, but got 'a b'/);
});

test.serial('check: right, wrong, and no file', async (t) => {
  const { edges } = await softRouter();
  const file = home(t);
  t.is(runCheck(file, text, edges), 0);
  t.is(edges.out.pop(), `${file} is right: 3 forwards.`);
  t.is(runCheck(file, json, edges), 0);
  t.like(JSON.parse(edges.out.pop()!), {
    schema: 'hairpin.config-check/1',
    right: true,
    config: { wan: { mtu: 1500 } },
  });
  const wrong = home(t, '{ "wna": {} }');
  t.is(runCheck(wrong, text, edges), 1);
  t.regex(edges.out.pop()!, /home\.json: .*wna/);
  t.is(runCheck(wrong, json, edges), 1);
  t.like(JSON.parse(edges.out.pop()!), { right: false });
  t.throws(() => runCheck('away.json', json, edges), { instanceOf: UserError, message: /There is no/ });
  t.is(edges.opened, 0);
});

test('pieces: nothing lost, nothing too long for a line', (t) => {
  for (const content of [homeText('12.0.0.1/24', 31), '\n'.repeat(8192), 'x', '"'.repeat(1000)]) {
    const pieces = piecesOf(content);
    t.is(pieces.map(({ part }) => part).join(''), content);
    for (const { at, part } of pieces) {
      t.is(at % 4, 0);
      t.true(`\x10#stored write ${at} ${content.length} 01234567 ${JSON.stringify(part)}`.length < 240);
    }
  }
});
