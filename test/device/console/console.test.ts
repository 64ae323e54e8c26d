/*
 * The client of the firmware's console, against the firmware's console: whatever happens to the line, an answer is the
 * right one or there is none.
 */
import test, { type ExecutionContext } from 'ava';
import type { Answer, StatusAnswer } from '../../../host-tools/device/console/answers.ts';
import { reachRouter, requestOf } from '../../../host-tools/device/console/router.ts';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { linePair } from '../board/memory-line.ts';
import { VirtualTime } from '../board/virtual-time.ts';
import { type SoftRouter, softRouter } from './soft-router.ts';

const ask = (soft: SoftRouter, text: string): Promise<Answer> => requestOf(soft.pair.host, text, soft.time);

async function refusedWith(t: ExecutionContext, asked: Promise<unknown>, sentence: RegExp, exitCode = 2) {
  const error = await t.throwsAsync<UserError>(asked, { instanceOf: UserError, message: sentence });
  t.is(error?.exitCode, exitCode);
}

test("an answer, and the firmware's no, which is one too", async (t) => {
  const soft = await softRouter();
  t.like(await ask(soft, 'status'), { ok: true, wan: { address: '12.0.0.1' } });
  t.like(await ask(soft, 'flows 0'), { ok: false, error: 'flows: expected a slot from 1 to 512.' });
  t.deepEqual(soft.requests.slice(-1), ['flows 0']);
});

test('notices in front, behind and between, prompts and flow control are no answers', async (t) => {
  const soft = await softRouter();
  soft.faults.toHost = (text) =>
    text
      .replace(/^\r\n/, '\r\nA notice: {"ok":true,"flows":99}\r\nhairpin> \x13\x11')
      .replace(/\r\n$/, '\r\nAnother one.\r\n');
  t.like(await ask(soft, 'status'), { ok: true, flows: 0 });
});

test('an answer that is torn once is asked for again; one that always is, is none', async (t) => {
  const soft = await softRouter();
  const whole = await ask(soft, 'config');
  const tear = (text: string) => text.replace('"address"', '"addr');
  let torn = 0;
  soft.faults.toHost = (text) => (text.includes('"address"') && torn++ === 0 ? tear(text) : text);
  t.deepEqual(await ask(soft, 'config'), whole);
  t.true(torn > 1);
  soft.faults.toHost = tear;
  await refusedWith(t, ask(soft, 'config'), /does not answer "config" any more, or not in one piece/);
});

/** Numbers from 0 to below `limit`, always the same ones (a linear congruential generator, Numerical Recipes). */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

test('characters lost or changed anywhere, both ways: never a wrong answer', async (t) => {
  const soft = await softRouter();
  const requests = ['config', 'flows 1', 'flows 100', 'forwards', 'version'];
  const right = new Map<string, Answer>();
  for (const request of requests) right.set(request, await ask(soft, request));
  const next = numbers(20261129);
  const spoil = (text: string) => {
    if (next(4) > 0) return text;
    const from = next(text.length + 1);
    const length = 1 + next(12);
    const instead = ['', '', '0', '"', '\r\n', 'Uncaught '][next(6)];
    return text.slice(0, from) + instead + text.slice(from + length);
  };
  soft.faults = { toBoard: spoil, toHost: spoil };
  let answered = 0;
  for (let round = 0; round < 60; round++) {
    const request = requests[round % requests.length];
    try {
      t.deepEqual(await ask(soft, request), right.get(request), `round ${round}`);
      answered++;
    } catch (error) {
      t.true(error instanceof UserError, String(error));
    }
  }
  t.true(answered > 20, `${answered} of 60 answered`);
});

test('an answer that comes late belongs to nobody', async (t) => {
  const soft = await softRouter();
  const router = await reachRouter(soft.pair.host, soft.time);
  let kept = '';
  soft.faults.toHost = (text) => {
    if (text.includes('version') && !text.includes('Unknown')) {
      kept += text;
      return '';
    }
    return text;
  };
  await refusedWith(t, router.ask('version'), /does not answer "version"/);
  soft.faults.toHost = (text) => {
    const late = kept;
    kept = '';
    return late + text;
  };
  t.like(await router.ask('flows'), { ok: true, flows: [], next: null });
  router.end();
});

