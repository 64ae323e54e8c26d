// The emulator's Storage against a real interpreter's: the same calls must give the same results and leave the same bytes
// in flash, through deleted files, full flash and compaction.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'ava';
import { Flash } from '../../host-tools/emulator/flash.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { storageOperations } from '../emulator/storage-operations.ts';
import type { StorageOperation } from '../emulator/storage-operations.ts';
import { findInterpreters } from './interpreters.ts';

/** The Linux build's flash: a file, with pages of its own size. */
const LINUX_FLASH = { start: 0x10000000, bytes: 256 * 1024, pageBytes: 1024 };
/** From 200 files on, deleted ones counted, that build writes a table of names, which an ESP32's does not have. */
const OPERATIONS = 150;

/** Runs under Espruino and under Node: one line for each operation, what it gave or threw and how much is free. */
const PLAY = `
function play(storage, operations, say) {
  operations.forEach(function (o) {
    var result = 'did ';
    try {
      if (o.call === 'write') result += storage.write(o.name, o.text);
      if (o.call === 'writeAt') result += storage.write(o.name, o.text, o.at, o.size);
      if (o.call === 'erase') storage.erase(o.name);
      if (o.call === 'compact') storage.compact();
    } catch (error) {
      result = error.message;
    }
    say(result + ' ' + storage.getFree() + ' ' + JSON.stringify(storage.list()));
  });
}
`;

interface Played {
  readonly lines: readonly string[];
  readonly flash: Uint8Array;
}

function playInInterpreter(binary: string, operations: readonly StorageOperation[]): Played {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-storage-'));
  try {
    const script = `${PLAY}play(require('Storage'), ${JSON.stringify(operations)}, function (line) { print('L ' + line); });quit();`;
    writeFileSync(join(folder, 'play.js'), script);
    const { stdout } = spawnSync(binary, ['play.js'], { cwd: folder, encoding: 'latin1', timeout: 120_000 });
    const lines = stdout.split('\n').filter((line) => line.startsWith('L '));
    return {
      lines: lines.map((line) => line.slice(2).trim()),
      flash: new Uint8Array(readFileSync(join(folder, 'espruino.flash'))),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function playInModel(operations: readonly StorageOperation[]): Played & { readonly compactions: number } {
  const { start, bytes, pageBytes } = LINUX_FLASH;
  const flash = new Flash(new Uint8Array(bytes).fill(0xff), start, pageBytes);
  const printed: string[] = [];
  const lines: string[] = [];
  const storage = new Storage(makeRealm(), flash, (line) => printed.push(line));
  const play = new Function(`${PLAY}return play;`)() as (...args: unknown[]) => void;
  play(storage, operations, (line: string) => lines.push(line));
  return { lines, flash: flash.bytes, compactions: printed.length };
}

const { found, reason } = findInterpreters();
if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const binary of found) {
  for (const [seed, longest] of [
    [1, 2000],
    [2, 20_000],
    [3, 60_000],
    [4, 200_000],
  ]) {
    test(`${basename(binary)} ${found.indexOf(binary) + 1}: Storage, seed ${seed}, files of up to ${longest} bytes`, (t) => {
      const operations = storageOperations(seed, OPERATIONS, longest);
      const real = playInInterpreter(binary, operations);
      const model = playInModel(operations);
      t.is(real.lines.length, OPERATIONS);
      t.true(model.compactions > 0);
      real.lines.forEach((line, i) =>
        t.is(model.lines[i], line, `operation ${i}: ${JSON.stringify(operations[i]).slice(0, 200)}`),
      );
      t.is(Buffer.compare(model.flash, real.flash), 0, 'bytes of the flash');
    });
  }
}
