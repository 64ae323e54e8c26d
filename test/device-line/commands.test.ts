/* `hairpin upload` and `hairpin monitor` as a person runs them, at a board that is acted behind a pseudo-terminal. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { hairpin, temporaryFile } from '../cli/command.ts';
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../host-tools/emulator/flash.ts';
import { bareBoard } from '../device/board/bare.ts';
import { fastTime } from '../device/board/fast-time.ts';
import { type Pty, openPty } from '../device/board/pty.ts';
import { SoftBoard } from '../device/board/soft-board.ts';
import { type ScriptedOptions, ScriptedBoard } from '../device/board/scripted.ts';

const command = fileURLToPath(new URL('../../host-tools/cli/hairpin.mjs', import.meta.url));
const firmware = readFileSync('dist/firmware.js', 'latin1');
const wiring = (name: string): string => readFileSync(`boards/${name}/board.json`, 'latin1');

function boardOnPty(t: ExecutionContext, options: ScriptedOptions = {}): { board: ScriptedBoard; pty: Pty } {
  const pty = openPty();
  const board = new ScriptedBoard(fastTime(20), options);
  pty.onBytes((bytes) => void board.plugged.line.write(bytes).catch(() => {}));
  board.plugged.line.onBytes((bytes) => pty.write(bytes));
  t.teardown(() => {
    board.plugged.unplug();
    board.plugged.repl.end();
    pty.close();
  });
  return { board, pty };
}

/** The whole board in software, with the real firmware in its flash. */
function softBoard(t: ExecutionContext, files: Record<string, string>): { board: SoftBoard; pty: Pty } {
  const pty = openPty();
  const flash = new Uint8Array(4 * 1024 * 1024).fill(0xff);
  // Espruino's images begin so, and the stand-in is there in their place.
  flash[0x1000] = flash[0x10000] = 0xe9;
  const { storage } = bareBoard(new Flash(flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES)));
  for (const [name, text] of Object.entries(files)) storage.write(name, text);
  const board = new SoftBoard({
    send: (bytes) => pty.write(bytes),
    wiring: wiring('esp32-shared-bus'),
    flash,
  });
  pty.onBytes((bytes) => board.receive(bytes));
  t.teardown(() => {
    board.end();
    pty.close();
  });
  return { board, pty };
}

test.serial('upload: a router that runs gets another firmware, and runs again', async (t) => {
  const { board, pty } = softBoard(t, {
    '.boot0': `${firmware}\n/* older */`,
    'board.json': wiring('esp32-shared-bus'),
    'config.json': readFileSync('hairpin.example.json', 'latin1'),
  });
  const { exitCode, out, err } = await hairpin(['upload', '--port', pty.path]);
  t.is(err.split('\n').at(-2), 'restarting: the router runs');
  t.regex(out, /^The router runs \(version [\d.]+\): wan [\d.]+, link up; lan [\d.]+, link up\.\n$/);
  t.is(exitCode, 0);
  const { storage } = board.world.board;
  t.is(storage.read('.boot0'), firmware);
  t.true(storage.read('config.json')!.length > 0, 'the configuration stays');
});

test.serial('upload: a router that stands still says why, with exit code 1', async (t) => {
  const { pty } = softBoard(t, { '.boot0': firmware, 'board.json': 'rubbish' });
  const { exitCode, out } = await hairpin(['upload', '--port', pty.path]);
  t.is(exitCode, 1);
  t.regex(out, /^The router is not running\. .*board\.json/);
});

test.serial('upload --json --board --config: one object; the files are there', async (t) => {
  const config = temporaryFile('mine.json', readFileSync('hairpin.example.json', 'utf8'));
  const { board, pty } = boardOnPty(t, { files: { '.boot0': firmware } });
  const { exitCode, out, err } = await hairpin(
    ['upload', '--json', '--board', 'esp32-shared-bus', '--config', config.path],
    { HAIRPIN_PORT: pty.path },
  );
  config.remove();
  t.is(err, '');
  t.is(exitCode, 0);
  const { schema, port, files, status } = JSON.parse(out) as Record<string, unknown>;
  t.is(schema, 'hairpin.upload/1');
  t.is(port, pty.path);
  t.like(status, { ok: true });
  t.deepEqual(
    (files as { name: string; written: boolean }[]).map(({ name, written }) => [name, written]),
    [
      ['board.json', true],
      ['config.a', true],
      ['.boot0', false],
    ],
  );
  t.is(board.machine.storage.read('board.json'), wiring('esp32-shared-bus'));
  t.true(board.machine.storage.read('config.a')!.endsWith(readFileSync('hairpin.example.json', 'latin1')));
});

