/* The packet client against the REPL stand-in: files written, read and checked, errors said, lost bytes survived. */
import { crc32 } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { Repl, ReplError } from '../../host-tools/device/repl/repl.ts';
import { LineLost } from '../../host-tools/device/serial/byte-line.ts';
import { bareBoard } from './board/bare.ts';
import { type LineFaults, type Plugged, plugIn } from './board/plugged.ts';
import { VirtualTime } from './board/virtual-time.ts';

const content = Array.from({ length: 300 }, (_, index) => `line ${index} of it;`).join('\n');
const file = Buffer.from(content);

function opened(t: ExecutionContext, faults: LineFaults = {}) {
  const time = new VirtualTime();
  const board = bareBoard({ 'old.txt': 'old' });
  const plugged: Plugged = plugIn(board, time, faults);
  const repl = new Repl(plugged.line, time);
  t.teardown(() => plugged.unplug());
  return { board, plugged, repl };
}

test('settles on an empty line, whatever was typed before', async (t) => {
  for (const before of ['', '1+', 'foo(\n(', '\x10half', '\x10\x01\x20\x40lost packet']) {
    const { plugged, repl } = opened(t);
    await plugged.line.write(Buffer.from(before));
    t.deepEqual(await repl.settle(), ['2v29', 'ESP32'], JSON.stringify(before));
    t.is(await repl.evaluate('40+2'), '42');
    t.is(plugged.repl.interrupts, 0, 'no Ctrl-C');
  }
});

test('says so when nothing answers any more', async (t) => {
  const { plugged, repl } = opened(t);
  plugged.repl.receive = () => {};
  const error = await t.throwsAsync(repl.settle());
  t.regex(error.message, /does not answer any more.* Tap EN/);
});

test('evaluates, and hands on what the board says of an error', async (t) => {
  const { repl } = opened(t);
  t.is(await repl.evaluate('1+2'), '3');
  t.is(await repl.evaluate('(function(){var x=5;return{a:x,b:["c"]};})()'), '{a:5,b:["c"]}');
  t.is(await repl.evaluate('undefined'), 'null');
  t.is(await repl.ask('"it\'s\\n"+"\\xff"'), "it's\n\xff");
  const error = await t.throwsAsync(repl.evaluate('nothing.here'), { instanceOf: ReplError });
  t.is(error.message, 'The board answered: Uncaught ReferenceError: nothing is not defined');
  t.is(await repl.evaluate('1+2'), '3', 'and goes on');
});

test('writes a file, reads it back, lists it', async (t) => {
  const { board, repl } = opened(t);
  const free = await repl.free();
  const progress: number[] = [];
  await repl.writeFile('new.txt', file, (done) => progress.push(done));
  t.is(board.storage.read('new.txt'), content);
  t.deepEqual(progress.slice(-2), [4096, file.length]);
  t.deepEqual(await repl.crcOf('new.txt'), { size: file.length, crc: crc32(file) });
  t.deepEqual(Buffer.from((await repl.readFile('new.txt'))!), file);
  t.deepEqual(await repl.listFiles(), ['old.txt', 'new.txt']);
  t.true((await repl.free()) <= free - file.length - 32);
  t.is(await repl.crcOf('none'), null);
  t.is(await repl.readFile('none'), null);
});

test('files of every small size arrive', async (t) => {
  const { board, repl } = opened(t);
  for (const size of [1, 2, 3, 4, 5, 255, 259, 260, 1023, 1024, 1025, 1027, 1028, 2051]) {
    await repl.writeFile('x', file.subarray(size, 2 * size));
    t.is(board.storage.read('x'), content.slice(size, 2 * size), `${size}`);
  }
});

test('what a board would act upon is not sent', async (t) => {
  const { repl } = opened(t);
  const error = await t.throwsAsync(repl.writeFile('x', Buffer.from('ab\x03')));
  t.is(
    error.message,
    'x cannot be sent: it has a control character (3) at offset 2, which a board would act upon. Only text can be sent.',
  );
});

test('a board without room says so, though it acknowledges every block', async (t) => {
  const { board, repl } = opened(t);
  board.storage.write('big', 'x'.repeat(890 * 1024));
  const error = await t.throwsAsync(repl.writeFile('x', Buffer.alloc(30 * 1024, 'y')), {
    instanceOf: ReplError,
  });
  t.regex(error.message, /^The board answered: Uncaught Error: \w/);
});

test('any one byte may be lost, in either direction', async (t) => {
  const small = Buffer.from('abc'.repeat(4));
  const { plugged, repl } = opened(t);
  await repl.settle();
  const begun = { ...plugged.passed };
  await repl.writeFile('small', small);
  t.deepEqual(Buffer.from((await repl.readFile('small'))!), small);
  const ended = { ...plugged.passed };
  const losses = [
    ...range(begun.toBoard, ended.toBoard).map((at) => ({ lostToBoard: new Set([at]) })),
    ...range(begun.toHost, ended.toHost).map((at) => ({ lostToHost: new Set([at]) })),
  ];
  t.true(losses.length > 200);
  await Promise.all(
    losses.map(async (faults) => {
      const hurt = opened(t, faults);
      await hurt.repl.settle();
      await hurt.repl.writeFile('small', small);
      t.is(hurt.board.storage.read('small'), small.toString());
      t.deepEqual(Buffer.from((await hurt.repl.readFile('small'))!), small);
      t.is(hurt.plugged.repl.interrupts, 0);
    }),
  );
});

test('a byte that arrives changed is noticed, and the file written again', async (t) => {
  // In the middle of the second block.
  const { board, plugged, repl } = opened(t, { changedToBoard: new Set([1700]) });
  await repl.writeFile('x', file);
  t.is(board.storage.read('x'), content);
  t.true(plugged.passed.toBoard > 2 * file.length);
});

test('a line that loses a byte in every block is called bad', async (t) => {
  const { repl } = opened(t, { lostToBoard: new Set(range(0, 40).map((index) => 20 + index * 100)) });
  const error = await t.throwsAsync(repl.writeFile('x', file));
  t.regex(error.message, /loses bytes .*3 times.*Try another cable/);
});

test('what may have been evaluated is not evaluated again', async (t) => {
  // The ACK of the first packet is lost.
  const { board, repl } = opened(t, { lostToHost: new Set([0]) });
  let count = 0;
  board.global.count = () => ++count;
  await t.throwsAsync(repl.evaluate('count()'), { message: /loses bytes/ });
  t.is(count, 1);
});

test('a pulled cable ends whatever is waited for', async (t) => {
  const { repl } = opened(t, { pulledAfter: { toBoard: 2000 } });
  await t.throwsAsync(repl.writeFile('x', file), { instanceOf: LineLost });
  await t.throwsAsync(repl.evaluate('1'), { instanceOf: LineLost });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
