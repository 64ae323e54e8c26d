/**
 * The WAN's DHCP client (RFC 2131 section 4.4): P is leased, renewed, and given up when its lease ends or somebody else
 * has it. What is known stands in the words of `wanLease`; what a server says is read when it comes (isp-answers.ts), and
 * acted on in the second that follows.
 *
 * May touch: these words, P with all that hangs on it, the outbox. Must not: keep memory between two calls.
 */
import {
  linkWan,
  neighbourState,
  probe,
  probeClaim,
  probeOwner,
  switches,
  wanBroadcastHop,
  wanLease,
} from '../layout/arena.ts';
import {
  lanMoved,
  wanAddressDeclined,
  wanLeaseEnded,
  wanLeaseRefused,
  wanLeaseTaken,
} from '../layout/events.ts';
import { wanPort } from '../layout/ports.ts';
import {
  forever,
  phaseBound,
  phaseInit,
  phaseProbing,
  phaseRebinding,
  phaseRebooting,
  phaseRenewing,
  phaseRequesting,
  phaseSelecting,
  wanAnswer,
  wanBegan,
  wanDue,
  wanEnd,
  wanGateway,
  wanLeased,
  wanLimit,
  wanLink,
  wanMostMtu,
  wanNetmask,
  wanPhase,
  wanRebindAt,
  wanRebinding,
  wanRenewal,
  wanSeconds,
  wanSent,
  wanServer,
  wanSteadySince,
  wanTries,
  wanXid,
} from '../layout/wan-lease.ts';
import { broadcast, lanAddress, publicAddress, wanMtu } from '../control/addresses.ts';
import { askOwner } from '../control/claims.ts';
import { asking, reachable, silent, wanNextHop } from '../control/hops.ts';
import { askAnew, neighbour } from '../control/neighbours.ts';
import { changeWan } from '../control/readdress.ts';
import { random32 } from '../platform/system.ts';
import { decline, discover, nak, offer, request } from '../wire/dhcp.ts';
import { ask, askForTime, namesAddress, namesBoth, namesNothing } from './dhcp-ask.ts';
import { readWanHint, saveWanHint } from './lease-store.ts';
import { logEvent } from './log.ts';
import { makeWay } from './spare-lan.ts';

/** Seconds until the first repetition; each of the next waits twice as long, up to 64 s (RFC 2131 section 4.1). */
const firstWait = 4;
const mostDoublings = 4;
/** Requests for an offer, and for an address of before, until we begin anew. */
const requestTries = 4;
const rebootTries = 3;
/** Seconds of rest after an address was declined (RFC 2131 section 3.1 number 5). */
const declineWait = 10;
/** Probes for an address before it is taken, one a second (RFC 5227 section 2.1.1 has three). */
const probeCount = 2;
/** Seconds between two requests for more time, at least; of a lease that is shorter than five minutes, the second. */
const leastPatience = 60;
const leastPatienceOfShort = 4;
const shortLease = 300;

/**
 * What is due: called in every second in which anything may be.
 * @overlay
 */
export function stepLease(now: number): void {
  if (!wanLease[wanMostMtu]) {
    wanLease[wanMostMtu] = wanMtu;
    const hint = readWanHint();
    wanLease[wanLeased] = hint[0];
    // In case the acknowledgement does not name it: whom to ask for more time.
    wanLease[wanServer] = hint[1];
  }
  const link = switches[linkWan];
  if (link && !wanLease[wanLink]) askAgain(now);
  wanLease[wanLink] = link;
  // First of all: more time may have come in the last second of a lease.
  if (wanLease[wanAnswer]) heed(wanLease[wanAnswer], now);
  if (publicAddress && (now >= wanLease[wanEnd] || probe[probeClaim])) giveUp(now, probe[probeClaim] != 0);
  // Without a cable nothing but the end of the lease can come.
  if (!link) waitUntil(forever);
  else if (now >= wanLease[wanDue]) act(now);
}

/** P's time is over, or somebody else has it. What leads to another address already goes on. */
function giveUp(now: number, isClaimed: boolean): void {
  const address = publicAddress;
  if (!isClaimed) logEvent(wanLeaseEnded, address);
  loseAddress(now);
  if (wanLease[wanPhase] < phaseBound) return;
  if (!isClaimed) {
    begin(now, 0);
    return;
  }
  wanLease[wanLeased] = address;
  refuseAddress(now);
}

/** Acts on an answer. */
function heed(answer: number, now: number): void {
  wanLease[wanAnswer] = 0;
  wanLease[wanTries] = 0;
  if (answer == offer) {
    wanLease[wanPhase] = phaseRequesting;
    act(now);
  } else if (answer == nak) {
    const refused = wanLease[wanPhase] == phaseRequesting;
    logEvent(wanLeaseRefused, wanLease[wanLeased]);
    loseAddress(now);
    // One that refuses what it has offered may go on so: not in a circle without rest.
    begin(now, refused ? patience(0) : random32() & 1);
  } else if (wanLease[wanLeased] == publicAddress) takeAddress(now);
  else {
    wanLease[wanPhase] = phaseProbing;
    act(now);
  }
}

