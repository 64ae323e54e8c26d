/**
 * The stored config: which copy a start chooses, what a save does, and - exhaustively, over the model of the flash - what a
 * supply that is lost at any byte of a save leaves.
 */
import test from 'ava';
import type { ExecutionContext } from 'ava';
import { ask, fresh, load, plain, save, start, udpTimeout } from './stored-board.ts';
import { board, files } from './stub-board.ts';
import { Flash, PowerLost } from '../../host-tools/emulator/flash.ts';
import type { PowerCut } from '../../host-tools/emulator/flash.ts';
import { headBytes, storedFileBytes } from '../../firmware/config/stored.ts';
import { readStored } from '../../firmware/services/config-store.ts';

/** Flips bits of the text of the newest copy, as age does. */
function damageNewest(): void {
  const { best, files: stored, file } = readStored();
  if (!best) throw new Error('nothing to damage');
  const { name } = stored[file];
  const content = board.storage.read(name) as string;
  const at = Buffer.from(board.storage.flash.bytes).indexOf(Buffer.from(content.slice(0, 300), 'latin1'));
  board.storage.flash.bytes[at + best.at + headBytes + 20] ^= 1;
}

/** Saves until the file that is used is full. */
function fill(): void {
  const name = readStored().files[readStored().file].name;
  let seconds = 1000;
  for (;;) {
    const { end, size } = readStored().files[readStored().file];
    if (size && end + headBytes + plain.length + 40 > size) break;
    save(seconds++);
    if (readStored().files[readStored().file].name !== name) throw new Error('went over');
  }
}

/** What there is before a save, and whether the start before it had something to tell. */
const states: Record<string, () => void> = {
  'no copy': fresh,
  'one copy': () => (fresh(), save(400)),
  'two copies': () => (fresh(), save(400), save(500)),
  'the last copy damaged': () => (fresh(), save(400), save(500), damageNewest(), start()),
  'an unfinished copy': () => {
    fresh();
    save(400);
    dying({ afterBytes: 400 }, 500);
    start();
  },
  'only an unfinished copy': () => {
    fresh();
    dying({ afterBytes: 200 }, 500);
    start();
  },
  'one file full': () => (fresh(), save(400), fill()),
  'both files full': () => (fresh(), save(400), fill(), save(5000), fill()),
};

/** Saves while power goes. */
function dying(cut: PowerCut, seconds: number): void {
  board.storage.flash.power(cut);
  try {
    save(seconds);
  } catch (error) {
    if (!(error instanceof PowerLost)) throw error;
  }
}

function countOf(state: () => void): { bytes: number; erases: number; image: Uint8Array } {
  state();
  const image = board.storage.flash.bytes.slice();
  board.storage.flash.power();
  const saved = save(7777);
  if (!saved.ok) throw new Error(saved.error);
  return { bytes: board.storage.flash.written, erases: board.storage.flash.erased, image };
}

for (const [name, state] of Object.entries(states)) {
  test(`power lost at every byte of a save, from ${name}: the old config or the new one`, (t) => {
    const { bytes, erases, image } = countOf(state);
    t.is(erases, 0, 'a save erases nothing');
    let before = 0;
    let after = 0;
    let told = 0;
    for (let n = 0; n <= bytes; n++) {
      load(new Flash(image.slice()));
      const old = udpTimeout(start());
      dying({ afterBytes: n }, 7777);
      const printed: string[] = [];
      load(board.storage.flash, (line) => printed.push(line));
      const chosen = start();
      t.deepEqual(printed, [], `byte ${n}: the interpreter finds Storage whole`);
      t.is(chosen.error, '', `byte ${n}`);
      const now = udpTimeout(chosen);
      if (now === old) before++;
      else if (now === 7777) after++;
      else t.fail(`byte ${n}: ${old} was to become 7777, but it is ${now}`);
      if (now === 7777) t.is(chosen.notice, '', `byte ${n}`);
      if (now === old && chosen.notice) told++;
      // And the board goes on: other files are written, the next save counts.
      board.storage.write('board.json', 'y'.repeat(300));
      t.is(files['board.json'], 'y'.repeat(300), `byte ${n}`);
      t.true(save(8888).ok, `byte ${n}`);
      t.is(udpTimeout(start()), 8888, `byte ${n}`);
    }
    t.is(before + after, bytes + 1);
    t.true(after === 1, 'the new one counts with the last byte only');
    t.true(told > plain.length, 'a start after a save that was cut short says so');
  });
}

