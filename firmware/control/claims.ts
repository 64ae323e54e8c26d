/**
 * Addresses and who has them (RFC 5227): ours are announced when a link comes up and defended when somebody claims one;
 * one that is to be taken, or given to somebody, is asked for before.
 *
 * May touch: age and tries of the broadcast slots, where it is noted what was said when; `probe`. Must not: believe anybody.
 */
import {
  clock,
  lanMacAt,
  linkLan,
  linkWan,
  neighbourMacs,
  neighbourSeen,
  neighbourTries,
  probe,
  probeClaim,
  probeOwner,
  switches,
  wanMacAt,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { sentArpRequest } from '../layout/reasons.ts';
import { arpSenderMacAt } from '../wire/frame.ts';
import { addressOn, broadcastOn, postArp } from './arp-out.ts';
import { count } from './count.ts';
import { frame, ingress } from './packet.ts';

/** Seconds between two announcements with which an address is defended (RFC 5227 section 1.1, DEFEND_INTERVAL). */
const defendSeconds = 10;
/** Seconds of the announcing: at the first of them and at the last (RFC 5227 section 2.3: two, 2 s apart). */
const announcingSeconds = 3;
/** In place of these seconds: what was said last was a defence. */
const defended = announcingSeconds + 1;

/** Tells everybody on a port whose its address is, and notes when, in the slot of that port's broadcast. */
function claim(port: number): void {
  neighbourSeen[broadcastOn(port)] = clock[0];
  count(sentArpRequest);
  postArp(1, port, undefined, addressOn(port), broadcastOn(port));
}

/** Whether the ARP packet at hand is our own and came back. */
function isOwn(): boolean {
  const own = ingress == lanPort ? lanMacAt : wanMacAt;
  for (let i = 0; i < 6; i++) if (frame[arpSenderMacAt + i] != neighbourMacs[own + i]) return false;
  return true;
}

/**
 * Answers the claim at hand of an own address: ours is told to everybody once more, but not again within 10 s. A second
 * claim in that time is noted: who has P by a lease gives it up then, while what the owner has set stays.
 */
export function defend(): void {
  if (isOwn()) return;
  const hop = broadcastOn(ingress);
  // An announcement of ours before it is no claim of anybody else's.
  if (neighbourTries[hop] != defended || ((clock[0] - neighbourSeen[hop]) & 65535) >= defendSeconds) {
    neighbourTries[hop] = defended;
    claim(ingress);
  } else if (ingress != lanPort) probe[probeClaim] = 1;
}

/**
 * Asks who has an address on a port, to take it or to give it away. Whoever answers is in `probe[probeOwner + port]` from
 * then on; when nobody has, it stays 0. One question at a time on each port.
 * @param address a word, or 0: no more answers are waited for
 */
export function askOwner(port: number, address: number): void {
  probe[port] = address;
  probe[probeOwner + port] = 0;
  if (!address) return;
  count(sentArpRequest);
  // With no address of ours on that port yet this is a probe as RFC 5227 section 2.1.1 has it: from 0.0.0.0.
  postArp(1, port, undefined, address, broadcastOn(port));
}

/** Somebody else has, or wants, the address that was asked for: notes the last four bytes of its MAC address. */
export function noteOwner(): void {
  if (isOwn()) return;
  let owner = 0;
  for (let i = 2; i < 6; i++) owner = owner * 256 + frame[arpSenderMacAt + i];
  probe[probeOwner + ingress] = owner || 1;
}

/**
 * Announces a port's address once its link is up, and again when it comes back; called once a second. How far that is
 * stands in the slot of the port's broadcast.
 */
export function announce(port: number): void {
  const hop = broadcastOn(port);
  if (!switches[port == lanPort ? linkLan : linkWan] || !addressOn(port)) neighbourTries[hop] = 0;
  else if (neighbourTries[hop] < announcingSeconds) {
    neighbourTries[hop]++;
    if (neighbourTries[hop] != 2) claim(port);
  }
}
