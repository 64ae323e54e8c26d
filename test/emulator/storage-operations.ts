// Random but repeatable operations on Storage, for the model and for the real interpreter alike.
import { Random } from '../../host-tools/emulator/random.ts';

export type StorageOperation =
  | { readonly call: 'write'; readonly name: string; readonly text: string }
  | {
      readonly call: 'writeAt';
      readonly name: string;
      readonly text: string;
      readonly at: number;
      readonly size: number;
    }
  | { readonly call: 'erase'; readonly name: string }
  | { readonly call: 'compact' };

/** Names alike at the start, one as long as a header allows, one longer. */
const NAMES = [
  'a',
  'config.a',
  'config.b',
  '.boot0',
  'abcdefghijklmnopqrstuvwxyz01',
  'abcdefghijklmnopqrstuvwxyz012',
];

/** @param longest bytes of the longest file */
export function storageOperations(seed: number, count: number, longest: number): StorageOperation[] {
  const random = new Random(seed);
  const operations: StorageOperation[] = [];
  for (let i = 0; i < count; i++) operations.push(operation(random, longest));
  return operations;
}

function operation(random: Random, longest: number): StorageOperation {
  const name = NAMES[random.below(NAMES.length)];
  const kind = random.below(20);
  const size = 1 + random.below(random.below(3) ? 300 : longest);
  if (kind === 0) return { call: 'compact' };
  if (kind < 4) return { call: 'erase', name };
  if (kind < 15) return { call: 'write', name, text: someText(random, Math.min(size, 4000)) };
  const at = random.below(3) ? random.below(size) : 0;
  return { call: 'writeAt', name, text: someText(random, 1 + random.below(60)), at, size };
}

function someText(random: Random, length: number): string {
  const letter = String.fromCharCode(97 + random.below(26));
  return letter.repeat(length);
}