/** Does what the phase asks for when its time has come. */
function act(now: number): void {
  const phase = wanLease[wanPhase];
  const tries = wanLease[wanTries];
  if (phase == phaseInit) {
    openExchange(phaseSelecting, now);
    act(now);
  } else if (phase == phaseSelecting) {
    ask(discover, namesNothing, now);
    waitForAnswer(now);
  } else if (phase == phaseRequesting || phase == phaseRebooting) {
    if (tries >= (phase == phaseRequesting ? requestTries : rebootTries)) {
      begin(now, 0);
      act(now);
      return;
    }
    ask(request, phase == phaseRequesting ? namesBoth : namesAddress, now);
    waitForAnswer(now);
  } else if (phase == phaseProbing) probeAddress(now, tries);
  else if (phase == phaseBound) {
    openExchange(phaseRenewing, now);
    renew(now);
  } else if (phase == phaseRenewing && now < wanLease[wanRebindAt]) renew(now);
  else {
    if (phase == phaseRenewing) openExchange(phaseRebinding, now);
    askForTime(publicAddress, broadcast, wanBroadcastHop, now);
    waitUntil(now + halfOfRest(now, wanLease[wanEnd]));
  }
}

/** Begins to look for a lease, after so many seconds. P, if it has still time, stays until there is another. */
function begin(now: number, wait: number): void {
  wanLease[wanPhase] = phaseInit;
  wanLease[wanAnswer] = 0;
  wanLease[wanLeased] = 0;
  waitUntil(now + wait);
}

/** The cable is back, or we have just started: asks for the address of before, for it may be in another network now. */
function askAgain(now: number): void {
  if (publicAddress) wanLease[wanLeased] = publicAddress;
  if (wanLease[wanLeased]) openExchange(phaseRebooting, now);
  else begin(now, random32() & 1);
}

/** A new question, and answers to the one before count no more. */
function openExchange(phase: number, now: number): void {
  wanLease[wanPhase] = phase;
  wanLease[wanXid] = random32();
  wanLease[wanBegan] = now;
  wanLease[wanTries] = 0;
  wanLease[wanAnswer] = 0;
  wanLease[wanDue] = now;
}

/** Nothing is done before then, but for the end of P's lease. */
function waitUntil(second: number): void {
  wanLease[wanDue] = publicAddress ? Math.min(second, wanLease[wanEnd]) : second;
}

/** Seconds to wait after so many messages without an answer: 4, 8, 16, 32, 64, give or take one. */
function patience(tries: number): number {
  return (firstWait << Math.min(tries, mostDoublings)) + (random32() % 3) - 1;
}

function waitForAnswer(now: number): void {
  waitUntil(now + patience(wanLease[wanTries]));
  wanLease[wanTries]++;
}

/** Seconds until more time is asked for again, before a moment (RFC 2131 section 4.4.5). */
function halfOfRest(now: number, end: number): number {
  const least = wanLease[wanSeconds] < shortLease ? leastPatienceOfShort : leastPatience;
  return Math.max(Math.floor((end - now) / 2), least);
}

/** Asks the server that leased P for more time, once the neighbour by which it is reached is known. */
function renew(now: number): void {
  const server = wanLease[wanServer];
  const hop = neighbour(wanPort, wanNextHop(server));
  const state = neighbourState[hop];
  if (state != reachable && state != silent) {
    if (state != asking) askAnew(hop);
    waitUntil(now + 1);
    return;
  }
  if (state == reachable) askForTime(publicAddress, server, hop, now);
  waitUntil(Math.min(now + halfOfRest(now, wanLease[wanRebindAt]), wanLease[wanRebindAt]));
}

/** Asks whether somebody has the address that was leased to us, and takes it when nobody has. */
function probeAddress(now: number, tries: number): void {
  if (probe[probeOwner + wanPort] && tries) {
    refuseAddress(now);
  } else if (tries < probeCount) {
    askOwner(wanPort, wanLease[wanLeased]);
    wanLease[wanTries]++;
    waitUntil(now + 1);
  } else takeAddress(now);
}

/** Tells the server that its address is somebody else's, and begins anew after a rest. */
function refuseAddress(now: number): void {
  askOwner(wanPort, 0);
  logEvent(wanAddressDeclined, wanLease[wanLeased]);
  ask(decline, namesBoth, now);
  begin(now, declineWait);
}

/** From now on P is what was leased. The same address again keeps all flows (row dc-14). */
function takeAddress(now: number): void {
  const address = wanLease[wanLeased];
  const mask = wanLease[wanNetmask];
  const gateway = wanLease[wanGateway];
  const sent = wanLease[wanSent];
  const isEndless = wanLease[wanSeconds] == forever;
  askOwner(wanPort, 0);
  if (makeWay(address, mask, gateway)) {
    wanLease[wanSteadySince] = now;
    logEvent(lanMoved, lanAddress);
  }
  if (address != publicAddress) {
    probe[probeClaim] = 0;
    wanLease[wanSteadySince] = now;
    logEvent(wanLeaseTaken, address);
    // If that cannot be stored, the next start asks as the first one does.
    saveWanHint(address, wanLease[wanServer]);
  }
  changeWan(address, mask, gateway, wanLease[wanLimit], random32);
  wanLease[wanPhase] = phaseBound;
  wanLease[wanEnd] = isEndless ? forever : sent + wanLease[wanSeconds];
  wanLease[wanRebindAt] = isEndless ? forever : sent + wanLease[wanRebinding];
  wanLease[wanDue] = isEndless ? forever : sent + wanLease[wanRenewal];
}

/** P is nobody's, or somebody else's: all that leaned on it ends. */
function loseAddress(now: number): void {
  probe[probeClaim] = 0;
  if (!publicAddress) return;
  changeWan(0, broadcast, 0, wanLease[wanMostMtu], random32);
  wanLease[wanSteadySince] = now;
}
