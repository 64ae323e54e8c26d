/** A release goes onto the software ROM's flash: dry, twice, onto what was there, with faults, unplugged everywhere. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { silentProgress } from '../../../host-tools/cli/progress.ts';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { LineLost } from '../../../host-tools/device/serial/byte-line.ts';
import { flashImages, type ImagesDone } from '../../../host-tools/device/flash/images.ts';
import { espruinoLayout } from '../../../host-tools/device/flash/partitions.ts';
import { readRelease } from '../../../host-tools/device/flash/release.ts';
import { fakeImage, fakeRelease, fakeTable, writeFiles } from '../board/fake-release.ts';
import { ops } from '../board/loader-packets.ts';
import { emptyFlash, SoftChip, type SoftChipOptions } from './soft-chip.ts';
import { VirtualTime } from '../board/virtual-time.ts';

const root = mkdtempSync(join(tmpdir(), 'hairpin-images-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
const release = readRelease(writeFiles(join(root, 'espruino_2v29_esp32'), fakeRelease()));
const boot = release.images[0];

function flash(options: SoftChipOptions & { dryRun?: boolean; erase?: boolean }): {
  soft: SoftChip;
  done: Promise<ImagesDone>;
} {
  const soft = new SoftChip(options);
  const done = flashImages(soft.line, {
    release,
    baud: 115200,
    erase: options.erase ?? false,
    dryRun: options.dryRun ?? false,
    progress: silentProgress,
    onPlan: () => {},
    time: new VirtualTime(),
  });
  return { soft, done };
}

/** Flash as an undisturbed run leaves an empty chip. */
const expected = emptyFlash();
for (const { offset, bytes } of release.images) expected.set(bytes, offset);

/** Byte by byte without the copies and messages of an assertion over 4 MB. */
const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

/** Something that is no Espruino: another layout, other contents everywhere. */
function foreign(): Uint8Array {
  const bytes = new Uint8Array(0x400000).fill(0x5a);
  bytes.set(fakeTable(espruinoLayout.slice(0, 4)), 0x8000);
  return bytes;
}

test('an empty chip gets all three images; the application starts', async (t) => {
  const { soft, done } = flash({});
  t.deepEqual((await done).outcomes, {
    'bootloader.bin': 'written',
    'espruino_esp32.bin': 'written',
    'partitions_espruino.bin': 'written',
  });
  t.true(isSame(soft.flash, expected));
  t.is(soft.starts, 2);
});

test('a second run writes nothing and erases nothing; files in Storage stay', async (t) => {
  const bytes = expected.slice();
  bytes.set([16, 0, 0, 0, ...new TextEncoder().encode('config.json\0')], 0x320000);
  bytes.fill(0, 0x320010, 0x320020);
  const before = bytes.slice();
  const { soft, done } = flash({ flash: bytes });
  t.deepEqual(new Set(Object.values((await done).outcomes)), new Set(['there']));
  const changing: number[] = [ops.FLASH_DEFL_BEGIN, ops.FLASH_BEGIN, ops.ERASE_FLASH, ops.ERASE_REGION];
  t.deepEqual(
    soft.rom.log.filter((op) => changing.includes(op)),
    [],
  );
  t.true(isSame(soft.flash, before));
});

test('begun from nothing when that is asked for: settings and files go', async (t) => {
  const bytes = expected.slice();
  bytes.fill(0x77, 0x9000, 0xa000);
  bytes.set([16, 0, 0, 0, ...new TextEncoder().encode('config.json\0')], 0x320000);
  const { soft, done } = flash({ flash: bytes, erase: true });
  await done;
  t.true(isSame(soft.flash, expected));
});

test('another program on the chip: everything is erased', async (t) => {
  const { soft, done } = flash({ flash: foreign() });
  await done;
  t.true(isSame(soft.flash, expected));
});

