/*
 * Many worlds, a few at a time: most of a world's time is waiting, so a core carries several.
 */
import { availableParallelism } from 'node:os';

/** Worlds a core carries at a time. */
const WORLDS_A_CORE = 7;

/** Runs `work` on every item, so many at a time; results in the order of the items. */
export async function scheduled<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index], index);
  };
  const workers = Math.min(items.length, WORLDS_A_CORE * availableParallelism());
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}
