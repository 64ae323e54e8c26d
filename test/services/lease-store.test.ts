/**
 * The lease store: what a start remembers, what a write does, and - exhaustively, over the model of the flash - what a supply
 * that is lost at any byte of a write leaves, through changes from one file to the other.
 */
import test from 'ava';
import { board } from './stub-board.ts';
import { Flash, PowerLost } from '../../host-tools/emulator/flash.ts';
import type { PowerCut } from '../../host-tools/emulator/flash.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import {
  leaseBound,
  leaseEnd,
  leaseFree,
  leaseHost,
  leaseMac,
  leaseName,
  leaseOver,
  leaseSlots,
  leaseState,
  leasing,
  leasingUnsaved,
  poolFirst,
  poolLast,
  served,
} from '../../firmware/layout/arena.ts';
import {
  forgetLeases,
  leaseFileBytes,
  leaseFiles,
  readLeases,
  readWanHint,
  recordBytes,
  saveLeases,
  saveWanHint,
} from '../../firmware/services/lease-store.ts';

const realm = makeRealm();
/** Enough for both files and some more. */
const FLASH_BYTES = 512 * 1024;
/** Records that a file has room for, behind its head. */
const perFile = Math.floor(leaseFileBytes / recordBytes) - 2;

function load(flash: Flash): string[] {
  const printed: string[] = [];
  board.storage = new Storage(realm, flash, (line) => printed.push(line));
  return printed;
}

function fresh(): void {
  load(new Flash(new Uint8Array(FLASH_BYTES).fill(0xff)));
  board.storage.write('config.json', '{}');
  start();
}

/** A restart: nothing is in the table but what the store gives back. */
function start(last = 65535): void {
  board.storage.powerOn();
  leaseState.fill(leaseFree);
  leaseHost.fill(0);
  leaseMac.fill(0);
  leaseName.fill(0);
  leaseEnd.fill(0);
  leasing.fill(0);
  served[poolFirst] = 2;
  served[poolLast] = last;
  readLeases();
}

/** Somebody gets an address: the host with this number in its MAC address. */
function bind(slot: number, mac: number, host: number, name = ''): void {
  leaseState[slot] = leaseBound;
  leaseHost[slot] = host;
  leaseMac.set([2, 0, 0, 0, mac >> 8, mac & 255], 6 * slot);
  leaseName.fill(0, 16 * slot, 16 * slot + 16);
  leaseName.set(Buffer.from(name), 16 * slot);
  leasing[leasingUnsaved] |= 1 << slot;
}

/** What the table has, in words; newest first where it was read. */
function told(): string[] {
  return Array.from({ length: leaseSlots }, (_, i) => i)
    .filter((i) => leaseState[i] !== leaseFree)
    .map((i) => {
      const name = Buffer.from(leaseName.subarray(16 * i, 16 * i + 16))
        .toString()
        .replace(/\0+$/, '');
      return `${leaseMac[6 * i + 4] * 256 + leaseMac[6 * i + 5]} ${leaseHost[i]} ${name}`.trim();
    });
}

test('a start remembers who had what, the newest first, as leases that are over', (t) => {
  fresh();
  t.deepEqual(told(), []);
  t.deepEqual(readWanHint(), [0, 0]);
  bind(0, 7, 100, 'laptop');
  bind(31, 0xfe, 0xff01, 'a-name-of-15-ch');
  t.true(saveLeases());
  t.is(leasing[leasingUnsaved], 0);
  t.true(saveWanHint(0x0100000c, 0xfe00000c));
  start();
  t.deepEqual(told(), ['254 65281 a-name-of-15-ch', '7 100 laptop']);
  t.deepEqual([leaseState[0], leaseState[1]], [leaseOver, leaseOver]);
  t.deepEqual(readWanHint(), [0x0100000c, 0xfe00000c]);
});