test('a start without anything stored takes config.json, and remembers no copy', (t) => {
  fresh();
  const chosen = start();
  t.deepEqual(chosen, { text: plain, file: 'config.json', notice: '', error: '' });
  t.is(ask('stored').file, 'config.json');
});

test('a damaged copy: the one before it, and a sentence; both damaged: none, and which', (t) => {
  fresh();
  save(400);
  save(500);
  damageNewest();
  let chosen = start();
  t.is(udpTimeout(chosen), 400);
  t.regex(chosen.notice, /^The last config saved, in config\.a, is damaged\./);
  damageNewest();
  chosen = start();
  t.is(chosen.text, '', 'config.json is old: nobody knows what it opens');
  t.regex(
    chosen.error,
    /^The stored config is damaged \(config\.a\) and there is no other copy\. .*factory-reset/,
  );
  t.regex(ask('status').error, /The stored config is damaged/);
});

test('a torn head is an unfinished save whatever its length', (t) => {
  for (let n = 1; n < headBytes; n++) {
    fresh();
    dying({ afterBytes: 32 + n }, 400);
    const chosen = start();
    t.is(chosen.file, 'config.json', `${n}`);
    t.regex(chosen.notice, /did not come to its end/, `${n}`);
  }
});

test('without room a save is refused with what to do; nothing is compacted and nothing lost', (t) => {
  fresh();
  save(400);
  fill();
  board.storage.write('big', 'x', 0, board.storage.getFree() - 65_000);
  const free = board.storage.getFree();
  const refused = save(600);
  t.regex(
    refused.error,
    /^set: There is no room left to save: Storage has 64968 free bytes .* 65568 are needed\. "hairpin upload" makes room/,
  );
  t.is(board.storage.getFree(), free);
  t.true(ask('config').ok);
  t.not(udpTimeout(start()), 600);
});

test('hundreds of saves: sequence and copies go on, files change over when they are full', (t) => {
  load(Flash.blank());
  board.storage.write('config.json', plain);
  start();
  for (let i = 0; i < 200; i++) t.true(save(400 + i).ok);
  t.is(readStored().best?.sequence, 200);
  t.is(udpTimeout(start()), 599);
  t.deepEqual(
    board.storage.list(),
    ['config.json', 'config.a', 'config.b']
      .filter((file) => files[file])
      .sort((a, b) => board.storage.list().indexOf(a) - board.storage.list().indexOf(b)),
  );
  t.is(files['config.a'].length, storedFileBytes);
});

test('what a host tool writes as a small file is a copy like any other', (t) => {
  fresh();
  save(400);
  const copy = (board.storage.read('config.a') as string).slice(0, headBytes + readStored().best!.bytes);
  board.storage.write('config.b', copy.replace(' 000000001 ', ' 000000002 '));
  t.is(start().file, 'config.b');
  t.true(save(500).ok, 'behind the copy in config.a, for config.b has no room');
  t.is(start().file, 'config.a');
});

test('factory-reset: power lost at any byte leaves the config that was used, or none of the copies', (t: ExecutionContext) => {
  const image = (fresh(), save(400), fill(), save(5000), board.storage.flash.bytes.slice());
  for (let n = 0; n <= 8; n++) {
    load(new Flash(image.slice()));
    start();
    board.storage.flash.power({ afterBytes: n });
    try {
      ask('factory-reset yes');
    } catch {
      // Power is gone.
    }
    load(board.storage.flash);
    const chosen = start();
    t.true(chosen.file === 'config.json' ? chosen.text === plain : udpTimeout(chosen) === 5000, `byte ${n}`);
  }
  t.regex(ask('factory-reset').error, /expected "factory-reset yes"/);
});
