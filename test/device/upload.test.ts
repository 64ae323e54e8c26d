/*
 * Files get into a board's Storage, whatever happens on the way: what is there is left alone, room is made, and a cable
 * pulled anywhere, or power lost at any byte that is written, leaves a board that the next run finishes.
 */
import { crc32 } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { silentProgress } from '../../host-tools/cli/progress.ts';
import { Repl } from '../../host-tools/device/repl/repl.ts';
import { configFile } from '../../host-tools/device/upload/config-copy.ts';
import {
  type InstallFile,
  type Installed,
  installFiles,
  roomFor,
} from '../../host-tools/device/upload/install.ts';
import { type PowerCut, Flash } from '../../host-tools/emulator/flash.ts';
import { crcText, headBytes, storedEntry } from '../../firmware/config/stored.ts';
import { bareBoard } from './board/bare.ts';
import { type LineFaults, type Plugged, plugIn } from './board/plugged.ts';
import { VirtualTime } from './board/virtual-time.ts';

/** A small Storage, bytes: these tests start it a thousand times. */
const STORAGE = 64 * 1024;

const file = (name: string, text: string): InstallFile => ({ name, bytes: Buffer.from(text) });
const firmware = file('.boot0', '/* new */'.repeat(200));
const oldFirmware = file('.boot0', '/* old */'.repeat(190));
const wiring = file('board.json', '{"board":"new"}'.repeat(5));
const config = '{"wan":{"address":"12.0.0.1/24"}}\n';

/** A board with this flash is plugged in, and what is done at its REPL. */
async function atBoard<T>(
  flash: Flash,
  work: (repl: Repl, plugged: Plugged) => Promise<T>,
  faults: LineFaults = {},
): Promise<T> {
  const time = new VirtualTime();
  const board = bareBoard(flash);
  board.storage.powerOn();
  const plugged = plugIn(board, time, faults);
  const repl = new Repl(plugged.line, time);
  try {
    await repl.settle();
    return await work(repl, plugged);
  } finally {
    plugged.unplug();
    plugged.repl.end();
  }
}

function contents(flash: Flash): Record<string, string> {
  const { storage } = bareBoard(flash);
  storage.powerOn();
  return Object.fromEntries(storage.list().map((name) => [name, storage.read(name)!]));
}

/** The upload of everything; the configuration in its next copy. */
async function uploadAll(repl: Repl): Promise<Installed[]> {
  const copy = await configFile(repl, config);
  return installFiles(repl, [firmware, wiring, ...(copy ? [copy] : [])], silentProgress);
}

/** What counts in the end: the files, and the configuration in use. */
function assertDone(t: ExecutionContext, flash: Flash, when: string): void {
  const there = contents(flash);
  t.is(there['.boot0'], firmware.bytes.toString(), when);
  t.is(there['board.json'], wiring.bytes.toString(), when);
  t.is(configInUse(there), config, when);
}

function configInUse(files: Record<string, string>): string | undefined {
  const entries = ['config.a', 'config.b'].flatMap((name) => {
    const content = files[name] ?? '';
    const entry = storedEntry(content, 0);
    if (entry?.state !== 'whole') return [];
    const text = content.slice(headBytes, headBytes + entry.bytes);
    return crcText(crc32(Buffer.from(text, 'latin1'))) === entry.crc ? [{ ...entry, text }] : [];
  });
  return entries.sort((one, other) => other.sequence - one.sequence)[0]?.text;
}

async function usedBoard(): Promise<Flash> {
  const flash = Flash.blank(STORAGE);
  await atBoard(flash, async (repl) => {
    const first = await configFile(repl, '{"first":1}\n');
    await installFiles(repl, [oldFirmware, file('board.json', '{"board":"old"}'), first!], silentProgress);
    const second = await configFile(repl, '{"second":2}\n');
    await installFiles(repl, [second!], silentProgress);
  });
  return flash;
}

const copyOf = (flash: Flash): Flash => new Flash(Uint8Array.from(flash.bytes));

test('an empty board gets everything, the firmware last; a second run writes nothing', async (t) => {
  const flash = Flash.blank(STORAGE);
  const first = await atBoard(flash, uploadAll);
  t.deepEqual(
    first.map(({ name, written }) => [name, written]),
    [
      ['board.json', true],
      ['config.a', true],
      ['.boot0', true],
    ],
  );
  assertDone(t, flash, 'first');
  const second = await atBoard(flash, uploadAll);
  t.deepEqual(
    second.map(({ name, written }) => [name, written]),
    [
      ['board.json', false],
      ['.boot0', false],
    ],
  );
});

test('a configuration goes into the file that is not in use, and counts', async (t) => {
  const flash = await usedBoard();
  t.is(configInUse(contents(flash)), '{"second":2}\n');
  const before = contents(flash);
  const done = await atBoard(flash, uploadAll);
  t.true(done.some(({ name, written }) => name === 'config.a' && written));
  t.is(contents(flash)['config.b'], before['config.b']);
  assertDone(t, flash, 'third copy');
});

