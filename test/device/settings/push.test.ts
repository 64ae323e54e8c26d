/*
 * `hairpin config push` and `set` against the real firmware on a soft board: whole, in the largest pieces, interrupted, and
 * with answers that are lost.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { runDiff, runGet, runPull, runPush, runSet } from '../../../host-tools/device/settings/config.ts';
import { softRouter } from '../console/soft-router.ts';

import { home, homeText, json, refused, run, text } from './one-command.ts';

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
