/** What is judged over what was found on a chip: kept, written, erased first, or refused. */
import test from 'ava';
import { judgeStorage } from '../../../host-tools/device/flash/inspect.ts';
import { espruinoLayout } from '../../../host-tools/device/flash/partitions.ts';
import { changesAnything, type ChipState, planFlash } from '../../../host-tools/device/flash/plan.ts';
import type { Release } from '../../../host-tools/device/flash/release.ts';

const image = (file: string, md5: string, offset: number) => ({
  file,
  what: file,
  offset,
  bytes: new Uint8Array(4),
  md5,
});
const release: Release = {
  path: 'espruino_2v29_esp32',
  version: '2v29',
  images: [
    image('bootloader.bin', 'b', 0x1000),
    image('partitions_espruino.bin', 'p', 0x8000),
    image('espruino_esp32.bin', 'e', 0x10000),
  ],
};
const same: ChipState = {
  flashSize: 0x400000,
  digests: { 'bootloader.bin': 'b', 'espruino_esp32.bin': 'e', 'partitions_espruino.bin': 'p' },
  table: [...espruinoLayout],
  otadataErased: true,
  storage: 'files',
};

/** "keep bootloader.bin", "erase the whole flash". */
const plan = (state: Partial<ChipState>) =>
  planFlash(release, { ...same, ...state }).map((step) =>
    step.action === 'erase' ? `erase ${step.what}` : `${step.action} ${step.image.file}`,
  );
const keepAll = ['keep bootloader.bin', 'keep partitions_espruino.bin', 'keep espruino_esp32.bin'];
const writeAll = keepAll.map((step) => step.replace('keep', 'write'));

test('what is there is kept, what differs is written, Storage is left alone', (t) => {
  t.deepEqual(plan({}), keepAll);
  t.false(changesAnything(planFlash(release, same)));
  t.deepEqual(plan({ digests: { ...same.digests, 'espruino_esp32.bin': 'x' } }), [
    'keep bootloader.bin',
    'keep partitions_espruino.bin',
    'write espruino_esp32.bin',
  ]);
  t.deepEqual(plan({ storage: 'empty' }), keepAll);
});

test('another layout, or none: everything is erased and written, and the reason is said', (t) => {
  for (const [table, why] of [
    ['is empty', /its partition table is empty/],
    [espruinoLayout.filter(({ label }) => label !== 'storage'), /has no partition 'storage'/],
  ] as const) {
    t.deepEqual(plan({ table: typeof table === 'string' ? table : [...table] }), [
      'erase the whole flash',
      ...writeAll,
    ]);
    const [erase] = planFlash(release, { ...same, table: typeof table === 'string' ? table : [...table] });
    t.regex(erase.action === 'erase' ? erase.why : '', why);
  }
});

test('a table of other bytes but the same regions is written without erasing anything', (t) => {
  t.deepEqual(plan({ digests: { ...same.digests, 'partitions_espruino.bin': 'x' } }), [
    'keep bootloader.bin',
    'write partitions_espruino.bin',
    'keep espruino_esp32.bin',
  ]);
});

test('only what stands in the way is erased: a choice of another program, a Storage nobody knows', (t) => {
  t.deepEqual(plan({ otadataErased: false, storage: 'foreign' }), [
    'erase the choice of program (otadata)',
    "erase Espruino's Storage",
    ...keepAll,
  ]);
});

test('everything is erased and written when that is asked for', (t) => {
  const steps = planFlash(release, same, true);
  t.deepEqual(
    steps.map(({ action }) => action),
    ['erase', 'write', 'write', 'write'],
  );
});

test('a module with 2 MB is refused; one with 16 MB is not', (t) => {
  t.throws(() => plan({ flashSize: 0x200000 }), { message: /has 2 MB of flash and .* needs 4 MB/ });
  t.deepEqual(plan({ flashSize: 0x1000000 }), keepAll);
});

test('the first header of Storage tells whose it is', (t) => {
  const header = (size: number, name: string) => {
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setUint32(0, size, true);
    bytes.set(new TextEncoder().encode(name), 4);
    return judgeStorage(bytes, 896 * 1024);
  };
  t.is(judgeStorage(new Uint8Array(32).fill(0xff), 896 * 1024), 'empty');
  t.is(header(60_000, '.boot0'), 'files');
  t.is(header(1200 | (64 << 24), 'log\x01'), 'files');
  t.is(header(1200, '\0\0\0\0t0'), 'files');
  t.is(header(0, 'config.json'), 'foreign');
  t.is(header(2_000_000, 'config.json'), 'foreign');
  t.is(header(1200, 'caf\u00e9'), 'foreign');
  t.is(judgeStorage(new Uint8Array(32), 896 * 1024), 'foreign');
});