test('a damaged copy is not taken for the one in use, and its sequence is passed', async (t) => {
  const flash = await usedBoard();
  const { storage } = bareBoard(flash);
  const damaged = storage.read('config.b')!.replace('"second"', '"sXcond"');
  storage.write('config.b', damaged);
  await atBoard(flash, uploadAll);
  t.true(contents(flash)['config.a'].includes('"first"'), 'the good one is left alone');
  t.true(contents(flash)['config.b'].startsWith('hairpin-config/1 000000003 '));
  assertDone(t, flash, 'over the damaged one');
});

test('room is made by compacting, and other files live on', async (t) => {
  const flash = await usedBoard();
  const { storage } = bareBoard(flash);
  storage.write('their.data', 'precious'.repeat(1000));
  for (let round = 0; storage.getFree() > 1500; round++)
    storage.write('rubbish', `${round}`.padEnd(Math.min(60_000, storage.getFree() - 1400), '.'));
  storage.erase('rubbish');
  const said: string[] = [];
  await atBoard(flash, async (repl) => {
    const progress = { ...silentProgress, begin: (what: string) => void said.push(what) };
    await installFiles(repl, [firmware, wiring, (await configFile(repl, config))!], progress);
  });
  t.true(said[0].startsWith('making room'), said.join());
  assertDone(t, flash, 'compacted');
  t.is(contents(flash)['their.data'], 'precious'.repeat(1000));
});

test('a Storage full of other files: said, with their names, and the old firmware stays', async (t) => {
  const flash = Flash.blank(STORAGE);
  const { storage } = bareBoard(flash);
  storage.write('.boot0', oldFirmware.bytes.toString());
  storage.write('their.data', 'x'.repeat(STORAGE - 1900));
  const before = contents(flash);
  const error = await t.throwsAsync(atBoard(flash, uploadAll));
  t.regex(error.message, /Storage is full: \d+ bytes are needed, and \d+ are free, beside their\.data\./);
  t.deepEqual(contents(flash), before);
});

test('room to the last byte is enough, one word less is not', async (t) => {
  const files = [firmware, wiring];
  for (const [more, fits] of [
    [0, true],
    [1, false],
  ] as const) {
    const flash = Flash.blank(STORAGE);
    const { storage } = bareBoard(flash);
    storage.write('.boot0', oldFirmware.bytes.toString());
    storage.write('their.data', 'x'.repeat(STORAGE - roomFor(files) - 32 + more));
    const done = atBoard(flash, (repl) => installFiles(repl, files, silentProgress));
    if (fits) t.is((await done).length, 2);
    else await t.throwsAsync(done, { message: /Storage is full/ });
  }
});

/** How many bytes pass, each way, in an upload onto this board. */
async function passedBy(flash: Flash): Promise<{ toBoard: number; toHost: number }> {
  return atBoard(copyOf(flash), async (repl, plugged) => {
    await uploadAll(repl);
    return { ...plugged.passed };
  });
}

for (const [what, from] of [
  ['an empty board', () => Promise.resolve(Flash.blank(STORAGE))],
  ['a board in use', usedBoard],
] as const) {
  for (const way of ['toBoard', 'toHost'] as const) {
    test(`the cable is pulled anywhere (${way}): the next run finishes ${what}`, async (t) => {
      const start = await from();
      const all = (await passedBy(start))[way];
      // Each way, every packet is cut at several places.
      const step = way === 'toBoard' ? 61 : 5;
      let cuts = 0;
      for (let cut = 0; cut < all; cut += step, cuts++) {
        const flash = copyOf(start);
        await t.throwsAsync(atBoard(flash, uploadAll, { pulledAfter: { [way]: cut } }), {
          message: /the cable was pulled/,
        });
        await atBoard(flash, uploadAll);
        assertDone(t, flash, `cut ${cut}`);
      }
      t.log(`${cuts} places`);
    });
  }
}

test('power is lost at any byte that is written: the next run finishes it', async (t) => {
  const start = await usedBoard();
  const whole = copyOf(start);
  await atBoard(whole, async (repl) => {
    whole.power();
    await uploadAll(repl);
  });
  // Every byte of the small files and of all headers, and some of the firmware.
  for (let cut = 0; cut < whole.written; cut += cut < 330 ? 1 : 61) {
    const flash = copyOf(start);
    await t.throwsAsync(withPowerCut(flash, { afterBytes: cut }), { message: /the cable was pulled/ });
    t.true([config, '{"second":2}\n'].includes(configInUse(contents(flash))!), `cut ${cut}`);
    await atBoard(flash, uploadAll);
    assertDone(t, flash, `cut ${cut}`);
  }
});

async function withPowerCut(flash: Flash, cut: PowerCut): Promise<void> {
  await atBoard(flash, async (repl, plugged) => {
    flash.onPowerLost = () => plugged.unplug();
    flash.power(cut);
    await uploadAll(repl);
  });
}
