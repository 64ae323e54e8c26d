/**
 * Sending by next hop: out of the port the hop belongs to.
 */
import { firstLanHop } from '../layout/arena.ts';
import { sendLan, sendWan } from '../w5500/transmit.ts';

/** Sends a frame, told by its length header, by its next hop, whatever was sent before. */
export function send(frame: Uint8Array, header: number, hop: number): void {
  if (hop < firstLanHop) sendWan(frame, header, hop);
  else sendLan(frame, header, hop);
}
