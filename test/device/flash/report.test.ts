/** What --json prints, and the last lines for a person. */
import test from 'ava';
import type { FlashDone } from '../../../host-tools/device/flash/flash.ts';
import type { Release } from '../../../host-tools/device/flash/release.ts';
import { flashReport, resultLines } from '../../../host-tools/device/flash/report.ts';

const image = {
  file: 'bootloader.bin',
  what: 'boot loader',
  offset: 0x1000,
  bytes: new Uint8Array(8),
  md5: 'aa',
};
const release: Release = { path: './r', version: '2v29', images: [image] };
const status = {
  ok: true,
  version: '0.1.0',
  wan: { address: '12.0.0.1', chip: true, link: true },
  lan: { address: '192.168.0.1', chip: false, link: false },
};
const done: FlashDone = {
  images: {
    chip: { description: 'ESP32', mac: '24:0a:c4:12:34:56', flashSize: 0x400000, hasResetLines: true },
    steps: [
      { action: 'erase', what: 'the whole flash', region: 'all', why: 'its partition table is empty' },
      { action: 'write', image },
    ],
    outcomes: { 'bootloader.bin': 'repaired' },
  },
  router: {
    espruino: '2v29',
    bluetooth: 'switched off',
    files: [
      { name: 'board.json', bytes: 300, written: false },
      { name: '.boot0', bytes: 70000, written: true },
    ],
    configReplaced: false,
    status,
  },
};

test('one object with its schema; what was not done is null', (t) => {
  t.deepEqual(flashReport('/dev/x', release, false, done), {
    schema: 'hairpin.flash/1',
    port: '/dev/x',
    dryRun: false,
    chip: { description: 'ESP32', mac: '24:0a:c4:12:34:56', flashSize: 4194304 },
    release: {
      path: './r',
      version: '2v29',
      images: [
        { file: 'bootloader.bin', offset: 4096, size: 8, md5: 'aa', action: 'write', outcome: 'repaired' },
      ],
    },
    erased: [{ what: 'the whole flash', why: 'its partition table is empty' }],
    espruino: '2v29',
    bluetooth: 'switched off',
    files: done.router!.files,
    configReplaced: false,
    status,
  });
  const nothing = flashReport(null, null, true, { images: null, router: null });
  t.deepEqual([nothing.chip, nothing.release, nothing.erased, nothing.status], [null, null, [], null]);
});

test('for a person: what was written, and the first status', (t) => {
  t.deepEqual(resultLines(done), [
    "Espruino's images: 1 written twice, since the first time did not match.",
    'Espruino 2v29: .boot0 written. Bluetooth is off now.',
    'The router runs (version 0.1.0): wan 12.0.0.1, link up; lan 192.168.0.1, chip silent. hairpin doctor --probe says which wire it is.',
  ]);
  t.deepEqual(resultLines({ images: null, router: null }), []);
  const leased = { ...status, wan: { address: '0.0.0.0', chip: true, link: true } };
  t.regex(
    resultLines({ images: null, router: { ...done.router!, status: leased } })[1],
    /: wan asks for an address, link up; lan /,
  );
  const replaced = resultLines({ images: null, router: { ...done.router!, configReplaced: true } });
  t.regex(
    replaced[1],
    /^The configuration takes the place of another one on the board: .* hairpin config pull FILE/,
  );
});
