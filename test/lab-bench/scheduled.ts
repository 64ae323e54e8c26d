/*
 * Many worlds, some at a time: most of a world's time is waiting, so a core carries several, and memory is the limit.
 */
import { availableParallelism, freemem } from 'node:os';

/** What a world takes, with room to spare, in bytes. */
const WORLD_MEMORY = 200e6;

/** How many worlds this machine carries beside each other, at most `perCore` for each core. */
export function worldsAtATime(perCore: number): number {
  return Math.max(1, Math.min(perCore * availableParallelism(), Math.floor(freemem() / 2 / WORLD_MEMORY)));
}

/** Runs `work` on every item, so many at a time; results in the order of the items. */
export async function scheduled<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index], index);
  };
  await Promise.all(Array.from({ length: Math.min(items.length, atATime) }, worker));
  return results;
}
