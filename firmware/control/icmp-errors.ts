/**
 * Translating other people's ICMP errors through the packet they quote (RFC 5508 REQ-3 to REQ-7).
 *
 * One rule for all six directions: turn the quoted tuple round; it is then a packet that could have arrived here,
 * so look its row up. The quote becomes the partner row's tuple, the error goes to the quote's source, and if it
 * came from the LAN it leaves in the name that hides its sender. Errors never touch a flow's timers or state.
 */
import { rowPorts, rowSource } from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { dropFragment, dropIcmp, dropIcmpChecksum, dropNoFlow, slowForwarded } from '../layout/reasons.ts';
import { halves, residue, shifted, shiftedUdp, sumOf } from '../wire/checksum.ts';
import {
  fragmentMask,
  fragmentWord,
  icmpEcho,
  icmpEchoReply,
  icmpHeaderBytes,
  icmpParameterProblem,
  icmpTimeExceeded,
  icmpTimestamp,
  icmpTimestampReply,
  icmpUnreachable,
  ipAt,
  ipChecksumAt,
  protocolIcmp,
  protocolTcp,
  protocolUdp,
  sourceWord,
  targetWord,
} from '../wire/frame.ts';
import { drop, note } from './count.ts';
import { egressOf, findRow, partnerOf, targetOf } from './flows.ts';
import { putSum } from './icmp.ts';
import { hopFor, ready } from './neighbours.ts';
import {
  frame,
  headerBytes,
  ingress,
  target,
  totalLength,
  transportAt,
  transportWord,
  words,
} from './packet.ts';
import { mayTravel } from './pass.ts';
import { isRequestOfOurs, takeComplaint } from './ping.ts';
import { adjust, decrementTtl } from './rewrite.ts';

/**
 * The error types that are passed on; redirects, source quench and dead types are not (RFC 1812, 6633, 6918).
 * @inline
 */
export function isError(type: number): boolean {
  return type == icmpUnreachable || type == icmpTimeExceeded || type == icmpParameterProblem;
}

/** The quoted packet: where it starts, its protocol, and the word of its ports or query id. */
let quoteAt = 0;
let quoteProtocol = 0;
let quoteTransportAt = 0;

/**
 * The halfword of a query's identifier where the tuple keeps it: with the asking side's port.
 * @inline
 */
export function queryPorts(type: number, id: number): number {
  return type == icmpEcho || type == icmpTimestamp ? id : (id << 16) >>> 0;
}

/**
 * Whether an ICMP type is a query or its answer, with an identifier.
 * @inline
 */
export function isQuery(type: number): boolean {
  return isRequest(type) || type == icmpEchoReply || type == icmpTimestampReply;
}

/**
 * Whether an ICMP type asks.
 * @inline
 */
export function isRequest(type: number): boolean {
  return type == icmpEcho || type == icmpTimestamp;
}

function rawHalf(at: number): number {
  return frame[at] | (frame[at + 1] << 8);
}

/** Reads the quote. @returns its port word, or -1 when it is too short or of a kind we do not translate */
function readQuote(): number {
  quoteAt = transportAt + icmpHeaderBytes;
  const header = (frame[quoteAt] & 15) * 4;
  quoteTransportAt = quoteAt + header;
  quoteProtocol = frame[quoteAt + 9];
  if (header < 20 || frame[quoteAt] >> 4 != 4) return -1;
  if (quoteTransportAt + 8 > ipAt + totalLength) return -1;
  if (quoteProtocol == protocolTcp || quoteProtocol == protocolUdp) return words[quoteTransportAt / 4];
  const type = frame[quoteTransportAt];
  if (quoteProtocol != protocolIcmp || !isQuery(type)) return -1;
  const id = rawHalf(quoteTransportAt + 4);
  return queryPorts(type, id);
}

/** Offset of the quoted transport checksum, or 0 when the quote ends before it. */
function quotedCheckAt(): number {
  const offset = quoteProtocol == protocolTcp ? 16 : quoteProtocol == protocolUdp ? 6 : 2;
  const at = quoteTransportAt + offset;
  return at + 2 <= ipAt + totalLength ? at : 0;
}

function putHalf(at: number, value: number): void {
  frame[at] = value;
  frame[at + 1] = value >>> 8;
}

/**
 * Rewrites the quoted packet to the partner's tuple, its checksums with it as far as they are quoted.
 * @returns the change of the sum over the quote, as a residue: checksums that are quoted make up for what changed
 */
function rewriteQuote(row: number, ports: number): number {
  const word = transportWord + icmpHeaderBytes / 4;
  const source = rowSource[row];
  const target = targetOf(row);
  const addresses = residue(
    halves(source) + halves(target) - halves(words[word + 3]) - halves(words[word + 4]),
  );
  words[word + 3] = source;
  words[word + 4] = target;
  const quotedSum = rawHalf(quoteAt + 10);
  putHalf(quoteAt + 10, shifted(quotedSum, addresses));
  const change = residue(halves(rowPorts[row]) - halves(ports));
  const checkAt = quotedCheckAt();
  const check = checkAt ? rawHalf(checkAt) : 0;
  if (quoteProtocol == protocolIcmp) {
    putHalf(quoteTransportAt + 4, rowPorts[row] & 65535 || rowPorts[row] >>> 16);
    putHalf(checkAt, shifted(check, change));
    return 0;
  }
  words[quoteTransportAt / 4] = rowPorts[row];
  const isUdp = quoteProtocol == protocolUdp;
  if (!checkAt || (isUdp && !check)) return change;
  const shift = residue(addresses + change);
  putHalf(checkAt, isUdp ? shiftedUdp(check, shift) : shifted(check, shift));
  return residue(change - shift);
}

/**
 * Translates the ICMP error at hand and sends it on. The flow is looked for first: an error about nobody's packet
 * costs one lookup, whatever its size.
 * @returns the next hop, or 0
 * @overlay
 */
export function translateError(): number {
  // Its checksum covers pieces that are not here.
  if (words[fragmentWord] & fragmentMask) return drop(dropFragment);
  const ports = readQuote();
  if (ports < 0) return drop(dropIcmp);
  const word = transportWord + icmpHeaderBytes / 4;
  // It must come to the address whose packet it quotes.
  if (target != words[word + 3]) return drop(dropIcmp);
  const turned = ((ports << 16) | (ports >>> 16)) >>> 0;
  const row = findRow(ingress, words[word + 4], words[word + 3], turned, quoteProtocol);
  const aboutOurs = !row && isRequestOfOurs(quoteProtocol, words[word + 4], ports);
  if (!row && !aboutOurs) return drop(dropNoFlow);
  if (
    sumOf(frame, quoteAt, quoteTransportAt - quoteAt, 0) != 65535 ||
    sumOf(frame, transportAt, totalLength - headerBytes, 0) != 65535
  ) {
    return drop(dropIcmpChecksum);
  }
  if (aboutOurs) return takeComplaint();
  if (!mayTravel(egressOf(row))) return 0;
  const partner = partnerOf(row);
  const hop = hopFor(rowSource[partner]);
  if (!ready(hop)) return 0;
  adjust(transportAt + 2, rewriteQuote(partner, ports));
  // The quote now says whom its receiver had sent it to: P, or R around a `lan` hairpin.
  if (ingress == lanPort) words[sourceWord] = words[word + 4];
  words[targetWord] = rowSource[partner];
  decrementTtl();
  putSum(frame, ipChecksumAt, ipAt, headerBytes);
  note(slowForwarded);
  return hop;
}
