/* `hairpin log` against the real firmware on a soft board: sentences, wall-clock times, JSON, and what comes meanwhile. */
import test from 'ava';
import { Interrupted } from '../../../host-tools/cli/interruption.ts';
import type { UserError } from '../../../host-tools/cli/user-error.ts';
import { runLog } from '../../../host-tools/device/watch/log.ts';
import { type SoftRouter, softRouter } from '../console/soft-router.ts';

const text = { json: false, follow: false };
const json = { json: true, follow: false };
/** A quarter past nine, here. */
const wallClock = () => new Date(2026, 10, 29, 21, 15, 30).getTime();

interface Json {
  schema: string;
  uptime: number;
  lost: number;
  entries: { event: string; second: number; time: string; sentence: string; times: number; value: string }[];
}
const object = ({ edges }: SoftRouter) => {
  const [only, ...more] = edges.out;
  if (more.length > 0) throw new Error('more than one object');
  return JSON.parse(only) as Json;
};

/** Cables in and out, by and by: a minute each, so that nothing is folded. */
function plug(soft: SoftRouter, times: number): void {
  for (let i = 0; i < times; i++) {
    soft.world.lan.setLink(i % 2 === 1);
    soft.world.run(50e6);
  }
}

test.serial('log: a sentence for each entry, with wall-clock time', async (t) => {
  const soft = await softRouter();
  soft.world.run(10e6);
  t.is(await runLog(text, soft.edges, wallClock), 0);
  t.is(soft.edges.out.length, 5);
  const [head, ...rest] = soft.edges.out[0].split('\n');
  t.regex(head, /^2026-11-29 21:15:1\d {2}0 s {2}notice$/);
  t.is(rest.join('\n'), '      The router was started: power came. (started)');
  t.regex(
    soft.edges.out[2],
    /^2026-11-29 21:15:1\d {2}1 s {2}notice\n {6}The WAN side has a link\. \(link-came-up\)$/,
  );
  t.true(soft.edges.closed());
});

test.serial('log --json', async (t) => {
  const soft = await softRouter();
  soft.world.run(100e6);
  soft.world.lan.setLink(false);
  soft.world.run(5e6);
  t.is(await runLog(json, soft.edges, wallClock), 0);
  const { schema, lost, uptime, entries } = object(soft);
  t.is(schema, 'hairpin.log/1');
  t.is(lost, 0);
  const entry = entries[5];
  t.like(entry, { event: 'link-went-down', value: 'lan', times: 1, severity: 'warning' } as object);
  t.is(Date.parse(entry.time), wallClock() - (uptime - entry.second) * 1000);
  t.regex(entry.sentence, /^The LAN side has no link: /);
});

test.serial('log: what repeats is one entry, and all of a long log is read, in order', async (t) => {
  const soft = await softRouter();
  soft.world.run(100e6);
  plug(soft, 60);
  for (let i = 0; i < 20; i++) {
    soft.world.wan.setLink(i % 2 === 1);
    soft.world.run(3e6);
  }
  await runLog(text, soft.edges, wallClock);
  t.is(soft.edges.out[0], '(35 older entries were overwritten)');
  t.is(soft.edges.out.length, 1 + 32);
  t.regex(soft.edges.out.at(-1)!, /\n {6}The WAN side has a link\. \(link-came-up, 10 times in 54 s\)$/);
  const seconds = soft.edges.out.slice(1).map((out) => Number(/ (\d+) s /.exec(out)![1]));
  t.deepEqual(
    seconds,
    [...seconds].sort((a, b) => a - b),
  );
});

test.serial('log: a router that stands still says why', async (t) => {
  const soft = await softRouter({ config: null });
  const error = await t.throwsAsync<UserError>(runLog(text, soft.edges), {
    message: /^The router is not running/,
  });
  t.is(error?.exitCode, 1);
});

/** Does one thing after the other, each when the router has just been asked for what is new; then ends it. */
function meanwhile(soft: SoftRouter, ...acts: (() => void)[]): void {
  const { edges } = soft;
  const { time } = edges;
  edges.time = {
    now: () => time.now(),
    after: (ms, action) => {
      if (ms !== 2000) return time.after(ms, action);
      const act = acts.shift();
      if (act === undefined) setImmediate(() => process.emit('SIGTERM'));
      else {
        act();
        setImmediate(action);
      }
      return () => {};
    },
  };
}

test.serial('log --follow: what comes, and what comes again, until Ctrl-C', async (t) => {
  const soft = await softRouter();
  soft.world.run(100e6);
  meanwhile(
    soft,
    () => {},
    () => {
      soft.world.lan.setLink(false);
      soft.world.run(2e6);
    },
    () => {},
    () => {
      soft.world.lan.setLink(true);
      soft.world.run(2e6);
      soft.world.lan.setLink(false);
      soft.world.run(2e6);
    },
  );
  await t.throwsAsync(runLog({ json: false, follow: true }, soft.edges, wallClock), {
    instanceOf: Interrupted,
  });
  const told = soft.edges.out.slice(5).map((out) => /\((.*?)\)$/.exec(out)![1].replace(/ in .*/, ''));
  t.deepEqual(told, ['link-went-down', 'link-came-up', 'link-went-down, 2 times']);
  t.true(soft.edges.closed());
});

test.serial('log --follow --json: one object at the end', async (t) => {
  const soft = await softRouter();
  soft.world.run(100e6);
  meanwhile(
    soft,
    () => {
      soft.world.wan.setLink(false);
      soft.world.run(2e6);
    },
    () => {},
  );
  await t.throwsAsync(runLog({ json: true, follow: true }, soft.edges, wallClock), {
    instanceOf: Interrupted,
  });
  t.deepEqual(
    object(soft).entries.map(({ event }) => event),
    ['started', 'chip-came-up', 'link-came-up', 'chip-came-up', 'link-came-up', 'link-went-down'],
  );
});

test.serial('log --follow: a restart ends it with a sentence', async (t) => {
  const soft = await softRouter();
  soft.world.run(100e6);
  meanwhile(soft, () => {
    soft.world.board.bite();
    soft.world.board.boot();
    soft.world.board.line.onSent = (sent) => void soft.pair.board.write(Buffer.from(sent, 'latin1'));
  });
  const error = await t.throwsAsync<UserError>(runLog({ json: false, follow: true }, soft.edges), {
    message: 'The router was restarted: its log begins anew.',
  });
  t.is(error?.exitCode, 1);
});
