/* Espruino's images go through a real serial port (a pseudo-terminal) to the software ROM, in real time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { silentProgress } from '../../host-tools/cli/progress.ts';
import { flashImages } from '../../host-tools/device/flash/images.ts';
import { readRelease } from '../../host-tools/device/flash/release.ts';
import { LineLost } from '../../host-tools/device/serial/byte-line.ts';
import { openPort } from '../../host-tools/device/serial/open-port.ts';
import { fakeRelease, writeFiles } from '../device/board/fake-release.ts';
import { openPty } from '../device/board/pty.ts';
import { Rom, type RomOptions } from '../device/board/rom.ts';

const root = mkdtempSync(join(tmpdir(), 'hairpin-flash-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
const release = readRelease(writeFiles(join(root, 'espruino_2v29_esp32'), fakeRelease()));

/** One run at 460800; a pseudo-terminal has no speed, so that only the order of things is tried. */
async function run(flash: Uint8Array, options: RomOptions = {}) {
  const pty = openPty();
  const rom = new Rom(flash, (bytes) => pty.write(bytes), { ...options, onUnplug: () => pty.close() });
  pty.onBytes((bytes) => rom.receive(bytes));
  const line = await openPort(pty.path);
  try {
    return await flashImages(line, {
      release,
      baud: 460800,
      erase: false,
      dryRun: false,
      progress: silentProgress,
      onPlan: () => {},
    });
  } finally {
    await line.close();
    pty.close();
  }
}

test('flashed, pulled in the middle, repaired, and found to be there', async (t) => {
  const flash = new Uint8Array(0x400000);
  await t.throwsAsync(run(flash, { unplugAfterBytes: 30_000 }), { instanceOf: LineLost });
  const { offset, bytes } = release.images.at(-1)!;
  t.is(flash[offset], 0xe9, 'the last image has been begun');
  t.notDeepEqual(flash.slice(offset, offset + bytes.length), bytes, 'but not finished');
  let starts = 0;
  const repaired = await run(flash, { onStart: () => starts++ });
  t.false(repaired.chip.hasResetLines);
  t.is(starts, 1);
  for (const { offset, bytes } of release.images)
    t.deepEqual(flash.slice(offset, offset + bytes.length), bytes);
  const { outcomes } = await run(flash);
  t.deepEqual(new Set(Object.values(outcomes)), new Set(['there']));
});
