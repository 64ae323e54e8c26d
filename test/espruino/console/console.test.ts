// The console in a real interpreter, on a real serial line: a pseudo-terminal. What only that can show: that the line
// really leaves the interpreter's console and comes back to it, that Ctrl-C is a character like any other, that a flood
// of input harms nothing, and that the router's loop goes on meanwhile. Skipped with the reason where there is none.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { openPty } from '../../device/board/pty.ts';
import { findInterpreters } from '../interpreters.ts';
import { soakPlan } from '../soak/traffic.ts';

const { found, reason } = findInterpreters();
const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const bundle = readFileSync('dist/firmware.js', 'latin1');
/** Milliseconds an answer may take on a loaded machine. */
const patience = 10_000;

interface Line {
  /** Presses Enter until there is a prompt: what is typed before the console has the line reaches nobody. */
  greet(): Promise<void>;
  /** Sends, and waits for what `wanted` describes. @returns everything heard since the last call */
  say(text: string, wanted: RegExp): Promise<string>;
  ask(request: string): Promise<Record<string, unknown>>;
}

async function withRouter(interpreter: string, use: (line: Line) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-console-'));
  const pty = openPty();
  const { files, wan, lan } = soakPlan(1, 1, 1);
  const names = [
    'Serial1',
    'LoopbackA',
    'LoopbackB',
    'echo',
    'print',
    'getTime',
    'setTimeout',
    'setInterval',
  ];
  const given = `var live = {${names.map((name) => `${name}: ${name}`).join(', ')}};
Object.assign(live, ${JSON.stringify({ path: pty.path, files, wan, lan })});`;
  writeFileSync(
    join(folder, 'run.js'),
    [given, read('../soak/stage.js'), read('./live.js'), bundle].join('\n'),
    'latin1',
  );
  const child = spawn(interpreter, ['run.js'], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let heard = '';
  const stop = pty.onBytes((bytes) => (heard += Buffer.from(bytes).toString('latin1')));
  const say: Line['say'] = async (text, wanted) => {
    pty.write(Buffer.from(text, 'latin1'));
    const end = Date.now() + patience;
    while (!wanted.test(heard)) {
      if (Date.now() > end)
        throw new Error(`No ${wanted} within ${patience} ms, only ${JSON.stringify(heard.slice(-300))}.`);
      await sleep(5);
    }
    const all = heard;
    heard = '';
    return all;
  };
  const ask: Line['ask'] = async (request) => {
    const text = await say(`\x10${request}\n`, /\r\n\{.*\}\r\n/);
    return JSON.parse(/\r\n(\{.*\})\r\n/.exec(text)![1]) as Record<string, unknown>;
  };
  const greet: Line['greet'] = async () => {
    const end = Date.now() + patience;
    for (; !/hairpin> $/.test(heard) && Date.now() < end; await sleep(100)) pty.write(Buffer.from('\r'));
    await sleep(300);
    heard = '';
  };
  try {
    await use({ greet, say, ask });
  } finally {
    child.kill('SIGKILL');
    await ended;
    stop();
    pty.close();
    rmSync(folder, { recursive: true });
  }
}

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const [index, interpreter] of found.entries()) {
  const name = `${basename(interpreter)} ${index + 1}`;

  test.serial(
    `${name}: people, programs, a flood, Ctrl-C, and the interpreter's prompt in the end`,
    async (t) => {
      await withRouter(interpreter, async ({ greet, say, ask }) => {
        await greet();
        t.regex(
          await say('show status\r', /hairpin> $/),
          /^show status\r\n[^]*wan\.address +12\.0\.0\.1\r\n/,
        );
        const before = (await ask('status')) as { uptime: number };

        // A flood that ends no line: control characters and all, but those that mean something.
        const noise = Array.from({ length: 20_000 }, (_, i) => (i * 79) & 127);
        const flood = Buffer.from(noise.filter((code) => ![3, 5, 10, 13].includes(code)));
        await say(`${flood.toString('latin1')}\r`, /longer than 240 characters[^]*hairpin> $/);
        await say('sho', /sho$/);
        await say('\x03', /hairpin> $/);
        await say('show version\r', /version +\d[^]*hairpin> $/);
        const after = (await ask('status')) as { uptime: number; ok: boolean };
        t.true(after.ok && after.uptime >= before.uptime);

        await say('\x10\x05', /Serial1/);
        t.regex(await say('\x05', /Espruino \d/), /Espruino 2v/);
        t.regex(await say("\x10print(hairpin('version'))\n", /"version"/), /"ok":true/);
        const { uptime } = JSON.parse(
          /\{.*\}/.exec(await say("\x10print(hairpin('status'))\n", /"uptime".*\}/))![0],
        ) as { uptime: number };
        t.true(uptime >= after.uptime, 'the router runs on');
      });
    },
  );
}
