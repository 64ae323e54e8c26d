// The board in software: it starts what is in its flash, its prompt and its router's console answer the tools' own
// clients, and a broken wire shows. In real time, over a line in memory.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../host-tools/emulator/flash.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { enterQuietRepl, restartIntoRouter } from '../../host-tools/device/repl/enter.ts';
import { whoIsThere } from '../../host-tools/device/repl/who.ts';
import { linePair } from '../device/board/memory-line.ts';
import { SoftBoard } from '../device/board/soft-board.ts';
import { configText } from '../scenes/cast.ts';

const wiring = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');
const firmware = readFileSync('dist/firmware.js', 'latin1');

/** A chip with Espruino, and these files in its Storage. */
function flashWith(files: Record<string, string>): Uint8Array {
  const flash = new Uint8Array(4 * 1024 * 1024).fill(0xff);
  flash[0x1000] = flash[0x10000] = 0xe9;
  const area = new Flash(flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES));
  const storage = new Storage(makeRealm(), area);
  for (const [name, text] of Object.entries(files)) storage.write(name, text);
  return flash;
}

function plugged(flash?: Uint8Array) {
  const pair = linePair();
  let heard = '';
  const board = new SoftBoard({ send: (bytes) => void pair.board.write(bytes), wiring, flash });
  pair.board.onBytes((bytes) => board.receive(bytes));
  pair.host.onBytes((bytes) => (heard += Buffer.from(bytes).toString('latin1')));
  return { board, line: pair.host, heard: () => heard };
}

test('an empty chip complains, and has a boot loader', async (t) => {
  const { board, heard } = plugged();
  t.teardown(() => board.end());
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.regex(heard(), /invalid header: 0xffffffff/);
  board.reset(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.regex(heard(), /waiting for download/);
});

test('a router that runs, steps aside for the prompt, and comes back; a broken wire shows in its status', async (t) => {
  const files = { '.boot0': firmware, 'board.json': wiring, 'config.json': configText('external') };
  const { board, line } = plugged(flashWith(files));
  t.teardown(() => board.end());
  t.is((await whoIsThere(line)).who, 'console');
  const repl = await enterQuietRepl(line);
  t.is(await repl.evaluate('1+2'), '3');
  t.true((await repl.listFiles()).includes('.boot0'));
  const status = (await restartIntoRouter(repl)) as unknown as { ok: boolean; version: string };
  t.true(status.ok);
  board.breakWire('lan.miso', 'open');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { lan } = JSON.parse(board.world.board.hairpin('status')) as { lan: { chip: boolean } };
  t.false(lan.chip);
});
