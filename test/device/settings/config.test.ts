/*
 * `hairpin config` and `hairpin forward` against the real firmware on a soft board: what is read, written, refused, and
 * what happens when the line fails.
 */
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { runCheck } from '../../../host-tools/device/settings/check.ts';
import { runDiff, runGet, runPull, runPush, runSet } from '../../../host-tools/device/settings/config.ts';
import { runForwardAdd, runForwardRemove } from '../../../host-tools/device/settings/forward.ts';
import { piecesOf } from '../../../host-tools/device/settings/stored.ts';
import { temporaryFile } from '../../cli/command.ts';
import { configText } from '../../scenes/cast.ts';
import { type SoftRouter, edgesOn, softRouter } from '../console/soft-router.ts';

const text = { json: false, restart: true };
const json = { json: true, restart: true };

async function refused(t: ExecutionContext, run: Promise<number>, sentence: RegExp, exitCode = 2) {
  const error = await t.throwsAsync<UserError>(run, { instanceOf: UserError, message: sentence });
  t.is(error?.exitCode, exitCode, error?.message);
}

/** A config as somebody may have written it, with lines, tabs and many blanks. */
function homeText(wan = '12.0.0.1/24', count = 3): string {
  const forwards = Array.from(
    { length: count },
    (_, n) => `\t\t{ "name": "f${n}",  "proto": "tcp", "port": ${1000 + n}, "to": "192.168.0.2" }`,
  );
  return `{\r\n  "wan": { "address": "${wan}", "gateway": "12.0.0.254", "mac": "02:00:00:00:0c:01" },\n  "lan": { "address": "192.168.0.1/24", "mac": "02:00:00:00:a8:01" },\n\n  "forwards": [\n${forwards.join(',\n')}\n  ]\n}\n`;
}

function home(t: ExecutionContext, content = homeText()): string {
  const file = temporaryFile('home.json', content);
  t.teardown(file.remove);
  return file.path;
}

/** One command; what it printed. The line stays open for the next one. */
async function run(
  soft: SoftRouter,
  command: (edges: SoftRouter['edges']) => Promise<number>,
): Promise<{ exitCode: number; out: string; remarks: string[] }> {
  const { host } = soft.pair;
  const edges = edgesOn({ ...host, close: () => Promise.resolve() }, soft.time);
  const exitCode = await command(edges);
  return { exitCode, out: edges.out.join('\n'), remarks: edges.remarks };
}

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
  t.regex(restarted.out, /^wan\.mtu is 1400\.\nHairpin \d/);
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
  'push: stored, restarted, and told; pull gives it back to the last character; diff knows',
  async (t) => {
    const soft = await softRouter();
    const file = home(t);
    t.is((await run(soft, (edges) => runDiff(file, text, edges))).exitCode, 1);
    const pushed = await run(soft, (edges) => runPush(file, text, edges));
    t.is(pushed.exitCode, 0);
    t.regex(pushed.out, /home\.json is on the board\.\nHairpin \d/);
    t.is(soft.world.board.restarts.length, 1);
    t.is((await run(soft, (edges) => runGet('forwards.f2.port', text, edges))).out, '1002');
    t.is((await run(soft, (edges) => runPull(undefined, text, edges))).out, homeText().replace(/\n$/, ''));
    const copy = home(t, 'old');
    await run(soft, (edges) => runPull(copy, text, edges));
    t.is(readFileSync(copy, 'latin1'), homeText());
    t.like(JSON.parse((await run(soft, (edges) => runPull(undefined, json, edges))).out), {
      schema: 'hairpin.config-pull/1',
      file: null,
      text: homeText(),
    });
    t.is((await run(soft, (edges) => runDiff(file, text, edges))).exitCode, 0);
    const again = await run(soft, (edges) => runPush(file, json, edges));
    t.deepEqual(JSON.parse(again.out), {
      schema: 'hairpin.config-push/1',
      file,
      written: false,
      restarted: false,
      restartDue: false,
      problems: [],
      warnings: [],
    });
  },
);

test.serial('push, set: Ctrl-C in the middle, and it is not claimed that nothing was changed', async (t) => {
  for (const command of ['push', 'set']) {
    const soft = await softRouter();
    soft.faults.toHost = (sent) => {
      if (/"next":|"restart":/.test(sent)) process.emit('SIGINT');
      return sent;
    };
    await refused(
      t,
      command === 'push' ? runPush(home(t), text, soft.edges) : runSet('wan.mtu', '1492', text, soft.edges),
      /^Interrupted\. The router has the old configuration or the new one/,
      130,
    );
    t.true(soft.edges.closed());
  }
});

test.serial('push: the largest configuration', async (t) => {
  const soft = await softRouter();
  const file = home(t, homeText('12.0.0.1/24', 31));
  const later = { json: false, restart: false };
  const pushed = await run(soft, (edges) => runPush(file, later, edges));
  t.regex(pushed.out, /is on the board\.\nIt takes effect at the next start of the router\.$/);
  t.is((await run(soft, (edges) => runDiff(file, text, edges))).exitCode, 0);
});

