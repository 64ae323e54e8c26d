/** The wrapped esptool-js against the software ROM: who is there, reading, erasing, writing, and every way to fail. */
import { createHash } from 'node:crypto';
import test from 'ava';
import { connectChip, NoLoader } from '../../../host-tools/device/flash/chip.ts';
import { LineLost } from '../../../host-tools/device/serial/byte-line.ts';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { MAC, magics } from '../board/rom-registers.ts';
import { emptyFlash, SoftChip, type SoftChipOptions } from './soft-chip.ts';
import { VirtualTime } from '../board/virtual-time.ts';

const connect = (options: SoftChipOptions = {}, baud = 115200) => {
  const soft = new SoftChip(options);
  return { soft, connecting: connectChip(soft.line, baud, new VirtualTime()) };
};
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const pattern = (size: number) => new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) & 0xff);

test('the chip says who it is, whatever it printed before', async (t) => {
  const { connecting } = connect({ noise: 'rst:0x1 (POWERON_RESET)\r\n\xc0' });
  const chip = await connecting;
  t.is(chip.description, 'ESP32-D0WD-V3 (revision 3)');
  t.is(chip.mac, MAC);
  t.is(chip.flashSize, 0x400000);
  t.true(chip.hasResetLines);
});

test('without reset lines it is heard when BOOT was held, also with the second stage still running', async (t) => {
  const { soft, connecting } = connect({ lines: false, bootHeld: true });
  const chip = await connecting;
  t.false(chip.hasResetLines);
  await chip.release();
  const again = await connectChip(soft.line, 115200, new VirtualTime());
  t.is(again.mac, MAC);
});

test('regions are read, erased, written and digested', async (t) => {
  const { soft, connecting } = connect({ flash: new Uint8Array(0x400000) });
  const chip = await connecting;
  await chip.erase(0x3000, 0x2000);
  t.deepEqual(
    [soft.flash[0x2fff], soft.flash[0x3000], soft.flash[0x4fff], soft.flash[0x5000]],
    [0, 255, 255, 0],
  );
  const image = pattern(100_000);
  const seen: number[] = [];
  await chip.write(0x10000, image, (done) => seen.push(done));
  t.deepEqual(soft.flash.slice(0x10000, 0x10000 + image.length), image);
  t.is(seen.at(-1), image.length);
  t.is(await chip.digest(0x10000, image.length), md5(image));
  t.deepEqual(await chip.read(0x10000, 5000), image.slice(0, 5000));
  await chip.eraseAll();
  t.true(soft.flash.every((byte) => byte === 0xff));
});

test('restart starts the application and gives the line back at 115200', async (t) => {
  for (const lines of [true, false]) {
    const { soft, connecting } = connect({ lines, bootHeld: true }, 460800);
    const chip = await connecting;
    t.is(soft.rom.baud, 460800);
    await chip.restart();
    await chip.release();
    t.is(soft.starts, 1);
    let heard = '';
    soft.line.onBytes((bytes) => (heard += String.fromCharCode(...bytes)));
    soft.rom.enter();
    t.regex(heard, /waiting for download/);
  }
});

test('a cable that does not carry the speed: back to 115200, or the sentence', async (t) => {
  const { soft, connecting } = connect({ fastestBaud: 115200 }, 921600);
  const chip = await connecting;
  t.is(soft.rom.baud, 115200);
  t.is(await chip.digest(0, 16), md5(emptyFlash(16)));

  const byHand = connect({ fastestBaud: 115200, lines: false, bootHeld: true }, 921600);
  const error = await t.throwsAsync(byHand.connecting, { instanceOf: UserError });
  t.regex(error.message, /does not carry 921600 .* --baud 115200/);
});

const refusals: [what: string, options: SoftChipOptions, sentence: RegExp][] = [
  ['an ESP32-S3', { magic: magics.esp32s3 }, /is an ESP32-S3; Hairpin runs on the classic ESP32/],
  ['an ESP32-C3', { magic: magics.esp32c3 }, /is an ESP32-C3/],
  ['a chip nobody knows', { magic: 0x12345678 }, /is unknown to esptool/],
  ['a flash chip that is silent', { flash: new Uint8Array(0) }, /does not find its flash chip: disconnect/],
];
for (const [what, options, sentence] of refusals)
  test(`refused: ${what}`, async (t) => {
    const error = await t.throwsAsync(connect(options).connecting, { instanceOf: UserError });
    t.regex(error.message, sentence);
  });

test('a silent board: the sentence with the buttons', async (t) => {
  for (const options of [{ silent: true }, { lines: false }]) {
    const error = await t.throwsAsync(connect(options).connecting, { instanceOf: NoLoader });
    t.regex(error.message, /hold BOOT, tap EN, let go of BOOT/);
  }
});

test('lost bytes: what is answered at all is right, and nothing hangs', async (t) => {
  const image = pattern(40_000);
  const outcomes = { written: 0, refused: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const { soft, connecting } = connect({ lost: { oneIn: 3000, seed } });
    try {
      const chip = await connecting;
      await chip.write(0x10000, image, () => {});
      if ((await chip.digest(0x10000, image.length)) !== md5(image)) throw new UserError('mismatch');
      t.deepEqual(soft.flash.slice(0x10000, 0x10000 + image.length), image, `seed ${seed}`);
      outcomes.written += 1;
    } catch (error) {
      t.false(error instanceof LineLost, `seed ${seed}: ${error}`);
      outcomes.refused += 1;
    }
  }
  t.log(outcomes);
  t.true(outcomes.written > 0);
});

test('the cable is pulled at any packet: the sentence that says so, at once', async (t) => {
  const image = pattern(40_000);
  const whole = connect();
  await (await whole.connecting).write(0x10000, image, () => {});
  const last = whole.soft.rom.packets;
  t.true(last > 30);
  for (let packet = 1; packet <= last; packet++) {
    const { connecting } = connect({ unplugAtPacket: packet });
    const run = connecting.then((chip) => chip.write(0x10000, image, () => {}));
    await t.throwsAsync(run, { instanceOf: LineLost }, `packet ${packet}`);
  }
});

test('one packet lost on its way, whichever: asked again, and nothing else is different', async (t) => {
  const run = async (lost: number) => {
    const { line, flash } = new SoftChip();
    let written = 0;
    const write = line.write.bind(line);
    line.write = (bytes) => (++written === lost ? Promise.resolve() : write(bytes));
    const chip = await connectChip(line, 115200, new VirtualTime());
    await chip.erase(0x1000, 0x1000);
    await chip.write(0x10000, pattern(100), () => {});
    t.is(await chip.digest(0x10000, 100), md5(pattern(100)), `${lost}`);
    t.deepEqual(await chip.read(0x10000, 100), pattern(100));
    t.is(flash[0x10000], 0);
    return written;
  };
  const all = await run(0);
  for (let lost = 1; lost <= all; lost++) t.true((await run(lost)) > all, `${lost} of ${all}`);
});
