/**
 * Names of the LAN: those of leases and of hosts that the config fixes, and the router's own. They are answered here and
 * never asked of anybody (RFC 6303 for the reverse of their addresses); everything else is no business of this file.
 *
 * May touch: the packet at hand, the outbox. Must not: write to leases.
 */
import {
  domainAt,
  domainBytes,
  leaseBound,
  leaseFixed,
  leaseHost,
  leaseName,
  leaseNameBytes,
  leaseSlots,
  leaseState,
} from '../layout/arena.ts';
import { consumedDatagram, dropDatagram } from '../layout/reasons.ts';
import { lanAddress, lanAddressOf, lanHostOf, onLan } from '../control/addresses.ts';
import { drop, note } from '../control/count.ts';
import { hopFor, ready } from '../control/neighbours.ts';
import { frame, half, source, transportAt } from '../control/packet.ts';
import { dnsPort } from '../wire/frame.ts';
import { isWhole, payloadAt, postDatagram, startDatagram } from './datagrams.ts';
import {
  checkingDisabled,
  dot,
  flagsAt,
  isResponse,
  messageAt,
  messageHeaderBytes,
  opcodeMask,
  perhapsLocal,
  questionAt,
  questionEnd,
  typeAndClass,
} from './dns-message.ts';

/** Seconds that an answer is good for: leases come and go. */
const timeToLive = 60;
/** Types and the one class of which there are names here (RFC 1035 section 3.2). */
const typeA = 1;
const typePtr = 12;
const typeAny = 255;
const classIn = 1;
/** Response code of a name that does not exist. */
const noSuchName = 3;
/** Flags: authoritative, and in the lowest bit that recursion was desired; recursion available in the second byte. */
const authoritative = 4;
const recursionAvailable = 128;
/** Name (a pointer to the question's), type, class, time to live and length of a record. */
const recordHeaderBytes = 12;

/** The router's own name. */
const ownName = 'hairpin';

// What a name is: nobody's here; a host's, by its number within the LAN; one that exists and has no address; none.
const notOurs = -1;
const withoutAddress = -2;
const missing = -3;

/**
 * Answers the query at hand, whose question is sound, if its name is one of the LAN.
 * @returns 0 when it was answered or dropped; `perhapsLocal` when the name is somebody else's
 * @overlay
 */
export function answerLocally(): number {
  const end = questionEnd();
  if (frame[flagsAt] & opcodeMask || half(end - 2) != classIn) return perhapsLocal;
  const type = half(end - typeAndClass);
  const reverse = reverseHost();
  const found = reverse == notOurs ? hostNamed() : reverse;
  if (found == notOurs) return perhapsLocal;
  if (!isWhole()) return drop(dropDatagram);
  const hop = hopFor(source);
  if (!ready(hop)) return 0;
  const wanted = reverse == notOurs ? typeA : typePtr;
  let data = 0;
  if (found >= 0 && (type == wanted || type == typeAny))
    data = wanted == typeA ? 4 : nameOf(found).length + 2;
  const question = end - questionAt;
  const bytes = messageHeaderBytes + question + (data ? recordHeaderBytes + data : 0);
  const answer = startDatagram(lanAddress, source, dnsPort, half(transportAt), bytes);
  note(consumedDatagram);
  if (answer) {
    for (let i = 0; i < messageHeaderBytes + question; i++) answer[payloadAt + i] = frame[messageAt + i];
    answer[flagsAt] = isResponse | authoritative | (frame[flagsAt] & 1);
    answer[flagsAt + 1] =
      recursionAvailable | (frame[flagsAt + 1] & checkingDisabled) | (found == missing ? noSuchName : 0);
    // One question, no authorities, nothing more: what else the query had is not repeated.
    for (let i = 6; i < messageHeaderBytes; i++) answer[payloadAt + i] = 0;
    if (data) putRecord(answer, end, wanted, data, found);
    postDatagram(answer, bytes, hop);
  }
  return 0;
}

/** Writes the only record of an answer. */
function putRecord(answer: Uint8Array, at: number, type: number, data: number, host: number): void {
  answer[payloadAt + 7] = 1;
  const header = [0xc0, messageHeaderBytes, 0, type, 0, classIn, 0, 0, 0, timeToLive, 0, data];
  for (let i = 0; i < recordHeaderBytes; i++) answer[at + i] = header[i];
  at += recordHeaderBytes;
  if (type == typeA) {
    const address = lanAddressOf(host);
    for (let i = 0; i < 4; i++) answer[at + i] = address >>> (8 * i);
  } else putName(answer, at, nameOf(host));
}