test.serial('push: a router that stands still is mended', async (t) => {
  const soft = await softRouter({ config: '{' });
  const pushed = await run(soft, (edges) => runPush(home(t), text, edges));
  t.is(pushed.exitCode, 0);
  t.regex(pushed.out, /Hairpin \d/);
});

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

test.serial('push: what is wrong is refused before the port is opened', async (t) => {
  const soft = await softRouter();
  const file = home(t, homeText().replace('12.0.0.254', '13.0.0.254'));
  await refused(t, runPush(file, text, soft.edges), /home\.json: wan\.gateway: expected the ISP's router/);
  await refused(t, runPush('away.json', text, soft.edges), /There is no configuration file 'away\.json'/);
  await refused(t, runDiff('away.json', text, soft.edges), /There is no configuration file 'away\.json'/);
  await refused(
    t,
    runPull('no/where', text, soft.edges),
    /cannot be written to 'no\/where': there is no such folder/,
  );
  t.is(soft.edges.opened, 0);
});

test.serial(
  'push over a line that loses characters, and one that is pulled: the old or the new one',
  async (t) => {
    const soft = await softRouter();
    const file = home(t);
    let pieces = 0;
    soft.faults.toBoard = (sent) =>
      sent.includes('stored write') && ++pieces % 3 === 0 ? sent.slice(0, -20) : sent;
    t.is((await run(soft, (edges) => runPush(file, text, edges))).exitCode, 0);
    soft.faults = {};
    t.is((await run(soft, (edges) => runDiff(file, text, edges))).exitCode, 0);
    const other = home(t, homeText('12.0.0.7/24'));
    soft.faults.toHost = (sent) => {
      if (sent.includes('"next":')) soft.pair.unplug();
      return sent;
    };
    await refused(
      t,
      run(soft, (edges) => runPush(other, text, edges)).then(({ exitCode }) => exitCode),
      /is gone/,
    );
    soft.world.board.hairpin('reboot');
    soft.world.run(2e6);
    soft.world.board.boot();
    soft.world.run(2e6);
    t.like(JSON.parse(soft.world.board.hairpin('status')), { ok: true, wan: { address: '12.0.0.1' } });
  },
);

test.serial('push: the answer to the last piece is lost, and asked for again when it is over', async (t) => {
  const soft = await softRouter();
  let lost = 0;
  soft.faults.toHost = (sent) => {
    if (!sent.includes('"stored":"config.') || lost++ > 0) return sent;
    return sent.replace('"stored"', '"sto');
  };
  t.is((await run(soft, (edges) => runPush(home(t), text, edges))).exitCode, 0);
  t.is(lost, 1);
});

test.serial('push: the board checks for seconds and is waited for, behind the REPL too', async (t) => {
  for (const voice of ['console', 'REPL']) {
    const soft = await softRouter();
    if (voice === 'REPL') await soft.pair.host.write(Buffer.from('\x10\x05'));
    const pieces: string[] = [];
    soft.faults.toBoard = (sent) => {
      pieces.push(...(/stored write \d+/.exec(sent) ?? []));
      return sent;
    };
    soft.faults.busy = (sent) => (sent.includes('stored write 308') ? 20_000 : 0);
    const pushed = await run(soft, (edges) => runPush(home(t), { json: false, restart: false }, edges));
    t.is(pushed.exitCode, 0, voice);
    // The last one once, too.
    t.deepEqual(pieces, ['stored write 0', 'stored write 160', 'stored write 308'], voice);
  }
});

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

test.serial('forward add and remove', async (t) => {
  const soft = await softRouter();
  const added = await run(soft, (edges) =>
    runForwardAdd(
      ['web', 'tcp', '80', '192.168.0.2:8080'],
      { json: false, from: '198.51.100.0/24', hairpin: 'lan' },
      edges,
    ),
  );
  t.is(added.out, 'The forward web is there, from now on.');
  t.like(JSON.parse((await run(soft, (edges) => runGet('forwards.web', text, edges))).out), {
    port: 80,
    to: '192.168.0.2:8080',
    from: '198.51.100.0/24',
    hairpin: 'lan',
  });
  const removed = await run(soft, (edges) => runForwardRemove('web', json, edges));
  t.deepEqual(JSON.parse(removed.out), {
    schema: 'hairpin.forward-remove/1',
    name: 'web',
    forwards: 2,
    restartDue: false,
    warnings: [],
  });
  const add = (...words: [string, string, string, string]) =>
    run(soft, (edges) => runForwardAdd(words, json, edges)).then(({ exitCode }) => exitCode);
  await refused(t, add('smtp', 'tcp', '26', '192.168.0.2'), /there is a forward named "smtp" already/);
  await refused(t, add('x', 'tcp', '25', '192.168.0.2'), /both have tcp port 25/);
  await refused(t, add('x', 'tcp', '26', '10.0.0.1'), /expected an address on the LAN/);
  await refused(t, add('x y', 'tcp', '26', '192.168.0.2'), /words without blanks, but got 'x y'/);
  const gone = run(soft, (edges) => runForwardRemove('web', json, edges)).then(({ exitCode }) => exitCode);
  await refused(t, gone, /no forward is named "web"/);
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
