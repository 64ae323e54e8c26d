/**
 * What the router notes in its log: one number for each event, shared by firmware and host. Reasons of single packets
 * are not among them, see reasons.ts; no event names what a LAN host talks to (RFC 6888 REQ-12).
 *
 * A row of `events` is name, severity and kind of value. The severity is syslog's (RFC 5424 table 2): 2 critical, 3
 * error, 4 warning, 5 notice, 6 information, 7 debugging. The host tools have the sentence for each name
 * (host-tools/explain/events.ts), and docs/events.md lists them all. Numbers only grow at the end of their half.
 *
 * Kinds of value: `none`; `address`, a word as in a packet; `host`, a number within the LAN as `lanHostOf` has it;
 * `side`, a port of layout/ports.ts; `count`; `seconds`; `cause`, of a start, see below.
 */

// Counted: of these the value says how often, and is added up when they come again soon.
export const droppedByException = 1;
export const tableFilled = 2;
export const chipMended = 3;
export const receiveDesynchronised = 4;
export const transmitterStuck = 5;
export const commandUnanswered = 6;
export const interruptLost = 7;
export const settingsWereLost = 9;
export const chipWasSilent = 10;
export const chipWasReset = 11;
/** Said by syslog alone: so many entries were overwritten before they could be sent. */
export const entriesLost = 8;
const lastCounted = 31;

/** Numbers from here on: the same event with another value is another one. */
export const firstDistinct = lastCounted + 1;
export const started = 32;
export const linkCameUp = 33;
export const linkWentDown = 34;
export const chipCameUp = 35;
export const chipWentDown = 36;
export const leaseGiven = 37;
export const addressDeclined = 38;
export const poolExhausted = 39;
export const leasesUnsaved = 40;
export const wanLeaseTaken = 41;
export const wanLeaseEnded = 42;
export const wanLeaseRefused = 43;
export const wanAddressDeclined = 44;
export const wanOfferUnusable = 45;
export const lanMoved = 46;
export const resolverSilent = 47;
export const resolverAnswersAgain = 48;

/**
 * `started`, the value: power came; a request asked for it; nobody did, so it was the watchdog, the reset button, or a
 * supply that sagged. Written by the guard, see layout/start-mark.ts.
 */
export const causePower = 0;
export const causeRequest = 1;
export const causeReset = 2;
export const causeNames = ['power-on', 'request', 'reset'];

/** Severities by number, as `log` tells them. */
export const severityNames = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
];

/** The counted events from 1 on. */
export const countedEvents = [
  'dropped-by-exception 2 count',
  'table-filled 4 count',
  'chip-mended 4 count',
  'receive-desynchronised 4 count',
  'transmitter-stuck 4 count',
  'command-unanswered 4 count',
  'interrupt-lost 6 count',
  'entries-lost 4 count',
  'settings-were-lost 4 count',
  'chip-was-silent 4 count',
  'chip-was-reset 4 count',
];

/** The others from `firstDistinct` on. */
export const distinctEvents = [
  'started 5 cause',
  'link-came-up 5 side',
  'link-went-down 4 side',
  'chip-came-up 5 side',
  'chip-went-down 3 side',
  'lease-given 6 host',
  'address-declined 4 host',
  'pool-exhausted 4 none',
  'leases-unsaved 4 none',
  'wan-lease-taken 5 address',
  'wan-lease-ended 4 address',
  'wan-lease-refused 4 address',
  'wan-address-declined 4 address',
  'wan-offer-unusable 4 address',
  'lan-moved 4 address',
  'resolver-silent 4 address',
  'resolver-answers-again 5 address',
];