test('the newest binding of a host counts, and of an address; one that is not allowed any more is left out', (t) => {
  fresh();
  bind(0, 7, 100, 'old');
  saveLeases();
  bind(0, 7, 101, 'new');
  saveLeases();
  bind(1, 8, 100);
  saveLeases();
  bind(2, 9, 102);
  saveLeases();
  start(101);
  t.deepEqual(told(), ['8 100', '7 101 new']);
});

test('a host that the config fixes keeps its place, and nothing of it is stored', (t) => {
  fresh();
  bind(0, 7, 100);
  saveLeases();
  bind(5, 7, 50);
  leaseState[5] = 5;
  leasing[leasingUnsaved] = 1 << 5;
  const { written } = board.storage.flash;
  t.true(saveLeases());
  t.is(board.storage.flash.written, written);
});

test('what is known already is not written again', (t) => {
  fresh();
  saveWanHint(1, 2);
  const { written } = board.storage.flash;
  t.true(saveWanHint(1, 2));
  t.true(saveLeases());
  t.is(board.storage.flash.written, written);
  t.true(saveWanHint(1, 3));
  t.is(board.storage.flash.written, written + recordBytes);
});

test('more hosts than places: the newest are remembered', (t) => {
  fresh();
  for (let i = 0; i < 40; i++) {
    bind(0, i, 100 + i);
    saveLeases();
  }
  start();
  t.deepEqual(
    told(),
    Array.from({ length: leaseSlots }, (_, i) => `${39 - i} ${139 - i}`),
  );
});

/** Makes the newest file so short that so many places are left in it. */
function cutTo(left: number): void {
  const used = leaseFiles.filter((name) => board.storage.read(name)).at(-1)!;
  const content = board.storage.read(used) as string;
  let end = 2;
  while (!/^\xff*$/.test(content.slice(end * recordBytes, (end + 1) * recordBytes))) end++;
  board.storage.write(used, content.slice(0, (end + left) * recordBytes));
}

/** What there is before a write, and the bindings that it has. */
const states: Record<string, () => void> = {
  nothing: fresh,
  'a few records': () => {
    fresh();
    saveWanHint(5, 6);
    bind(0, 1, 100, 'one');
    saveLeases();
  },
  'a torn record': () => {
    fresh();
    saveWanHint(5, 6);
    bind(0, 1, 100, 'one');
    saveLeases();
    dying({ afterBytes: 40 });
    start();
  },
  'one place left': () => {
    fresh();
    saveWanHint(5, 6);
    bind(0, 1, 100, 'one');
    saveLeases();
    cutTo(1);
  },
  'no place left': () => {
    fresh();
    saveWanHint(5, 6);
    bind(0, 1, 100, 'one');
    saveLeases();
    cutTo(0);
  },
  'a change to the other file that did not end': () => {
    fresh();
    saveWanHint(5, 6);
    bind(0, 1, 100, 'one');
    saveLeases();
    cutTo(0);
    dying({ afterBytes: 90 });
    start();
  },
  'the other file, full as well': () => {
    fresh();
    saveWanHint(5, 6);
    bind(0, 1, 100, 'one');
    saveLeases();
    cutTo(0);
    bind(1, 2, 101);
    saveLeases();
    cutTo(0);
  },
};

/** Two new bindings and another address of the WAN are saved. @returns whether they were */
function write(): boolean {
  const place = leaseState.indexOf(leaseFree);
  bind(place, 77, 177, 'new');
  bind(place + 1, 78, 178);
  return saveLeases() && saveWanHint(8, 9);
}

function dying(cut: PowerCut): void {
  board.storage.flash.power(cut);
  try {
    write();
  } catch (error) {
    if (!(error instanceof PowerLost)) throw error;
  }
}

/** Everything the store knows, in one line, in an order of its own. */
function known(): string {
  return [...told().sort(), readWanHint().join('/')].join(', ');
}