/** Small letters; other bytes are themselves. */
function lower(byte: number): number {
  return byte > 64 && byte < 91 ? byte + 32 : byte;
}

/** Whether the question's labels from an offset on are those of the domain, which is not empty. */
function isDomain(at: number): boolean {
  let i = domainAt;
  while (frame[at]) {
    if (i > domainAt && leaseName[i++] != dot) return false;
    const next = at + 1 + frame[at];
    for (at++; at < next; at++) if (lower(frame[at]) != leaseName[i++]) return false;
  }
  // A domain may fill its place: behind it is nothing.
  return i > domainAt && !leaseName[i];
}

/** Whether the question's label at an offset is a text. */
function isLabel(at: number, text: string): boolean {
  if (frame[at] != text.length) return false;
  for (let i = 0; i < text.length; i++) if (lower(frame[at + 1 + i]) != text.charCodeAt(i)) return false;
  return true;
}

/** Whether a lease is of a host that has its address now. */
function isCurrent(lease: number): boolean {
  return leaseState[lease] == leaseBound || leaseState[lease] == leaseFixed;
}

/** The lease whose host's name is the question's first label, or -1. */
function leaseNamed(): number {
  const length = frame[questionAt];
  for (let lease = 0; lease < leaseSlots; lease++) {
    const at = leaseNameBytes * lease;
    if (!isCurrent(lease) || length > leaseNameBytes) continue;
    if (length < leaseNameBytes && leaseName[at + length]) continue;
    let same = 0;
    while (same < length && lower(frame[questionAt + 1 + same]) == leaseName[at + same]) same++;
    if (same == length) return lease;
  }
  return -1;
}

/** What the question's name is as a host's. */
function hostNamed(): number {
  if (!frame[questionAt]) return notOurs;
  if (isDomain(questionAt)) return withoutAddress;
  const second = questionAt + 1 + frame[questionAt];
  let at = second;
  while (frame[at] && !isDomain(at)) at += 1 + frame[at];
  const isBare = !frame[second];
  if (!frame[at] && !isBare) return notOurs;
  if (at == second) {
    if (isLabel(questionAt, ownName)) return lanHostOf(lanAddress);
    const lease = leaseNamed();
    if (lease >= 0) return leaseHost[lease];
  }
  // A single label that is no host of ours may be a top-level domain.
  return isBare ? notOurs : missing;
}

/** What the question's name is as the reverse of an address (RFC 1035 section 3.5). */
function reverseHost(): number {
  let address = 0;
  let at = questionAt;
  for (let i = 0; i < 4; i++) {
    const next = at + 1 + frame[at];
    let number = 0;
    if (next == at + 1 || next > at + 4) return notOurs;
    for (at++; at < next; at++) {
      if (frame[at] < 48 || frame[at] > 57) return notOurs;
      number = 10 * number + frame[at] - 48;
    }
    if (number > 255) return notOurs;
    // The last byte of the address comes first.
    address = 256 * address + number;
  }
  if (!isLabel(at, 'in-addr')) return notOurs;
  at += 8;
  if (!isLabel(at, 'arpa') || frame[at + 5] || !onLan(address)) return notOurs;
  const host = lanHostOf(address);
  return nameOf(host) ? host : missing;
}

/** A text of the column of names. */
function textAt(at: number, most: number): string {
  let text = '';
  for (let i = at; i < at + most && leaseName[i]; i++) text += String.fromCharCode(leaseName[i]);
  return text;
}

/** The whole name of a LAN host, or empty. */
function nameOf(host: number): string {
  let name = host == lanHostOf(lanAddress) ? ownName : '';
  for (let lease = 0; lease < leaseSlots && !name; lease++)
    if (isCurrent(lease) && leaseHost[lease] == host) name = textAt(leaseNameBytes * lease, leaseNameBytes);
  const domain = textAt(domainAt, domainBytes);
  return name && domain ? name + '.' + domain : name;
}

/** Writes a name as its labels. */
function putName(answer: Uint8Array, at: number, name: string): void {
  const labels = name.split('.');
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    answer[at++] = label.length;
    for (let k = 0; k < label.length; k++) answer[at++] = label.charCodeAt(k);
  }
}