test('a change is asked once; when its answer is lost, nobody claims to know', async (t) => {
  const soft = await softRouter();
  const router = await reachRouter(soft.pair.host, soft.time);
  const before = soft.requests.length;
  soft.faults.toHost = (text) => text.replace('"lan"', '"la');
  await refusedWith(
    t,
    router.change('set forward smtp hairpin lan'),
    /^The answer to "set forward smtp hairpin lan" did not arrive whole, so it may be done or not/,
    3,
  );
  t.deepEqual(soft.requests.slice(before), ['set forward smtp hairpin lan']);
});

test('a line half typed by somebody is nothing to fear', async (t) => {
  const soft = await softRouter();
  await soft.pair.host.write(Buffer.from('factory-reset ye'));
  t.like(await ask(soft, 'status'), { ok: true });
  t.deepEqual(soft.world.board.restarts, []);
});

test('nobody there', async (t) => {
  const time = new VirtualTime();
  const pair = linePair('/dev/ttyTEST', time);
  const asked = requestOf(pair.host, 'status', time);
  await refusedWith(t, asked, /^Nothing answers at \/dev\/ttyTEST/);
});

test('noise', async (t) => {
  const time = new VirtualTime();
  const pair = linePair('/dev/ttyTEST', time);
  pair.board.onBytes(() => void pair.board.write(Uint8Array.of(0xf8, 0x80, 0x1e, 0x0a)));
  await refusedWith(t, requestOf(pair.host, 'status', time), /\/dev\/ttyTEST/);
});

test('unplugged in the middle', async (t) => {
  const soft = await softRouter();
  soft.faults.toHost = (text) => {
    if (text.includes('"uptime"')) soft.pair.unplug();
    return text;
  };
  await refusedWith(t, ask(soft, 'status'), /^\/dev\/ttyTEST is gone: the cable was pulled/);
});

test('unplugged while a change is made', async (t) => {
  const soft = await softRouter();
  const router = await reachRouter(soft.pair.host, soft.time);
  soft.faults.toHost = (text) => {
    soft.pair.unplug();
    return text;
  };
  const asked = router.change('set forward smtp hairpin lan');
  await refusedWith(t, asked, /^\/dev\/ttyTEST is gone: the cable was pulled/);
});

test('the router behind the REPL, after DLE ENQ', async (t) => {
  const soft = await softRouter();
  await soft.pair.host.write(Buffer.from('\x10\x05'));
  t.like(await ask(soft, 'status'), { ok: true, wan: { address: '12.0.0.1' } });
  t.is(soft.world.board.line.console, 'Serial1');
});

test('a REPL without the firmware', async (t) => {
  const soft = await softRouter({ code: 'print("nothing")' });
  await refusedWith(
    t,
    ask(soft, 'status'),
    /^The board on \/dev\/ttyTEST runs no Hairpin firmware, only Espruino 2v29: hairpin upload/,
  );
});

test('a router that was left out at the start says so', async (t) => {
  const soft = await softRouter({ bootHeld: true });
  t.like(await ask(soft, 'status'), {
    ok: false,
    error:
      'The router is left out: the BOOT button was held when the board started. It runs again at the next restart.',
  });
});

test('restarts, from the console and from behind the REPL, and waits until the router answers', async (t) => {
  const soft = await softRouter();
  soft.world.run(100e6);
  const router = await reachRouter(soft.pair.host, soft.time);
  const { uptime } = (await router.restart()) as StatusAnswer;
  t.true(uptime < 10, `${uptime}`);
  await soft.pair.host.write(Buffer.from('\x10\x05'));
  const other = await reachRouter(soft.pair.host, soft.time);
  router.end();
  t.like(await other.restart(), { ok: true });
  t.is(soft.world.board.restarts.length, 2);
  t.is(soft.world.board.line.console, 'LoopbackA');
});
