/** From a bare chip to a router over one line, and again after whatever went wrong in between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { silentProgress } from '../../../host-tools/cli/progress.ts';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { readBoard } from '../../../host-tools/device/board/boards.ts';
import { NoLoader } from '../../../host-tools/device/flash/chip.ts';
import { flashBoard, type FlashDone, type FlashJob } from '../../../host-tools/device/flash/flash.ts';
import { readRelease } from '../../../host-tools/device/flash/release.ts';
import { LineLost } from '../../../host-tools/device/serial/byte-line.ts';
import { Flash, STORAGE_BYTES, STORAGE_START } from '../../../host-tools/emulator/flash.ts';
import { bareBoard } from '../board/bare.ts';
import { fakeRelease, writeFiles } from '../board/fake-release.ts';
import { VirtualTime } from '../board/virtual-time.ts';
import { emptyFlash, SoftChip, type SoftChipOptions } from './soft-chip.ts';
import { softEspruino } from './soft-espruino.ts';

const root = mkdtempSync(join(tmpdir(), 'hairpin-flash-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
const release = readRelease(writeFiles(join(root, 'espruino_2v29_esp32'), fakeRelease()));

const config = '{"wan":{"address":"12.0.0.1/24"}}\n';
const wiring = readBoard('esp32-shared-bus').text;
const job: FlashJob = {
  release,
  delivery: { firmware: '/* a router */'.repeat(90), otherwise: wiring, config },
  named: { config: 'from hairpin.json' },
  baud: 115200,
  erase: false,
  dryRun: false,
};

interface Run {
  soft: SoftChip;
  said: string[];
  history: string[];
  done: Promise<FlashDone>;
}

function run(options: SoftChipOptions = {}, change: Partial<FlashJob> = {}): Run {
  const time = new VirtualTime();
  const [said, history]: string[][] = [[], []];
  const soft = new SoftChip({ application: softEspruino({ release, time, history }), ...options });
  const listener = { say: (line: string) => void said.push(line), progress: silentProgress };
  const done = flashBoard(soft.line, { ...job, ...change }, listener, time).finally(() => soft.unplug());
  return { soft, said, history, done };
}

function filesIn(flash: Uint8Array): Record<string, string> {
  const { storage } = bareBoard(new Flash(flash.subarray(STORAGE_START, STORAGE_START + STORAGE_BYTES)));
  storage.powerOn();
  return Object.fromEntries(storage.list().map((name) => [name, storage.read(name)!]));
}

/** The board is what an undisturbed run makes of it. */
function assertRouter(t: ExecutionContext, flash: Uint8Array, when = ''): void {
  for (const { file, offset, bytes } of release.images)
    t.is(Buffer.compare(flash.subarray(offset, offset + bytes.length), bytes), 0, `${file} ${when}`);
  const files = filesIn(flash);
  t.is(files['.boot0'], job.delivery.firmware, when);
  t.is(files['board.json'], wiring, when);
  t.true(
    Object.values(files).some((text) => text.startsWith('hairpin-config/1') && text.includes(config)),
    when,
  );
  t.is(flash[0x9000], 0, `Bluetooth ${when}`);
}

test('a bare chip becomes a router: images, Bluetooth off before the firmware, files, first status', async (t) => {
  const { soft, said, history, done } = run();
  const { images, router } = await done;
  t.deepEqual(new Set(Object.values(images!.outcomes)), new Set(['written']));
  t.is(router!.espruino, '2v29');
  t.is(router!.bluetooth, 'switched off');
  t.deepEqual(
    router!.files.map(({ name, written }) => [name, written]),
    [
      ['board.json', true],
      ['config.a', true],
      ['.boot0', true],
    ],
  );
  t.is(router!.status.version, '0.1.0');
  t.false(router!.configReplaced, 'there was none');
  t.deepEqual(history, ['prompt', 'Bluetooth off', 'prompt', 'router']);
  t.regex(said[0], /^\/dev\/ttySOFT: ESP32-D0WD-V3 .* 4 MB of flash$/);
  t.true(said.some((line) => line.startsWith('  erase the whole flash: its partition table is empty')));
  assertRouter(t, soft.flash);
});

/** A chip on which everything is in place. */
async function finished(): Promise<Uint8Array> {
  const first = run();
  await first.done;
  return first.soft.flash;
}

test('a second run writes nothing at all', async (t) => {
  const flash = await finished();
  const before = flash.slice();
  const { history, done } = run({ flash });
  const { images, router } = await done;
  t.deepEqual(new Set(Object.values(images!.outcomes)), new Set(['there']));
  t.true(router!.files.every(({ written }) => !written));
  t.is(router!.bluetooth, 'off');
  t.is(Buffer.compare(flash, before), 0);
  t.deepEqual(new Set(history), new Set(['router', 'prompt']));
});

