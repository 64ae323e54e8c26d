// `hairpin doctor` as a process of its own, in real time over a pseudo-terminal: a broken wire, the restart
// into what the board was, the support bundle; a line without modem lines.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../host-tools/emulator/flash.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { openPty } from '../device/board/pty.ts';
import { SoftBoard } from '../device/board/soft-board.ts';
import { configText } from '../scenes/cast.ts';

const wiring = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');
const router = {
  '.boot0': readFileSync('dist/firmware.js', 'latin1'),
  'board.json': wiring,
  'config.json': configText('external'),
};

/** A chip with Espruino, and these files in its Storage. */
function flashWith(files: Record<string, string>): Uint8Array {
  const flash = new Uint8Array(4 * 1024 * 1024).fill(0xff);
  flash[0x1000] = flash[0x10000] = 0xe9;
  const area = new Flash(flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES));
  const storage = new Storage(makeRealm(), area);
  for (const [name, text] of Object.entries(files)) storage.write(name, text);
  return flash;
}

function plugIn(t: ExecutionContext, flash?: Uint8Array): { board: SoftBoard; path: string } {
  const pty = openPty();
  const board = new SoftBoard({ send: (bytes) => pty.write(bytes), wiring, flash });
  pty.onBytes((bytes) => board.receive(bytes));
  t.teardown(() => {
    board.end();
    pty.close();
  });
  return { board, path: pty.path };
}

interface Report {
  exitCode: number;
  findings: { id?: string; chip?: string; verdict: string; sentence: string }[];
}

async function doctor(port: string, ...more: string[]): Promise<Report> {
  const command = ['host-tools/cli/hairpin.mjs', 'doctor', '--port', port, '--json', ...more];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (!output.startsWith('{')) throw new Error(output);
  const report = JSON.parse(output) as Report;
  if (report.exitCode !== code) throw new Error(`It ended with ${code}, and says ${report.exitCode}.`);
  return report;
}

const wrong = ({ findings }: Report) =>
  findings
    .filter(({ verdict }) => verdict === 'bad')
    .map(({ id, chip }) => [id, chip].filter(Boolean).join(' '));

test.serial('what cannot be meant is refused before the port is opened', async (t) => {
  for (const [words, sentence] of [
    [['--board', 'nope'], /^hairpin: There is no board 'nope'/],
    [['--bundle', '/no/where'], /^hairpin: The support bundle '\/no\/where' cannot be written: /],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['host-tools/cli/hairpin.mjs', 'doctor', '--port', '/dev/nothing', ...words],
      { encoding: 'utf8' },
    );
    t.deepEqual([status, stdout], [2, '']);
    t.regex(stderr, sentence);
  }
});

test.serial('a bare board with a broken wire', async (t) => {
  const { board, path } = plugIn(t, flashWith({ 'board.json': wiring }));
  board.breakWire('wan.select', 'open');
  const report = await doctor(path);
  t.deepEqual(wrong(report), ['select-open wan'], JSON.stringify(report.findings, null, 1));
  t.is(report.exitCode, 1);
});

test.serial('a router makes room for the probe and comes back; a bundle for whoever helps', async (t) => {
  const { board, path } = plugIn(t, flashWith(router));
  board.breakWire('lan.interrupt', 'open');
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-doctor-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const report = await doctor(path, '--probe', '--bundle', join(folder, 'bundle.json'));
  t.deepEqual(wrong(report), ['interrupt-open lan'], JSON.stringify(report.findings, null, 1));
  t.true(report.findings.some(({ sentence }) => sentence === 'The router runs again.'));
  t.true((JSON.parse(board.world.board.hairpin('status')) as { ok: boolean }).ok);
  const bundle = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')) as Report & { schema: string };
  t.is(bundle.schema, 'hairpin.support/1');
  t.deepEqual(wrong(bundle), ['interrupt-open lan']);
});
