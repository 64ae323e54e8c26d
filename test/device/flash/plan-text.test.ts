/** A plan reads as a list of what goes where, what is erased and why. */
import test from 'ava';
import { type FlashJob, storedNames } from '../../../host-tools/device/flash/flash.ts';
import { chipText, espruinoLines, routerLines } from '../../../host-tools/device/flash/plan-text.ts';
import type { Release } from '../../../host-tools/device/flash/release.ts';

const image = {
  file: 'bootloader.bin',
  what: 'boot loader',
  offset: 0x1000,
  bytes: new Uint8Array(17500),
  md5: '',
};
const release: Release = { path: './espruino_2v29_esp32', version: '2v29', images: [image] };

test('with a chip: what is done and why', (t) => {
  t.deepEqual(
    espruinoLines(release, [
      { action: 'erase', what: 'the whole flash', region: 'all', why: 'its partition table is empty' },
      { action: 'write', image },
      { action: 'keep', image },
    ]),
    [
      'Espruino 2v29 from ./espruino_2v29_esp32:',
      '  erase the whole flash: its partition table is empty',
      '  boot loader     bootloader.bin          0x001000   18 kB  write',
      '  boot loader     bootloader.bin          0x001000   18 kB  already there',
    ],
  );
});

test('where nothing is left of Storage, nothing is said to stay', (t) => {
  const job = { delivery: { firmware: '', otherwise: '' }, named: {} } as FlashJob;
  const words = (emptied: boolean) => storedNames(job, emptied).map(({ what }) => what);
  t.regex(words(false)[1], /^what is on the board stays; none is named/);
  t.is(words(true)[0], 'the usual wiring');
  t.regex(words(true)[1], /^none, so the router will stand still: none is named/);
});

test('a configuration that takes the place of the one on the board: said, where Storage is left', (t) => {
  const named = { config: 'from ./hairpin.json' };
  const job = { delivery: { firmware: '', otherwise: '' }, named } as FlashJob;
  const words = (emptied: boolean) => storedNames(job, emptied)[1].what;
  t.is(words(false), 'from ./hairpin.json, in place of what the board has (hairpin config pull keeps that)');
  t.is(words(true), 'from ./hairpin.json');
});

test('without a chip: what may happen', (t) => {
  const lines = espruinoLines({ ...release, version: null }, null);
  t.is(lines[0], 'Espruino from ./espruino_2v29_esp32:');
  t.regex(lines[1], /bootloader\.bin .* write, unless it is there already$/);
  t.regex(lines[2], /erased first if it is laid out for something else/);
});

test('the chip, and what follows in Espruino', (t) => {
  const chip = { description: 'ESP32-D0WD-V3 (revision 3)', mac: '24:0a:c4:12:34:56', hasResetLines: true };
  t.is(
    chipText({ ...chip, flashSize: 0x400000 }),
    'ESP32-D0WD-V3 (revision 3), 24:0a:c4:12:34:56, 4 MB of flash',
  );
  const lines = routerLines([{ name: '.boot0', what: 'the firmware, 66 kB' }]);
  t.deepEqual(
    [1, 2].map((index) => lines[index].slice(0, 27)),
    ['  Bluetooth       off, if i', '  .boot0          the firmw'],
  );
});
