/**
 * Serving both ports: drains whichever has something, until nothing waits or the turn is over.
 */
import { counter } from '../layout/arena.ts';
import { chipDown, lanPort, wanPort } from '../layout/ports.ts';
import { interruptMissed, receivedLan, receivedWan } from '../layout/reasons.ts';
import { lanQuiet, wanQuiet } from '../w5500/receive.ts';
import { bufferBytes } from '../w5500/registers.ts';
import { chipState } from '../w5500/state.ts';
import { countReceived, drainLan, drainWan } from './drain.ts';
import { strayed } from './recover.ts';

/** Batches of each port in one turn: some 300 ms of full work on a board, then console and watchdog have a say. */
const rounds = 6;

/** What the last batch left on each port; its line may be high then. */
let wanMore = 0;
let lanMore = 0;

/**
 * Drains the ports whose lines say that something waits, and those that are known to have more. Not of a chip that is
 * down: without power it pulls its line low, and it never has nothing.
 */
export function serve(): void {
  if ((wanMore || !wanQuiet()) && chipState(wanPort)) wanMore = drainWan();
  if ((lanMore || !lanQuiet()) && chipState(lanPort)) lanMore = drainLan();
  if (wanMore || lanMore) serveOn();
}

/** The WAN's line fell: its port is drained, unless somebody did so meanwhile. */
export function serveWan(): void {
  if (!wanQuiet() && (wanMore = drainWan())) serveOn();
}

/** The same for the LAN's. */
export function serveLan(): void {
  if (!lanQuiet() && (lanMore = drainLan())) serveOn();
}

/** One batch was not enough. */
function serveOn(): void {
  let left = rounds;
  do {
    if (wanMore > bufferBytes) wanMore = strayed(wanPort);
    if (lanMore > bufferBytes) lanMore = strayed(lanPort);
    if (!--left) return;
    if (wanMore || !wanQuiet()) wanMore = chipState(wanPort) && drainWan();
    if (lanMore || !lanQuiet()) lanMore = chipState(lanPort) && drainLan();
  } while (wanMore || lanMore);
}

/**
 * The timer as the truth: looks at ports whose lines say that nothing waits, because a lost edge never comes again.
 * What a chip says that is being reset is no news.
 * @returns whether something did wait: then the next look should come soon
 */
export function lookAnyway(): boolean {
  countReceived();
  const before = counter[receivedWan] + counter[receivedLan];
  let more = 0;
  if (!wanMore && wanQuiet() && chipState(wanPort) != chipDown) more = wanMore = drainWan();
  if (!lanMore && lanQuiet() && chipState(lanPort) != chipDown) more += lanMore = drainLan();
  // A frame that was longer than the guess is read again.
  if (more) serveOn();
  countReceived();
  if (counter[receivedWan] + counter[receivedLan] == before) return false;
  counter[interruptMissed]++;
  return true;
}
