/**
 * DHCP messages, for our client and our server: reading the one in the datagram at hand, and building new ones.
 *
 * What came is believed in nothing: an option that says it is longer than the message spoils all of it. May touch: the
 * packet at hand, a frame that is being built. Must not: know what a message means.
 */
import { frame, half, transportAt, transportWord, words } from '../control/packet.ts';
import {
  bootRequest,
  chaddrAt,
  cookie,
  cookieAt,
  endOption,
  fileAt,
  fileBytes,
  optionCodes,
  optionsAt,
  overloadOption,
  padOption,
  snameAt,
  snameBytes,
  typeOption,
} from '../wire/dhcp.ts';
import { dhcpClientPort, dhcpServerPort, udpHeaderBytes } from '../wire/frame.ts';
import { isWhole, payloadAt, startDatagram } from './datagrams.ts';

/** A field of the message at hand, which may be anywhere, as a word. */
export function wordAt(at: number): number {
  return (frame[at] | (frame[at + 1] << 8) | (frame[at + 2] << 16) | (frame[at + 3] << 24)) >>> 0;
}

/** Where a field of the message at hand lies in its frame. */
export function fieldAt(offset: number): number {
  return transportAt + udpHeaderBytes + offset;
}

/**
 * Reads the message at hand.
 * @param operation what it must be: `bootRequest` or `bootReply`
 * @returns by an option's code, where its data lies in the frame, of which the length is the byte before; 0 = it has no
 *   such option, or one without data. Undefined: it is no such message, or damaged.
 */
export function readMessage(operation: number): Uint16Array | undefined {
  const start = fieldAt(0);
  const end = transportAt + half(transportAt + 4);
  if (!isWhole() || end < start + optionsAt) return undefined;
  // Ethernet, with addresses of six bytes; and the message lies at a whole word, because IP headers do.
  if (frame[start] != operation || frame[start + 1] != 1 || frame[start + 2] != 6) return undefined;
  if (words[transportWord + (udpHeaderBytes + cookieAt) / 4] != cookie) return undefined;
  const options = new Uint16Array(optionCodes);
  if (!readOptions(options, start + optionsAt, end)) return undefined;
  const overload = options[overloadOption] ? frame[options[overloadOption]] : 0;
  if (overload & 1 && !readOptions(options, start + fileAt, start + fileAt + fileBytes)) return undefined;
  if (overload & 2 && !readOptions(options, start + snameAt, start + snameAt + snameBytes)) return undefined;
  return options;
}

/** Notes the options of one field; of one that comes twice the first counts. @returns whether all end within it */
function readOptions(options: Uint16Array, from: number, end: number): boolean {
  let at = from;
  while (at < end && frame[at] != endOption) {
    const code = frame[at];
    at++;
    if (code == padOption) continue;
    if (at >= end || at + 1 + frame[at] > end) return false;
    if (frame[at] && code < optionCodes && !options[code]) options[code] = at + 1;
    at += 1 + frame[at];
  }
  return true;
}

/** The message's type, or 0. @param options of `readMessage` */
export function typeOf(options: Uint16Array): number {
  return options[typeOption] ? frame[options[typeOption]] : 0;
}

/** The first word of an option, or 0: there is none, or it does not hold whole words. @param options of `readMessage` */
export function wordOf(options: Uint16Array, code: number): number {
  const at = options[code];
  return at && !(frame[at - 1] & 3) ? wordAt(at) : 0;
}

/**
 * Begins a message of zeros with its fixed fields; `postDatagram` ends it.
 * @param operation as above, which says the ports, too  @param from word of one of our addresses, or 0  @param to a word
 * @param bytes of the message: options may be followed by zeros
 * @returns the frame, in which the message begins at `payloadAt`; undefined when the outbox is full, which is counted
 */
export function startMessage(
  operation: number,
  from: number,
  to: number,
  bytes: number,
): Uint8Array | undefined {
  const asks = operation == bootRequest;
  const message = startDatagram(
    from,
    to,
    asks ? dhcpClientPort : dhcpServerPort,
    asks ? dhcpServerPort : dhcpClientPort,
    bytes,
  );
  if (message) {
    message[payloadAt] = operation;
    message[payloadAt + 1] = 1;
    message[payloadAt + 2] = 6;
    putWord(message, payloadAt + cookieAt, cookie);
  }
  return message;
}

/** Writes the client's MAC address into a message that is built. @param from where it lies in `bytes` */
export function putClient(message: Uint8Array, bytes: Uint8Array, from: number): void {
  for (let i = 0; i < 6; i++) message[payloadAt + chaddrAt + i] = bytes[from + i];
}

/** Writes a word as it lies in memory. @returns where the next byte goes */
export function putWord(message: Uint8Array, at: number, word: number): number {
  message[at] = word;
  message[at + 1] = word >>> 8;
  message[at + 2] = word >>> 16;
  message[at + 3] = word >>> 24;
  return at + 4;
}

/** Writes an option's code and length. @returns where its data goes */
export function putOption(message: Uint8Array, at: number, code: number, length: number): number {
  message[at] = code;
  message[at + 1] = length;
  return at + 2;
}

/** Writes an option of one byte. @returns where the next option goes */
export function putByteOption(message: Uint8Array, at: number, code: number, byte: number): number {
  putOption(message, at, code, 1);
  message[at + 2] = byte;
  return at + 3;
}

/** Writes an option of one word. @returns where the next option goes */
export function putWordOption(message: Uint8Array, at: number, code: number, word: number): number {
  return putWord(message, putOption(message, at, code, 4), word);
}