for (const [name, state] of Object.entries(states)) {
  test(`power lost at every byte of a write, from ${name}: what was known before, or after`, (t) => {
    state();
    start();
    const before = known();
    const image = board.storage.flash.bytes.slice();
    board.storage.flash.power();
    t.true(write());
    const { written, erased } = board.storage.flash;
    t.is(erased, 0, 'nothing is erased');
    start();
    const after = known();
    const seen = new Set<string>();
    for (let n = 0; n <= written; n++) {
      load(new Flash(image.slice()));
      start();
      dying({ afterBytes: n });
      const printed = load(board.storage.flash);
      start();
      t.deepEqual(printed, [], `byte ${n}: the interpreter finds Storage whole`);
      const now = known();
      seen.add(now);
      // And the board goes on: other files are written, the next binding is stored.
      board.storage.write('board.json', 'y'.repeat(300));
      t.is(board.storage.read('board.json'), 'y'.repeat(300), `byte ${n}`);
      bind(leaseState.indexOf(leaseFree), 99, 199);
      t.true(saveLeases(), `byte ${n}`);
      start();
      t.true(told().includes('99 199'), `byte ${n}`);
    }
    // One binding after the other, then the WAN's address.
    const line = (bindings: string[], hint: string) => [...[...new Set(bindings)].sort(), hint].join(', ');
    const parts = before.split(', ');
    const [bound, hint] = [parts.slice(0, -1), parts.at(-1)!];
    const first = line([...bound, '77 177 new'], hint);
    const both = line([...bound, '77 177 new', '78 178'], hint);
    t.deepEqual(
      [...seen].filter((one) => ![before, first, both, after].includes(one)),
      [],
    );
    t.true(seen.has(before) && seen.has(both) && seen.has(after));
  });
}

test('the files change over, again and again; nothing known is lost', (t) => {
  fresh();
  saveWanHint(5, 6);
  bind(0, 1, 100, 'one');
  saveLeases();
  for (let i = 0; i < 2; i++) {
    cutTo(0);
    bind(1 + i, 2 + i, 101 + i);
    t.true(saveLeases());
    start();
  }
  t.deepEqual(told().sort(), ['1 100 one', '2 101', '3 102']);
  t.deepEqual(readWanHint(), [5, 6]);
  const sizes = board.storage.list().map((name) => (board.storage.read(name) as string).length);
  t.deepEqual(sizes.sort((a, b) => a - b).slice(-1), [leaseFileBytes]);
  t.is(sizes.length, 3);
});

test('without room nothing is saved and nothing lost; room for a config stays', (t) => {
  fresh();
  bind(0, 1, 100, 'one');
  saveLeases();
  cutTo(0);
  board.storage.write('big', 'x', 0, board.storage.getFree() - 100_000);
  const free = board.storage.getFree();
  bind(1, 2, 101);
  t.false(saveLeases());
  t.not(leasing[leasingUnsaved], 0, 'it may be tried again');
  t.false(saveWanHint(1, 2));
  t.is(board.storage.getFree(), free);
  start();
  t.deepEqual(told(), ['1 100 one']);
});

test('a file that somebody damaged: what its checksums still vouch for', (t) => {
  fresh();
  bind(0, 1, 100, 'one');
  bind(1, 2, 101, 'two');
  saveLeases();
  const at = Buffer.from(board.storage.flash.bytes).indexOf('one');
  board.storage.flash.bytes[at] &= 1;
  start();
  t.deepEqual(told(), ['2 101 two']);
  forgetLeases();
  start();
  t.deepEqual(told(), []);
  board.storage.write('leases.a', 'no such thing');
  start();
  t.deepEqual(told(), []);
  bind(0, 1, 100);
  t.true(saveLeases());
});

test(`a full file has ${perFile} records`, (t) => {
  fresh();
  t.is(perFile, 2045);
  for (let i = 0; i < perFile; i++) if (!saveWanHint(i + 1, 0)) t.fail(`${i}`);
  t.deepEqual(board.storage.list(), ['config.json', 'leases.a']);
  saveWanHint(9999, 0);
  t.deepEqual(board.storage.list(), ['config.json', 'leases.a', 'leases.b']);
  start();
  t.deepEqual(readWanHint(), [9999, 0]);
});
