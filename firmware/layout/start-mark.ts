/**
 * What the mark of platform/start.ts says: the high half tells that a mark is there, the low half how the starts before
 * this one went. Read by the guard before anything else runs, written by it, by a router that is in service, and by the
 * requests that restart the board.
 */

/**
 * A start is under way for the n-th time in a row without any of them having lasted, and came for this cause of
 * layout/events.ts: `startMark + 256 * cause + n`. Without either, a start that has lasted, or stands still.
 */
export const startMark = 0x48500000;
/** A request restarts the board. */
export const requestMark = 0x4850fffe;
/** The same, and the next start is to leave the router out. */
export const skipOnceMark = 0x4850ffff;
/** Starts in a row that did not last, after which the next one leaves the router out. */
export const failedStarts = 3;
/** Seconds in service after which a start has lasted: three times the watchdog's ten. */
export const lastingSeconds = 30;