test('another configuration, and a board with files of its own: only what differs is written', async (t) => {
  const flash = await finished();
  const text = '{"wan":{"address":"12.0.0.9/24"}}\n';
  const other = { ...job.delivery, config: text };
  t.false((await run({ flash }).done).router!.configReplaced);
  const { router } = await run({ flash }, { delivery: other }).done;
  t.true(router!.configReplaced);
  t.deepEqual(
    router!.files.filter(({ written }) => written).map(({ name }) => name),
    ['config.b'],
  );
});

test('no reset lines: BOOT held for the images; later the version is compared instead', async (t) => {
  const first = run({ lines: false, bootHeld: true });
  await first.done;
  assertRouter(t, first.soft.flash);

  const again = run({ lines: false, flash: first.soft.flash });
  const { images, router } = await again.done;
  t.is(images, null);
  t.true(router!.files.every(({ written }) => !written));
  t.regex(again.said[0], /its images are not compared, its version is/);

  const newer = run({ lines: false, flash: first.soft.flash }, { release: { ...release, version: '2v30' } });
  const error = await t.throwsAsync(newer.done, { instanceOf: UserError });
  t.regex(error.message, /runs Espruino 2v29, .* to write 2v30: hold BOOT, tap EN, let go of BOOT/);
});

test('without a release: Espruino stays, the router is installed', async (t) => {
  const { soft, said, done } = run({ flash: withEspruino() }, { release: null });
  const { images } = await done;
  t.is(images, null);
  t.is(said[0], '/dev/ttySOFT: Espruino 2v29 on ESP32; it stays as it is.');
  assertRouter(t, soft.flash);
});

test('without a release and without Espruino: where it comes from', async (t) => {
  for (const lines of [true, false]) {
    const { done } = run({ lines }, { release: null });
    const error = await t.throwsAsync(done, { instanceOf: UserError });
    t.regex(
      error.message,
      /download espruino_2v29_esp32\.zip.*www\.espruino\.com\/Download.*hairpin flash --espruino PATH/,
    );
  }
});

test('a silent board without reset lines: the buttons', async (t) => {
  const error = await t.throwsAsync(run({ lines: false, silent: true }).done, { instanceOf: NoLoader });
  t.regex(error.message, /hold BOOT, tap EN, let go of BOOT/);
});

test('images are there, but the board does not come out of its loader: the buttons', async (t) => {
  const { done } = run({ application: () => ({ receive: () => {}, end: () => {} }) });
  const error = await t.throwsAsync(done, { instanceOf: UserError });
  t.regex(error.message, /images are on the board and verified, .* let go of BOOT, tap EN/);
});

test('a dry run tells everything and does nothing', async (t) => {
  const flash = await finished();
  flash[0x10100] ^= 1;
  const before = flash.slice();
  const { said, done } = run({ flash }, { dryRun: true });
  t.is((await done).router, null);
  t.is(Buffer.compare(flash, before), 0);
  t.true(said.some((line) => / espruino_esp32.bin .* write$/.test(line)));
  t.true(said.some((line) => line.startsWith('  .boot0          the firmware, 2 kB')));
});

/** A chip with Espruino and nothing else. */
function withEspruino(): Uint8Array {
  const flash = emptyFlash();
  for (const { offset, bytes } of release.images) flash.set(bytes, offset);
  return flash;
}

test('unplugged at every write to Espruino: the next run ends as if nothing had been', async (t) => {
  const whole = run({ flash: withEspruino() }, { release: null });
  await whole.done;
  const last = whole.soft.writes;
  t.true(last > 20, `${last}`);
  let before = new Uint8Array(0);
  let repaired = 0;
  for (let write = 1; write <= last; write++) {
    const { soft, done } = run({ flash: withEspruino(), unplugAtWrite: write }, { release: null });
    await t.throwsAsync(done, { instanceOf: LineLost }, `write ${write}`);
    // Most writes only ask: what they leave behind has been repaired already.
    if (Buffer.compare(before, soft.flash) === 0) continue;
    before = soft.flash.slice();
    const again = run({ flash: soft.flash }, { release: null });
    await again.done;
    assertRouter(t, soft.flash, `write ${write} of ${last}`);
    t.false(again.history.includes('router with Bluetooth on'), `write ${write}`);
    repaired += 1;
  }
  t.true(repaired > 5, `${repaired}`);
});

test('unplugged while the images are done and Espruino starts', async (t) => {
  const whole = run({ flash: withEspruino() });
  await whole.done;
  // Writes and packets are the same up to there.
  const { packets } = whole.soft.rom;
  for (let write = packets - 2; write < packets + 4; write++) {
    const { soft, done } = run({ flash: withEspruino(), unplugAtWrite: write });
    await t.throwsAsync(done, { instanceOf: LineLost }, `write ${write}`);
    await run({ flash: soft.flash }).done;
    assertRouter(t, soft.flash, `write ${write}`);
  }
});
