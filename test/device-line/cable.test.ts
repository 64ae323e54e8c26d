/* The commands that talk to a running router, as a person runs them, at a soft board behind a pseudo-terminal. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../host-tools/emulator/flash.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { hairpin, temporaryFile } from '../cli/command.ts';
import { openPty } from '../device/board/pty.ts';
import { SoftBoard } from '../device/board/soft-board.ts';
import { configText } from '../scenes/cast.ts';

const command = fileURLToPath(new URL('../../host-tools/cli/hairpin.mjs', import.meta.url));
const wiring = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

/** A chip with Espruino and the router. */
function flashWithRouter(): Uint8Array {
  const flash = new Uint8Array(4 * 1024 * 1024).fill(0xff);
  flash[0x1000] = flash[0x10000] = 0xe9;
  const area = new Flash(flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES));
  const storage = new Storage(makeRealm(), area);
  storage.write('.boot0', readFileSync('dist/firmware.js', 'latin1'));
  storage.write('board.json', wiring);
  storage.write('config.json', configText('external'));
  return flash;
}

/** Its port, and the requests that came. */
function routerOnPty(t: ExecutionContext): { path: string; requests: string[] } {
  const pty = openPty();
  const requests: string[] = [];
  const board = new SoftBoard({ send: (bytes) => pty.write(bytes), wiring, flash: flashWithRouter() });
  pty.onBytes((bytes) => {
    const text = Buffer.from(bytes).toString('latin1');
    requests.push(...[...text.matchAll(/\x10#([^\n]*)\n/g)].map(([, request]) => request));
    board.receive(bytes);
  });
  t.teardown(() => {
    board.end();
    pty.close();
  });
  return { path: pty.path, requests };
}

test.serial('configured, asked and configured again over one cable', async (t) => {
  const { path } = routerOnPty(t);
  const port = ['--port', path];
  const status = await hairpin(['status', '--json', ...port]);
  t.is(status.err, '');
  t.like(JSON.parse(status.out), { schema: 'hairpin.status/1', port: path, running: true });
  t.is((await hairpin(['forward', 'add', 'web', 'tcp', '80', '192.168.0.2', ...port])).exitCode, 0);
  t.is((await hairpin(['config', 'get', 'forwards.web.to', ...port])).out, '192.168.0.2:80\n');
  const file = temporaryFile('home.json', configText('lan'));
  t.teardown(file.remove);
  t.is((await hairpin(['config', 'diff', file.path, ...port])).exitCode, 1);
  const pushed = await hairpin(['config', 'push', file.path, ...port]);
  t.regex(pushed.out, /home\.json is on the board\.\nHairpin \d/);
  t.is(pushed.exitCode, 0);
  t.is((await hairpin(['config', 'diff', file.path, ...port])).exitCode, 0);
});

test.serial('trace: Ctrl-C switches it off and is exit code 130', async (t) => {
  const { path, requests } = routerOnPty(t);
  const child = spawn(process.execPath, [command, 'trace', '--port', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr.on('data', (text: Buffer) => {
    err += text.toString();
    if (text.includes('Tracing every packet')) child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  t.is(code, 130);
  t.regex(err, /^Tracing every packet; Ctrl-C ends it\.\nhairpin: Interrupted; nothing is left behind\.\n$/);
  t.true(requests.includes('trace on'));
  t.is(requests.at(-1), 'trace off');
});

test.serial('no port, and one that is no port', async (t) => {
  const none = await hairpin(['status'], { HAIRPIN_PORT: '/dev/there-is-no-board' });
  t.deepEqual([none.exitCode, none.out], [2, '']);
  t.regex(none.err, /^hairpin: \/dev\/there-is-no-board cannot be opened: there is no such port[^\n]*\n$/);
});
