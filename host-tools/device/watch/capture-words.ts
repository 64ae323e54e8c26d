/*
 * Captured frames in words, as comments beside them: what the router did with each and why, as explain says it. Pure.
 */
import { etherTypeIpv4 } from '../../../firmware/wire/frame.ts';
import { isTransport, sourceText, targetText, whatText } from '../../explain/packet-words.ts';
import { isForwarded, reasonSentence } from '../../explain/reasons.ts';
import { type ArpPacket, readPacket } from '../../lab/packet.ts';
import type { CapturedFrame } from './captured.ts';

const etherTypeAt = 12;
const sourceAt = 26;
const targetAt = 30;
/** Bytes up to the end of both addresses: what every capture keeps. */
const addressedBytes = 34;

/** A frame that arrived. @param left the same as it left, if it did */
export function arrivalComment(arrived: CapturedFrame, left: CapturedFrame | undefined): string {
  const { reason } = arrived;
  const why = `${reasonSentence(reason)} (${reason})`;
  const ends = endsText(arrived.bytes);
  if (!left) return `${fateOf(reason)}: ${ends ? `${ends}. ` : ''}${why}`;
  const became = changeText(ends, endsText(left.bytes), 'became');
  return `${isForwarded(reason) ? 'forwarded' : 'answered'}: ${became}, on the ${sideName(left)}. ${why}`;
}

/** The same frame as it left. */
export function departureComment(left: CapturedFrame, arrived: CapturedFrame): string {
  const word = isForwarded(left.reason) ? 'forwarded' : 'answered';
  return `${word}: this was ${changeText(endsText(arrived.bytes), endsText(left.bytes), 'and became')}, from the ${sideName(arrived)}.`;
}

/** Every other frame. */
export function lonelyComment(frame: CapturedFrame): string {
  const { kind, reason, bytes } = frame;
  const ends = endsText(bytes);
  if (kind === 'own') return `the router's own: ${ownText(bytes, ends)}`;
  const why = `${reasonSentence(reason)} (${reason})`;
  if (kind === 'left-later')
    return `forwarded: it left as ${ends}. As it arrived it is further up, if it was not lost to the capture; it may have waited in the router. ${why}`;
  return `${fateOf(reason)}: ${ends}, which is further up as well and had waited in the router. ${why}`;
}

function fateOf(reason: string): string {
  if (isForwarded(reason)) return 'forwarded';
  if (reason.startsWith('held-')) return 'waiting';
  if (reason.startsWith('drop-') || reason === 'link-down' || reason === 'transmit-stuck') return 'dropped';
  return reason.startsWith('answered-') ? 'answered' : 'taken';
}

function changeText(before: string, after: string, verb: string): string {
  return before === after ? `${before} as it is` : `${before} ${verb} ${after}`;
}

function sideName({ side }: CapturedFrame): string {
  return `${side.toUpperCase()} side`;
}

function ownText(bytes: Uint8Array, ends: string): string {
  const packet = readPacket(bytes);
  if (packet.kind === 'arp') return arpText(packet);
  return isTransport(packet) ? `${whatText(packet)}, ${ends}` : ends || whatText(packet);
}

function arpText({ operation, senderAddress, senderMac, targetAddress }: ArpPacket): string {
  return operation === 'request'
    ? `ARP, who has ${targetAddress}? Tell ${senderAddress}`
    : `ARP, ${senderAddress} is at ${senderMac}`;
}

/** "192.168.0.3:33333 > 12.0.0.1:25"; without ports where they were not kept; empty when there are no addresses. */
function endsText(bytes: Uint8Array): string {
  const packet = readPacket(bytes);
  if (packet.kind === 'arp') return arpText(packet);
  if (isTransport(packet)) return `${sourceText(packet)} > ${targetText(packet)}`;
  const isIpv4 = ((bytes[etherTypeAt] << 8) | bytes[etherTypeAt + 1]) === etherTypeIpv4;
  if (!isIpv4 || bytes.length < addressedBytes) return '';
  const address = (at: number) => bytes.subarray(at, at + 4).join('.');
  return `${address(sourceAt)} > ${address(targetAt)}`;
}
