/**
 * The LAN's DHCP server (RFC 2131): what a client asks, and what it is answered. It is the only one of its LAN, so it
 * refuses what is wrong instead of being silent (row ds-4).
 *
 * A fresh address is asked for by ARP before it is given away; meanwhile the client's message waits here, one at a time.
 * May touch: the packet at hand, the leases, the outbox. Must not: take anything that came for more than a wish.
 */
import {
  eventLog,
  leaseBound,
  leaseEnd,
  leaseFixed,
  leaseHost,
  leaseOffered,
  leaseOver,
  leaseState,
  leasing,
  leasingAsked,
  leasingAskedAt,
  leasingLan,
  leasingNextSave,
  leasingShortUntil,
  leasingUnsaved,
  logNow,
  policySwitch,
  policyWanDhcp,
  poolSeconds,
  probe,
  probeOwner,
  served,
  switches,
} from '../layout/arena.ts';
import { addressDeclined, leaseGiven, leasesUnsaved, poolExhausted } from '../layout/events.ts';
import { lanPort } from '../layout/ports.ts';
import { consumedDatagram, dropDatagram } from '../layout/reasons.ts';
import { lanAddress, lanAddressOf, lanHostOf, onLan, publicAddress } from '../control/addresses.ts';
import { askOwner } from '../control/claims.ts';
import { drop, note } from '../control/count.ts';
import { frame, take } from '../control/packet.ts';
import { seconds } from '../platform/system.ts';
import {
  ack,
  bootRequest,
  chaddrAt,
  ciaddrAt,
  decline,
  discover,
  giaddrAt,
  hostNameOption,
  inform,
  nak,
  offer,
  release,
  request,
  requestedOption,
  serverOption,
} from '../wire/dhcp.ts';
import { answerClient } from './dhcp-answer.ts';
import { fieldAt, readMessage, typeOf, wordAt, wordOf } from './dhcp-message.ts';
import {
  bindLease,
  declineLease,
  expireLeases,
  forgetLease,
  isVacant,
  leaseOf,
  nameLease,
  offerLease,
} from './leases.ts';
import { logEvent } from './log.ts';
import { saveLeases } from './lease-store.ts';

/** Seconds of a lease while the addresses may still change (row ds-13), and for how long after the LAN was moved. */
const shortSeconds = 60;
const movedSeconds = 600;
/** Milliseconds that whoever has an address is given to say so (row ds-2). */
const askMilliseconds = 200;
/** Seconds between two writes of the store (row ds-10), and until it is tried again when there is no room. */
const saveSeconds = 60;
const noRoomSeconds = 86400;
/** Every so many seconds, a power of two, leases that nobody asks about are looked at. */
const lookSeconds = 64;

/** The message that waits until it is known whether somebody has the address it would be answered with. */
let waiting: Uint8Array | undefined;

/** Milliseconds since some moment, modulo this: a column takes no fractions. */
const timeModulus = 1000000000;

function milliseconds(): number {
  return Math.floor(seconds() * 1000) % timeModulus;
}

/**
 * Whether `stepServer` has anything to do in this second.
 * @inline
 */
export function isServerDue(now: number): boolean {
  return (
    leasing[leasingAsked] != 0 ||
    (leasing[leasingUnsaved] != 0 && now >= leasing[leasingNextSave]) ||
    leasing[leasingLan] != lanAddress ||
    !(now & (lookSeconds - 1))
  );
}

/**
 * What is due by the clock: the answer to a question, saving what is new, noticing that the LAN was moved.
 * @overlay
 */
export function stepServer(now: number): void {
  if (leasing[leasingLan] != lanAddress) {
    // Not at the start, when it is merely noted where the LAN is.
    if (leasing[leasingLan]) {
      leasing[leasingShortUntil] = now + movedSeconds;
      // What was asked about has become another address; who waits for it will ask again.
      endQuestion();
    }
    leasing[leasingLan] = lanAddress;
  }
  expireLeases();
  if (leasing[leasingAsked]) hearOwner();
  if (!leasing[leasingUnsaved] || now < leasing[leasingNextSave]) return;
  leasing[leasingNextSave] = now + saveSeconds;
  if (saveLeases()) return;
  leasing[leasingNextSave] = now + noRoomSeconds;
  logEvent(leasesUnsaved, 0);
}

/**
 * A datagram for the DHCP server.
 * @returns 0: what is answered leaves by the outbox
 * @overlay
 */
export function takeDiscovery(): number {
  const options = readMessage(bootRequest);
  // No relay serves a LAN of one wire; and no host has a group's address, or none (rows ds-6, ds-12).
  if (!options || !typeOf(options) || wordAt(fieldAt(giaddrAt)) || !isOneHost()) return drop(dropDatagram);
  note(consumedDatagram);
  expireLeases();
  serveClient(options);
  return 0;
}

/** Whether the client's MAC address is one of a single host. */
function isOneHost(): boolean {
  const at = fieldAt(chaddrAt);
  return !(frame[at] & 1) && (wordAt(at) != 0 || frame[at + 4] + frame[at + 5] != 0);
}

