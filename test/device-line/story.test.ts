// The whole way of somebody with a new board, as the README tells it, by the command itself against a board in software
// on a pseudo-terminal: flash it, look at it, add a forward, break a wire and have the doctor name it. What is printed is
// what the README shows; `make readme` writes it anew.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { fakeRelease, writeFiles } from '../device/board/fake-release.ts';
import { openPty } from '../device/board/pty.ts';
import { SoftBoard } from '../device/board/soft-board.ts';

const command = join(process.cwd(), 'host-tools/cli/hairpin.mjs');
const wiring = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');
const block = /(<!-- first hour:[^\n]*-->\n\n```console\n)[^]*?(```\n\n<!-- end of first hour -->)/;

interface Said {
  code: number | null;
  out: string;
  err: string;
}

test('from a bare board to a router', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-story-'));
  const pty = openPty();
  const board = new SoftBoard({ send: (bytes) => pty.write(bytes), wiring, download: true });
  pty.onBytes((bytes) => board.receive(bytes));
  t.teardown(() => {
    board.end();
    pty.close();
    rmSync(folder, { recursive: true });
  });
  writeFiles(join(folder, 'espruino_2v29_esp32'), fakeRelease());
  writeFileSync(join(folder, 'hairpin.json'), readFileSync('hairpin.example.json'));

  let listing = '';
  const hairpin = async (line: string): Promise<Said> => {
    const child = spawn(process.execPath, [command, ...line.split(' ')], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, HAIRPIN_PORT: pty.path, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Said = { code: null, out: '', err: '' };
    child.stdout.on('data', (text) => (said.out += text));
    child.stderr.on('data', (text) => (said.err += text));
    said.code = await new Promise((resolve) => child.on('close', resolve));
    return said;
  };
  /** What a person sees at the end, without the progress on the way. */
  const show = async (line: string): Promise<Said> => {
    const said = await hairpin(line);
    listing += `$ hairpin ${line}\n${said.out}\n`.replaceAll(pty.path, '/dev/ttyUSB0');
    return said;
  };

  const flashed = await show('flash --espruino espruino_2v29_esp32');
  t.is(flashed.code, 0, flashed.err);
  t.is((await show('status')).code, 0);
  t.is((await show('forward add web tcp 8080 192.168.0.2:80')).code, 0);
  t.is((await show('forwards')).code, 0);
  const forwards = JSON.parse((await hairpin('forwards --json')).out) as { forwards: { name: string }[] };
  t.true(forwards.forwards.some(({ name }) => name === 'web'));
  const status = JSON.parse((await hairpin('status --json')).out) as { schema: string; forwards: object[] };
  t.is(status.schema, 'hairpin.status/1');
  t.like(status.forwards[3], { name: 'web', proto: 'tcp', port: 8080, to: '192.168.0.2:80' });

  board.breakWire('lan.miso', 'open');
  const doctor = await show('doctor --probe');
  t.is(doctor.code, 1, doctor.err);
  t.regex(doctor.out, /MISO is not connected/);
  t.regex(doctor.out, /the wire from D19 to MISO .* of the LAN module/);

  const readme = readFileSync('README.md', 'utf8');
  t.regex(readme, block);
  const shown = listing.trimEnd().replace(/running for \d+ s/, 'running for 2 s') + '\n';
  const wanted = readme.replace(block, (_, begin: string, end: string) => begin + shown + end);
  if (process.env.UPDATE_README) writeFileSync('README.md', wanted);
  else t.is(readme, wanted);
});
