/**
 * Bytes by host of the LAN, while somebody wants to know: then every packet takes the long way, as with the trace, for
 * the datapath counts nothing. What counts are IP packets that were forwarded, as long as they arrived: up those of the
 * host, down those to it. Around the hairpin one packet is both.
 *
 * May touch: its own table, which is there while it counts. Must not: change a packet.
 */
import { dueTally, switches, traceSwitch } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { slowForwarded } from '../layout/reasons.ts';
import { sourceWord, targetWord, totalLengthAt } from '../wire/frame.ts';
import { lastReason } from './count.ts';
import { portOf } from './hops.ts';
import { ingress, source, totalLength, words } from './packet.ts';

/** Hosts that are counted: as many as are remembered as neighbours. */
export const tallyHosts = 32;
/** Addresses as words, then bytes up, then bytes down: doubles, because four gigabytes are soon reached. */
export let tally: Float64Array | undefined;

/** Begins to count, with nothing counted, or ends it. */
export function setTally(on: boolean): void {
  tally = on ? new Float64Array(3 * tallyHosts) : undefined;
  switches[traceSwitch] = (switches[traceSwitch] & ~dueTally) | (on ? dueTally : 0);
}

/**
 * Who a frame is from, for as long as nobody has translated it; of what is no IP packet, nothing of meaning.
 * @inline
 */
export function sourceOf(w: Uint32Array): number {
  return w[sourceWord];
}

/** Where a host is counted: its place, or, when it has none, -1. */
export function tallyPlace(address: number): number {
  const at = tally!.indexOf(address);
  return at < tallyHosts ? at : -1;
}

/** Counts for a host. @param column 1 up, 2 down */
function add(address: number, column: number, bytes: number): void {
  let at = tallyPlace(address);
  if (at < 0) {
    at = tallyPlace(0);
    if (at < 0) return;
    tally![at] = address;
  }
  tally![at + column * tallyHosts] += bytes;
}

/**
 * Counts a packet that the datapath translated.
 * @param from its source as it arrived  @param w its words as sent
 * @overlay
 */
export function tallyFast(port: number, from: number, bytes: Uint8Array, w: Uint32Array, hop: number): void {
  const length = (bytes[totalLengthAt] << 8) | bytes[totalLengthAt + 1];
  if (port == lanPort) add(from, 1, length);
  if (portOf(hop) == lanPort) add(w[targetWord], 2, length);
}

/**
 * Counts the packet control has just decided on, if it is forwarded.
 * @overlay
 */
export function tallySlow(hop: number): void {
  if (!hop || lastReason != slowForwarded) return;
  if (ingress == lanPort) add(source, 1, totalLength);
  if (portOf(hop) == lanPort) add(words[targetWord], 2, totalLength);
}