test('otadata and a Storage nobody knows are erased, and nothing else', async (t) => {
  const bytes = expected.slice();
  bytes.set([1, 2, 3], 0xc000);
  bytes.fill(0x5a, 0x320000, 0x330000);
  bytes.fill(0x77, 0x9000, 0xa000);
  const { soft, done } = flash({ flash: bytes });
  await done;
  const kept = expected.slice().fill(0x77, 0x9000, 0xa000);
  t.true(isSame(soft.flash, kept));
});

test('a dry run compares, changes nothing, and lets the board go on', async (t) => {
  const bytes = expected.slice();
  bytes[0x10100] ^= 1;
  const before = bytes.slice();
  const { soft, done } = flash({ flash: bytes, dryRun: true });
  const { steps, outcomes } = await done;
  t.deepEqual(
    steps.map(({ action }) => action),
    ['keep', 'keep', 'write'],
  );
  t.deepEqual(outcomes, {});
  t.true(isSame(soft.flash, before));
  t.is(soft.starts, 2);
});

test('a weak cell: the image is written once more, and only then given up', async (t) => {
  const once = flash({ weak: { at: boot.offset + 100, times: 1 } });
  t.is((await once.done).outcomes['bootloader.bin'], 'repaired');
  t.true(isSame(once.soft.flash, expected));

  const always = flash({ weak: { at: boot.offset + 100, times: 9 } });
  const error = await t.throwsAsync(always.done, { instanceOf: UserError });
  t.regex(error.message, /^bootloader.bin could not be written: twice, .* another cable/);
});

test('refused before anything is written: a small flash', async (t) => {
  const { soft, done } = flash({ flash: new Uint8Array(0x200000) });
  await t.throwsAsync(done, { instanceOf: UserError, message: /has 2 MB of flash/ });
  t.true(soft.flash.every((byte) => byte === 0));
  t.is(soft.starts, 2);
});

test('lost bytes: whatever a run ends with, the next one on a good cable repairs it', async (t) => {
  const tally = { done: 0, refused: 0 };
  for (let seed = 1; seed <= 8; seed++) {
    const bytes = foreign();
    const { done } = flash({ flash: bytes, lost: { oneIn: 12_000, seed } });
    try {
      await done;
      t.true(isSame(bytes, expected), `seed ${seed}`);
      tally.done += 1;
    } catch (error) {
      t.true(error instanceof UserError && !(error instanceof LineLost), `seed ${seed}: ${error}`);
      tally.refused += 1;
      await flash({ flash: bytes }).done;
      t.true(isSame(bytes, expected), `seed ${seed}, second run`);
    }
  }
  t.log(tally);
});

test('unplugged at every packet: the sentence at once, and the next run ends as if nothing had been', async (t) => {
  const whole = flash({ flash: foreign() });
  await whole.done;
  // Before anything is written the sentence is all that can be wrong, and that is another test's.
  const first = whole.soft.rom.log.indexOf(ops.ERASE_FLASH);
  const last = whole.soft.rom.packets;
  t.true(first > 30 && last > first + 12, `${first} to ${last}`);
  for (let packet = first; packet <= last; packet++) {
    const bytes = foreign();
    await t.throwsAsync(
      flash({ flash: bytes, unplugAtPacket: packet }).done,
      { instanceOf: LineLost },
      `${packet}`,
    );
    const again = flash({ flash: bytes });
    await again.done;
    t.true(isSame(bytes, expected), `packet ${packet}`);
  }
});

test('unplugged while the images of another version are written over', async (t) => {
  const older = () => {
    const bytes = expected.slice();
    bytes.set(fakeImage({ size: 60_000, seed: 99 }), 0x10000);
    return bytes;
  };
  const whole = flash({ flash: older() });
  await whole.done;
  for (
    let packet = whole.soft.rom.log.indexOf(ops.FLASH_DEFL_BEGIN);
    packet <= whole.soft.rom.packets;
    packet++
  ) {
    const bytes = older();
    await t.throwsAsync(flash({ flash: bytes, unplugAtPacket: packet }).done, { instanceOf: LineLost });
    await flash({ flash: bytes }).done;
    t.true(isSame(bytes, expected), `packet ${packet}`);
  }
});
