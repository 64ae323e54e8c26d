/*
 * `hairpin capture` as a person runs it, at a soft board behind a pseudo-terminal: into a pipe, where tshark reads what
 * comes and finds nothing wrong with it, and into a file until Ctrl-C.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../host-tools/emulator/flash.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { packetsOf } from '../capture/blocks.ts';
import { openPty } from '../device/board/pty.ts';
import { SoftBoard } from '../device/board/soft-board.ts';
import { address, arpFrame, configText, ipFrame, mac } from '../scenes/cast.ts';
import { ping, tcp, udp } from '../wire/packets.ts';

const command = fileURLToPath(new URL('../../host-tools/cli/hairpin.mjs', import.meta.url));
const wiring = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');
const tshark = spawnSync('tshark', ['--version'], { stdio: 'ignore' }).error
  ? 'tshark is not installed; make lab-deps does it'
  : null;

/** Microseconds after which the router has announced its addresses, and says nothing unasked. */
const announced = 14_000_000;

interface Line {
  path: string;
  board: SoftBoard;
  /** The requests that came. */
  requests: string[];
}

function routerOnPty(t: ExecutionContext): Line {
  const flash = new Uint8Array(4 * 1024 * 1024).fill(0xff);
  flash[0x1000] = flash[0x10000] = 0xe9;
  const area = new Flash(flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES));
  const storage = new Storage(makeRealm(), area);
  storage.write('.boot0', readFileSync('dist/firmware.js', 'latin1'));
  storage.write('board.json', wiring);
  storage.write('config.json', configText('external'));
  const pty = openPty();
  const requests: string[] = [];
  const board = new SoftBoard({ send: (bytes) => pty.write(bytes), wiring, flash });
  board.world.wan.setLink(true);
  board.world.lan.setLink(true);
  board.world.run(announced);
  pty.onBytes((bytes) => {
    const text = Buffer.from(bytes).toString('latin1');
    requests.push(...[...text.matchAll(/\x10#([^\n]*)\n/g)].map(([, request]) => request));
    board.receive(bytes);
  });
  t.teardown(() => {
    board.end();
    pty.close();
  });
  return { path: pty.path, board, requests };
}

/** C connects to P:25 and is answered, pings R, asks I something; J knocks: eleven packets and C's, S's and G's ARP. */
function talk({ world }: SoftBoard): void {
  const deliver = (from: string, to: string, ip: Uint8Array) =>
    world[to === mac.routerWan ? 'wan' : 'lan'].deliver(ipFrame(from, to, Buffer.from(ip).toString('hex')));
  world.wan.deliver(arpFrame(1, mac.gateway, address.G, mac.routerWan, address.P));
  world.lan.deliver(arpFrame(1, mac.server, address.S, mac.routerLan, address.R));
  world.lan.deliver(arpFrame(1, mac.client, address.C, mac.routerLan, address.R));
  deliver(mac.client, mac.routerLan, tcp('C:33333', 'P:25', 'S', { tcpOptions: [2, 4, 5, 180] }));
  deliver(mac.server, mac.routerLan, tcp('S:25', 'P:33333', 'SA'));
  deliver(mac.client, mac.routerLan, tcp('C:33333', 'P:25', 'PA', { data: Buffer.from('HELO hairpin\r\n') }));
  deliver(mac.client, mac.routerLan, ping('C', 'R', 7));
  deliver(mac.client, mac.routerLan, udp('C:5353', 'I:53', { data: new Uint8Array(400) }));
  deliver(mac.gateway, mac.routerWan, tcp('J:50000', 'P:26', 'S'));
}
/** Frames of that talk on both wires: three ARP and their answers, five packets twice, and the knock. */
const talked = 6 + 10 + 1;

/** Lets somebody talk as soon as the command says that it captures. */
function talkTo(line: Line, child: ChildProcess): void {
  child.stderr!.on('data', (text: Buffer) => {
    if (text.includes('Ctrl-C ends it')) talk(line.board);
  });
}

/** A word for the shell. */
function quoted(word: string): string {
  return `'${word}'`;
}

const readTitle = 'tshark reads it out of the pipe: sides, directions, comments, no checksum wrong';
if (tshark !== null) test.skip(`${readTitle} (SKIPPED: ${tshark})`, () => {});
else
  test.serial(readTitle, async (t) => {
    const line = routerOnPty(t);
    const fields = [
      ...['frame.interface_name', 'frame.packet_flags_direction', 'ip.src', 'ip.dst', 'frame.comment'],
      ...['_ws.malformed', 'ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status'],
    ];
    const checks = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'];
    const words = [
      ...[process.execPath, command, 'capture', '-', '--port', line.path, '--snap', '1514'],
      ...['--count', String(talked), '|', 'tshark', '-l', '-r', '-', '-T', 'fields', '-E', 'separator=|'],
      ...fields.flatMap((field) => ['-e', field]),
      ...checks.flatMap((check) => ['-o', `${check}:TRUE`]),
    ];
    // A shell's pipe: tshark takes no socket, which is what Node would give it.
    const script = words.map((word) => (word === '|' ? word : quoted(word))).join(' ');
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    t.teardown(() => void child.kill('SIGKILL'));
    talkTo(line, child);
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    t.is(await new Promise((resolve) => child.once('close', resolve)), 0, err);
    t.regex(err, new RegExp(`${talked} packets in the standard output\\.\n`));
    const rows = out
      .trimEnd()
      .split('\n')
      .map((row) => row.split('|'));
    t.is(rows.length, talked);
    // Of a checksum 0 is bad, 1 good.
    for (const row of rows) {
      t.is(row[5], '', row.join('|'));
      for (const status of row.slice(6)) t.false(status.split(',').includes('0'), row.join('|'));
    }
    t.true(
      rows.some((row) => row[6] === '1') && rows.some((row) => row[7] === '1'),
      'checksums were looked at',
    );
    const hairpinned = rows.findIndex((row) =>
      row[4].startsWith('forwarded: 192.168.0.3:33333 > 12.0.0.1:25 became'),
    );
    t.deepEqual(rows[hairpinned].slice(0, 4), ['lan', '0x00000001', '192.168.0.3', '12.0.0.1']);
    t.deepEqual(rows[hairpinned + 1].slice(0, 4), ['lan', '0x00000002', '12.0.0.1', '192.168.0.2']);
    const knock = rows.find((row) =>
      row[4].startsWith('dropped: 198.51.100.11:50000 > 12.0.0.1:26. No forward'),
    );
    t.deepEqual(knock?.slice(0, 2), ['wan', '0x00000001']);
  });

test.serial('into a file until Ctrl-C: exit code 130, the file whole, the capture off', async (t) => {
  const line = routerOnPty(t);
  const file = join(tmpdir(), `hairpin-capture-${process.pid}.pcapng`);
  t.teardown(() => rmSync(file, { force: true }));
  const child = spawn(process.execPath, [command, 'capture', file, '--port', line.path], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  talkTo(line, child);
  let err = '';
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // It is written while it goes on.
  for (let n = 0; n < 500; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (err && packetsIn(file) >= talked) break;
  }
  t.is(packetsIn(file), talked);
  child.kill('SIGINT');
  t.is(await ended, 130);
  t.regex(
    err,
    /Ctrl-C ends it\.\n\d+ packets in \S+\.pcapng\.\nhairpin: Interrupted; nothing is left behind\.\n$/,
  );
  t.is(line.requests.at(-1), 'capture off');
});

function packetsIn(file: string): number {
  try {
    return packetsOf(readFileSync(file)).length;
  } catch {
    return 0;
  }
}
