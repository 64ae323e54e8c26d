/**
 * The requests that read or change the stored config, behind one door: what they share - the copies, the edit, the whole
 * check of a config - is in the bundle once for all of them.
 */
import { restartSoon } from './board-requests.ts';
import { forwardText } from './forward-requests.ts';
import { forgetLeases } from './lease-store.ts';
import { failure, success } from './replies.ts';
import { setText } from './set-requests.ts';
import { forgetStored, storedText } from './stored-requests.ts';

/**
 * The answer to one of them.
 * @param standstill the answer of a router that does not run, or empty: what is stored can be mended all the same
 * @overlay
 */
export function configRequest(line: string, words: string[], standstill: string): string {
  const request = words[0];
  if (request == 'stored') return storedText(line, words);
  if (request == 'factory-reset') return factoryReset(words);
  if (standstill) return standstill;
  return request == 'set' ? setText(words) : forwardText(words);
}

function factoryReset(words: string[]): string {
  if (words[1] != 'yes')
    return failure(
      'factory-reset: expected "factory-reset yes". It forgets the stored config and the leases, and restarts the board.',
    );
  forgetStored();
  forgetLeases();
  restartSoon(false);
  return success({ 'factory-reset': 'yes' });
}
