/**
 * Our own addresses among neighbours: announced when a link comes up, and defended when somebody claims one (RFC 5227).
 *
 * May touch: age and tries of the broadcast slots, where it is noted what was said when. Must not: believe anybody.
 */
import {
  clock,
  lanMacAt,
  linkLan,
  linkWan,
  neighbourMacs,
  neighbourSeen,
  neighbourTries,
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
 * Answers the claim at hand of an own address: ours is told to everybody once more, but not again within 10 s. Whose
 * address is leased would have to give it up at a second claim; ours are set by the owner.
 */
export function defend(): void {
  if (isOwn() || ((clock[0] - neighbourSeen[broadcastOn(ingress)]) & 65535) < defendSeconds) return;
  claim(ingress);
}

/**
 * Announces a port's address once its link is up, and again when it comes back; called once a second. How far that is
 * stands in the slot of the port's broadcast.
 */
export function announce(port: number): void {
  const hop = broadcastOn(port);
  if (!switches[port == lanPort ? linkLan : linkWan]) neighbourTries[hop] = 0;
  else if (neighbourTries[hop] < announcingSeconds) {
    neighbourTries[hop]++;
    if (neighbourTries[hop] != 2) claim(port);
  }
}
