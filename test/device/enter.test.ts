/* Who is there is found out without harm; the REPL is entered and left, whoever had the line. */
import test, { type ExecutionContext } from 'ava';
import { enterQuietRepl, restartIntoRouter } from '../../host-tools/device/repl/enter.ts';
import { whatWasHeard } from '../../host-tools/device/repl/heard.ts';
import { whoIsThere } from '../../host-tools/device/repl/who.ts';
import { type ScriptedOptions, ScriptedBoard } from './board/scripted.ts';
import { linePair } from './board/memory-line.ts';
import { VirtualTime } from './board/virtual-time.ts';

function board(t: ExecutionContext, options: ScriptedOptions = {}) {
  const time = new VirtualTime();
  const scripted = new ScriptedBoard(time, options);
  t.teardown(() => scripted.plugged.unplug());
  return { time, scripted, line: scripted.plugged.line };
}

/** What somebody has typed, or a tool left behind, before. */
const before = ['', 'sho', '\x10stat', 'foo(\n', '\x10\x01\x20\x40half a packet', '\x1b[2H'];

for (const typed of before) {
  test(`the console is found behind ${JSON.stringify(typed)}`, async (t) => {
    const { time, scripted, line } = board(t);
    await line.write(Buffer.from(typed));
    t.deepEqual(await whoIsThere(line, time), { who: 'console', status: { ok: true, uptime: 2 } });
    t.is(scripted.mode, 'console', 'and keeps the line');
    t.is(scripted.restarts, 0);
  });

  test(`a REPL is found behind ${JSON.stringify(typed)}`, async (t) => {
    const { time, scripted, line } = board(t, { bare: true });
    await line.write(Buffer.from(typed));
    t.deepEqual(await whoIsThere(line, time), { who: 'repl', version: '2v29', board: 'ESP32' });
    t.is(scripted.plugged.repl.interrupts, 0);
  });
}

test('an answer that lost a byte on the line is asked for again', async (t) => {
  const { time, scripted, line } = board(t, { torn: 1 });
  t.deepEqual(await whoIsThere(line, time), { who: 'console', status: { ok: true, uptime: 2 } });
  t.is(scripted.restarts, 0);
});

test('somebody who answers is found at once, nobody in ten seconds', async (t) => {
  const console = board(t);
  await whoIsThere(console.line, console.time);
  t.true(console.time.now() < 100, `${console.time.now()}`);
  const repl = board(t, { bare: true });
  await whoIsThere(repl.line, repl.time);
  t.true(repl.time.now() < 500, `${repl.time.now()}`);
  const time = new VirtualTime();
  t.deepEqual(await whoIsThere(linePair('/dev/x', time).host, time), { who: 'nobody', heard: '' });
  t.true(time.now() > 5000 && time.now() < 10_000, `${time.now()}`);
});

test('a board that is just starting is waited for', async (t) => {
  const { time, scripted, line } = board(t);
  scripted.restart();
  const who = await whoIsThere(line, time);
  t.is(who.who, 'console');
});

const ways: [what: string, options: ScriptedOptions, restarts: number][] = [
  ['from the console', {}, 1],
  ['behind a router whose console gave the line back', { handedOver: true }, 1],
  ['where the guard has left the router out', { failing: true }, 0],
  ['on a bare board', { bare: true }, 0],
];
for (const [what, options, restarts] of ways) {
  test(`a quiet REPL, ${what}`, async (t) => {
    const { time, scripted, line } = board(t, options);
    const repl = await enterQuietRepl(line, time);
    t.is(await repl.evaluate('40+2'), '42');
    t.is(scripted.restarts, restarts);
    t.is(scripted.plugged.repl.interrupts, 0);
    repl.end();
  });
}

test('the router is there again after the work', async (t) => {
  const { time, scripted, line } = board(t);
  const repl = await enterQuietRepl(line, time);
  t.deepEqual(await restartIntoRouter(repl), { ok: true, uptime: 2 });
  t.is(scripted.restarts, 2);
  t.is(scripted.mode, 'console');
});

test('a router that does not come back: the board says why', async (t) => {
  const { time, line } = board(t, { failing: true });
  const repl = await enterQuietRepl(line, time);
  const error = await t.throwsAsync(restartIntoRouter(repl));
  t.regex(error.message, /the board says: The router is left out: .* See hairpin doctor\.$/);
});

test('a firmware that knows no way to step aside', async (t) => {
  for (const options of [{ old: true }, { old: true, handedOver: true }]) {
    const { time, line } = board(t, options);
    const error = await t.throwsAsync(enterQuietRepl(line, time));
    t.regex(error.message, /does not step aside \(it says .*Unknown request.*\)\. Tap EN .* hold BOOT/);
  }
});

test('nobody there: a real port gets one Ctrl-C, at last; one without modem lines none', async (t) => {
  for (const real of [true, false]) {
    const time = new VirtualTime();
    const { host, board } = linePair('/dev/ttyUSB9', time);
    const heard: number[] = [];
    board.onBytes((bytes) => heard.push(...bytes));
    const line = { ...host, setSignals: () => Promise.resolve(real) };
    const error = await t.throwsAsync(enterQuietRepl(line, time));
    t.regex(error.message, /^Nothing answers at \/dev\/ttyUSB9\./);
    t.is(heard.filter((byte) => byte === 3).length, real ? 1 : 0);
  }
});

const heard: [what: string, text: string, sentence: RegExp][] = [
  ['nothing', '', /^Nothing answers at \/dev\/x\. .*Tap EN/],
  [
    'the boot loader',
    'rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n',
    /Tap EN alone/,
  ],
  [
    'an empty chip',
    'rst:0x10\r\ninvalid header: 0xffffffff\r\ninvalid header: 0xffffffff',
    /The flash is empty .*hairpin flash/,
  ],
  ['a weak supply', '\r\nBrownout detector was triggered\r\n', /The supply sags .*port that gives 1 A/],
  ['a damaged chip', 'invalid header: 0x12345678\r\n', /What is in the flash is damaged/],
  ['MicroPython', 'Traceback\r\nMicroPython v1.22\r\n>>> ', /MicroPython, not Espruino/],
  [
    'a board that starts again and again',
    'rst:0xc (SW_CPU_RESET),boot:0x13 (SPI)\r\nx\r\nrst:0xc (SW_CPU_RESET),boot:0x13 (SPI)',
    /over and over/,
  ],
  [
    'another speed',
    '\x80\x00\xf8\x00\x80x\x80\xe0',
    /no text at 115200 bits per second \(80 00 f8 00 80 78 80 e0\)/,
  ],
  ['another program', 'login: \x1b[0m', /neither Espruino nor this firmware: "login:  \[0m"/],
];
for (const [what, text, sentence] of heard) {
  test(`heard: ${what}`, (t) => t.regex(whatWasHeard('/dev/x', text), sentence));
}
