/*
 * Nothing is written, and no table read, outside the place it has. In JavaScript a write behind the end of an array is
 * lost without a word, and in the compiled firmware it would not be: so here every array that lies in the arena or
 * holds a frame is a guarded one, which knows its length. This file imports the firmware only after it has seen to
 * that.
 */
import test from 'ava';

const seed = Number(process.env.SEED ?? 20261125);
const faults = new Set<string>();

/** An array of a given buffer that notes every access outside it; reads of frames behind their end are harmless. */
function guarded<Kind extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(array: Kind): Kind {
  const inArena = array.buffer.byteLength > 20_000;
  const note = (what: string, key: string) =>
    faults.add(`${what} at ${key} of ${array.length} (${array.constructor.name} at ${array.byteOffset})`);
  const isInside = (key: string) => {
    const at = Number(key);
    return Number.isInteger(at) && at >= 0 && at < array.length;
  };
  return new Proxy(array, {
    get(target, key) {
      if (typeof key === 'string' && /^[-\dNu.]/.test(key)) {
        if (inArena && !isInside(key)) note('read', key);
        return target[key as unknown as number];
      }
      const value = Reflect.get(target, key, target) as unknown;
      if (key === 'subarray') return (from: number, to: number) => guarded(target.subarray(from, to) as Kind);
      return typeof value === 'function' ? (value as () => void).bind(target) : value;
    },
    set(target, key, value) {
      if (!isInside(key as string)) note('write', String(key));
      target[key as unknown as number] = value as number;
      return true;
    },
  });
}

/** The constructor of arrays that are guarded if they lie in a given buffer; all others are as ever. */
function guardedKind(original: typeof Uint8Array): typeof Uint8Array {
  return new Proxy(original, {
    construct(target, args: unknown[]) {
      const array = Reflect.construct(target, args) as Uint8Array;
      return args[0] instanceof ArrayBuffer ? guarded(array) : array;
    },
  });
}

const world = globalThis as unknown as Record<string, typeof Uint8Array>;
for (const kind of ['Uint8Array', 'Uint16Array', 'Uint32Array', 'Int32Array'])
  world[kind] = guardedKind(world[kind]);

test(`2,000 frames, and no access outside an array's place (SEED=${seed})`, async (t) => {
  const { fuzzFrames } = await import('./frames.ts');
  // The guard is at work: what is behind the arena's last byte is noticed.
  const { arena, switches } = await import('../../firmware/layout/arena.ts');
  t.true(arena.length - switches.byteOffset - switches.length < 4, 'the last column');
  switches[switches.length] = 1;
  t.is(faults.size, 1);
  faults.clear();
  const { fed, failure } = fuzzFrames(seed + 1, 2000);
  t.is(failure, undefined, failure);
  t.deepEqual([...faults], []);
  t.true(fed >= 2000);
});
