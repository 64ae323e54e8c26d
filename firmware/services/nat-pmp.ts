/**
 * NAT-PMP (RFC 6886): hosts of the LAN learn the public address, and map public ports to themselves. Spoken on R:5351
 * alone, and only where the config has `nat.natPmp`. A new public address is announced, and so is a start.
 *
 * May touch: the packet at hand, the outbox, `mapped`. What a mapping is, control/mapped.ts knows.
 */
import {
  eventLog,
  lanAnswerHop,
  logNow,
  mapped,
  mappedAddress,
  mappedDue,
  mappedLeft,
  policyNatPmp,
  policySwitch,
  switches,
} from '../layout/arena.ts';
import { forwardTcp, forwardUdp } from '../layout/ports.ts';
import { consumedDatagram, dropDatagram } from '../layout/reasons.ts';
import { isLanEdge, lanAddress, onLan, publicAddress } from '../control/addresses.ts';
import { drop, note } from '../control/count.ts';
import { setMac } from '../control/hops.ts';
import { endMapped, mapPort, unmapPort } from '../control/mapped.ts';
import { outCount } from '../control/outbox.ts';
import { frame, half, source, target, transportAt } from '../control/packet.ts';
import { random32 } from '../platform/system.ts';
import { natPmpPort, udpHeaderBytes } from '../wire/frame.ts';
import { isWhole, payloadAt, postDatagram, startDatagram } from './datagrams.ts';

/** Where announcements arrive: at all hosts of the LAN, 224.0.0.1 as a word (RFC 6886 section 3.2.1). */
const clientPort = 5350;
const allHosts = 0x010000e0;
/** Announcements of one address: at once, then after 1, 1, 2, 4, 8 ... seconds, two minutes in all. */
const announcements = 9;

/** Longest time of a mapping, in seconds (RFC 6886 section 3.3 recommends it). Renewed after half of it. */
const longestLife = 7200;

// Opcodes; an answer's has the top bit set. Bytes of a request and of its answer.
const askAddress = 0;
const mapUdp = 1;
const mapTcp = 2;
const answerBit = 128;
const mapRequestBytes = 12;
const mapAnswerBytes = 16;
const addressBytes = 12;
const bareBytes = 8;

/** Result codes (RFC 6886 section 3.5). */
const success = 0;
const badVersion = 1;
const refused = 2;
const noAddress = 3;
const noRoom = 4;
const badOpcode = 5;

/** No second: nothing is due. */
const never = 0xffffffff;

/** Where the source MAC address lies in a frame (wire/frame.ts). */
const sourceMacAt = 12;

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16);
  put16(bytes, at + 2, value);
}

/** Begins an answer or an announcement, as far as all are alike. @param to a word @returns undefined: no room */
function startAnswer(
  to: number,
  port: number,
  op: number,
  result: number,
  bytes: number,
): Uint8Array | undefined {
  const answer = startDatagram(lanAddress, to, natPmpPort, port, bytes);
  if (answer) {
    answer[payloadAt + 1] = op;
    put16(answer, payloadAt + 2, result);
    put32(answer, payloadAt + 4, eventLog[logNow]);
  }
  return answer;
}

/** The public address, behind what all are alike in. */
function putAddress(answer: Uint8Array): void {
  for (let i = 0; i < 4; i++) answer[payloadAt + 8 + i] = publicAddress >>> (8 * i);
}

/** Whether the datagram at hand is a request of a LAN host to the router itself, and all of it is there. */
function isRequest(at: number, length: number): boolean {
  const op = frame[at + 1];
  return (
    target == lanAddress &&
    onLan(source) &&
    !isLanEdge(source) &&
    source != lanAddress &&
    isWhole() &&
    length >= 2 &&
    op < answerBit &&
    ((op != mapUdp && op != mapTcp) || frame[at] != 0 || length >= mapRequestBytes)
  );
}

/**
 * Answers the datagram at hand, from the LAN to port 5351.
 * @returns 0
 * @overlay
 */
export function serveNatPmp(): number {
  const at = transportAt + udpHeaderBytes;
  const op = frame[at + 1];
  const isMap = op == mapUdp || op == mapTcp;
  if (!isRequest(at, half(transportAt + 4) - udpHeaderBytes)) return drop(dropDatagram);
  let result = success;
  if (frame[at]) result = badVersion;
  else if (op != askAddress && !isMap) result = badOpcode;
  else if (!publicAddress) result = noAddress;
  const isBare = result == badVersion || result == badOpcode;
  const bytes = isBare ? bareBytes : isMap ? mapAnswerBytes : addressBytes;
  const answer = startAnswer(source, half(transportAt), op | answerBit, result, bytes);
  if (!answer) return drop(dropDatagram);
  if (!isBare && !isMap) putAddress(answer);
  if (!isBare && isMap) {
    put16(answer, payloadAt + 8, half(at + 4));
    if (!result) put16(answer, payloadAt + 2, map(answer, op == mapTcp ? forwardTcp : forwardUdp, at));
  }
  setMac(lanAnswerHop, frame, sourceMacAt);
  postDatagram(answer, bytes, lanAnswerHop);
  note(consumedDatagram);
  return 0;
}

/** Does what a request for a mapping wants, and writes port and seconds. @param at the request @returns the result code */
function map(answer: Uint8Array, bit: number, at: number): number {
  const wanted = { bit: bit, host: source, port: half(at + 4) };
  const asked = half(at + 8) * 65536 + half(at + 10);
  if (!asked) return unmapPort(wanted) ? success : refused;
  if (!wanted.port) return refused;
  const life = asked < longestLife ? asked : longestLife;
  const port = mapPort(wanted, half(at + 6), eventLog[logNow] + life, random32);
  if (!port) return noRoom;
  mapped[mappedDue] = 0;
  put16(answer, payloadAt + 10, port);
  put32(answer, payloadAt + 12, life);
  return success;
}

/** Tells all hosts of the LAN the public address; their group has a MAC address of its own (RFC 1112 section 6.4). */
function announceAddress(): void {
  const answer = startAnswer(allHosts, clientPort, answerBit, success, addressBytes);
  if (answer) {
    putAddress(answer);
    setMac(lanAnswerHop, new Uint8Array([1, 0, 0x5e, 0, 0, 1]), 0);
    postDatagram(answer, addressBytes, lanAnswerHop);
  }
}

/**
 * Whether mappings end, or an address is to be announced: asked once a second.
 * @inline
 */
export function isMappingDue(now: number): boolean {
  return now >= mapped[mappedDue];
}

/**
 * Does it. A service that is switched off ends all mappings.
 * @overlay
 */
export function stepMappings(now: number): void {
  const isOn = (switches[policySwitch] & policyNatPmp) != 0;
  let due = endMapped(isOn ? now : never, never);
  if (!isOn) mapped[mappedAddress] = 0;
  else if (publicAddress != mapped[mappedAddress]) {
    mapped[mappedAddress] = publicAddress;
    mapped[mappedLeft] = publicAddress ? announcements : 0;
  }
  // What waits to leave may go by the hop of answers, too, such as an offer of this second: its MAC address stays until then.
  if (isOn && mapped[mappedLeft] && outCount) due = Math.min(due, now + 1);
  else if (isOn && mapped[mappedLeft]) {
    announceAddress();
    const sent = announcements - mapped[mappedLeft];
    const next = now + (sent ? 1 << (sent - 1) : 1);
    mapped[mappedLeft]--;
    if (mapped[mappedLeft] && next < due) due = next;
  }
  mapped[mappedDue] = due;
}