function serveClient(options: Uint16Array): void {
  const type = typeOf(options);
  const server = wordOf(options, serverOption);
  const lease = leaseOf(frame, fieldAt(chaddrAt));
  if (type == discover) discovered(options, lease);
  else if (type == request) requested(options, lease, server);
  else if (type == inform) answerClient(ack, -1, 0, options);
  else if (server && server != lanAddress) return;
  else if (type == decline && lease >= 0 && hostIn(wordOf(options, requestedOption)) == leaseHost[lease])
    refused(lease);
  else if (type == release && lease >= 0 && hostIn(wordAt(fieldAt(ciaddrAt))) == leaseHost[lease])
    released(lease);
}

/** The number of an address of the LAN, or -1. */
function hostIn(address: number): number {
  return onLan(address) ? lanHostOf(address) : -1;
}

/** Somebody asks for any address: his own is offered at once, another after nobody said that he has it. */
function discovered(options: Uint16Array, lease: number): void {
  if (lease >= 0 && (leaseState[lease] != leaseOffered || leasing[leasingAsked] != leaseHost[lease])) {
    answerClient(offer, lease, duration(), options);
    return;
  }
  if (lease >= 0) waiting = frame;
  // One question at a time: the client asks again, and a flood of others holds no more than that (row ds-14).
  if (leasing[leasingAsked]) return;
  const wanted = hostIn(wordOf(options, requestedOption));
  ask(offerLease(wanted, frame, fieldAt(chaddrAt)));
}

/** Asks the LAN who has the address that a lease holds. */
function ask(lease: number): void {
  if (lease < 0) {
    logEvent(poolExhausted, 0);
    return;
  }
  waiting = frame;
  leasing[leasingAsked] = leaseHost[lease];
  leasing[leasingAskedAt] = milliseconds();
  askOwner(lanPort, lanAddressOf(leaseHost[lease]));
}

/** The last four bytes of the client's MAC address, as `probe` has them. */
function clientTail(): number {
  const at = fieldAt(chaddrAt);
  let tail = 0;
  for (let i = 2; i < 6; i++) tail = tail * 256 + frame[at + i];
  return tail || 1;
}

function endQuestion(): void {
  leasing[leasingAsked] = 0;
  askOwner(lanPort, 0);
  waiting = undefined;
}

/** Acts on the answer to the question: nobody has the address, or somebody who is not the client. */
function hearOwner(): void {
  const asked = leasing[leasingAsked];
  const message = waiting;
  const waited = (milliseconds() - leasing[leasingAskedAt] + timeModulus) % timeModulus;
  if (waited < askMilliseconds) return;
  const owner = probe[probeOwner + lanPort];
  endQuestion();
  const lease = leaseHost.indexOf(asked);
  if (!message || lease < 0 || leaseState[lease] != leaseOffered) return;
  take(message, new Uint32Array(message.buffer), ((message[4] << 8) | message[5]) - 2, lanPort);
  const options = readMessage(bootRequest);
  if (!options || leaseOf(frame, fieldAt(chaddrAt)) != lease) return;
  const isTaken = owner != 0 && owner != clientTail();
  if (isTaken) {
    logEvent(addressDeclined, asked);
    declineLease(lease);
  }
  if (typeOf(options) == discover) {
    if (isTaken) discovered(options, -1);
    else answerClient(offer, lease, duration(), options);
  } else if (isTaken) answerClient(nak, -1, 0, options);
  else give(lease, options);
}

/**
 * Somebody asks for a certain address: the one that was offered, the one he had before a restart of his, or a longer time
 * with his own (RFC 2131 section 4.3.2).
 */
function requested(options: Uint16Array, lease: number, server: number): void {
  if (server && server != lanAddress) {
    // He has chosen another server.
    if (lease >= 0 && leaseState[lease] == leaseOffered) forgetLease(lease);
    return;
  }
  const wanted = wordAt(fieldAt(ciaddrAt)) || wordOf(options, requestedOption);
  const host = hostIn(wanted);
  if (!wanted) return;
  if (lease >= 0 && host == leaseHost[lease]) {
    if (leasing[leasingAsked] != host) give(lease, options);
  } else if (lease < 0 && isVacant(host)) {
    // We do not know him: he may have got it before we forgot, and is asked about like any other.
    if (!leasing[leasingAsked]) ask(offerLease(host, frame, fieldAt(chaddrAt)));
  } else answerClient(nak, -1, 0, options);
}

/** Leases an address to the client at hand, and tells him. */
function give(lease: number, options: Uint16Array): void {
  const host = leaseHost[lease];
  if (bindLease(lease, duration())) logEvent(leaseGiven, host);
  const name = options[hostNameOption];
  if (name) nameLease(lease, frame, name, frame[name - 1]);
  answerClient(ack, lease, duration(), options);
}

/** Seconds of a lease now: few while the ISP has given no address, or the LAN has just been moved (RFC 5625 section 5.3). */
function duration(): number {
  const isEarly = switches[policySwitch] & policyWanDhcp && !publicAddress;
  return isEarly || eventLog[logNow] < leasing[leasingShortUntil] ? shortSeconds : served[poolSeconds];
}

/** The client has found somebody else at its address. The config's addresses stay what they are. */
function refused(lease: number): void {
  logEvent(addressDeclined, leaseHost[lease]);
  if (leaseState[lease] != leaseFixed) declineLease(lease);
}

/** The client gives its address back; it is remembered whose it was. */
function released(lease: number): void {
  if (leaseState[lease] == leaseBound) leaseState[lease] = leaseOver;
  leaseEnd[lease] = eventLog[logNow];
}