test.serial('upload: what is wrong is one sentence, before the board is touched', async (t) => {
  const { board, pty } = boardOnPty(t, { bare: true });
  const cases: [words: string[], sentence: RegExp][] = [
    [['--config', 'missing.json'], /^hairpin: There is no configuration file 'missing\.json'/],
    [['--config', 'package.json'], /^hairpin: package\.json/],
    [['--board', 'nothing'], /^hairpin: There is no board 'nothing'/],
    [['--watch', '--json'], /^hairpin: --watch goes on and on/],
  ];
  for (const [words, sentence] of cases) {
    const { exitCode, out, err } = await hairpin(['upload', '--port', pty.path, ...words]);
    t.is(exitCode, 2);
    t.is(out, '');
    t.regex(err, sentence);
    t.is(err.trim().split('\n').length, 1);
  }
  t.is(board.plugged.passed.toBoard, 0);
});

test.serial('upload: a cable pulled in the middle', async (t) => {
  const { board, pty } = boardOnPty(t, { bare: true });
  const outcome = hairpin(['upload', '--port', pty.path]);
  while (board.plugged.passed.toBoard < 20_000) await delay(5);
  pty.close();
  const { exitCode, err } = await outcome;
  t.is(exitCode, 2);
  t.regex(err.split('\n').at(-2)!, /is gone: the cable was pulled.*run the command again/);
});

test.serial(
  'upload: Ctrl-C before anything is written, and it is not claimed that the router is lost',
  async (t) => {
    const { board, pty } = boardOnPty(t, { bare: true });
    const child = spawn(process.execPath, [command, 'upload', '--port', pty.path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (text) => (err += text));
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (board.plugged.passed.toBoard === 0) await delay(5);
    child.kill('SIGINT');
    t.is(await ended, 130);
    t.regex(err, /hairpin: Interrupted\. Tap EN on the board: the router it had starts again, unless /);
    t.deepEqual(board.machine.storage.list(), []);
  },
);

test.serial('monitor: a line piped in is sent, and the answer expected', async (t) => {
  const { pty } = boardOnPty(t);
  const { code, out } = await monitor(['--port', pty.path, '--expect', 'no command "help"'], 'help\n');
  t.is(code, 0);
  t.true(out.includes('no command "help"') && out.endsWith('\n'), out);
});

test.serial('monitor: a text that does not come', async (t) => {
  const { pty } = boardOnPty(t);
  const { code, err } = await monitor(['--port', pty.path, '--expect', 'never', '--timeout', '0.3'], '');
  t.is(code, 1);
  t.is(err, 'hairpin: "never" did not come within 0.3 s.\n');
});

test.serial('monitor: options that cannot be meant', async (t) => {
  for (const words of ['--timeout 5', '--expect x --timeout soon', '--expect x --timeout 0']) {
    const { exitCode, err } = await hairpin(`monitor --port /dev/nothing ${words}`);
    t.is(exitCode, 2);
    t.regex(err, /^hairpin: --timeout /);
  }
  const nothing = await hairpin('monitor --port /dev/nothing --expect=');
  t.is(nothing.exitCode, 2);
  t.regex(nothing.err, /^hairpin: --expect takes the text to wait for/);
});

test.serial('monitor on a terminal: keys go to the board as they are, Ctrl-] ends it', async (t) => {
  const { board, pty } = boardOnPty(t);
  const terminal = openPty();
  const slave = openSync(terminal.path, 'r+');
  const child = spawn(process.execPath, [command, 'monitor', '--port', pty.path], {
    stdio: [slave, slave, slave],
  });
  closeSync(slave);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let shown = '';
  terminal.onBytes((bytes) => (shown += Buffer.from(bytes).toString('latin1')));
  try {
    while (!shown.includes('Ctrl-] ends it')) await delay(10);
    for (const keys of ['he', '\x03', 'help\n']) {
      terminal.write(Buffer.from(keys));
      await delay(50);
    }
    while (!shown.includes('no command "help"')) await delay(10);
    t.is(board.mode, 'console');
    terminal.write(Buffer.from('\x1d'));
    t.is(await ended, 0);
  } finally {
    child.kill('SIGKILL');
    terminal.close();
  }
});

/** Runs the command as a process, with this as its standard input. */
async function monitor(
  words: string[],
  input: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [command, 'monitor', ...words]);
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString('latin1')));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, out, err };
}
