/**
 * The words of `wanLease` (layout/arena.ts): what is known of the address that the ISP leases, and what our side of that
 * conversation is about to do. Addresses and the mask are words as in a packet; times are whole seconds since the start.
 */

/** One of the phases below. */
export const wanPhase = 0;
/** When something is to be done next. */
export const wanDue = 1;
/** By which the answers to the present question are known. */
export const wanXid = 2;
/** The address that is leased, offered, or asked for again; 0 = none. P is it only from the end of the probing on. */
export const wanLeased = 3;
/** What the last offer or acknowledgement said: who leases it, and with what. */
export const wanServer = 4;
export const wanGateway = 5;
export const wanNetmask = 6;
export const wanLimit = 7;
/** Seconds it is leased for, and after which it is renewed and rebound (T1, T2); all ones: for ever. */
export const wanSeconds = 8;
export const wanRenewal = 9;
export const wanRebinding = 10;
/** When the present exchange began, and when its last message left; `secs` of the last DISCOVER. */
export const wanBegan = 11;
export const wanSent = 12;
export const wanSecs = 13;
/** Messages of the present phase that were not answered. */
export const wanTries = 14;
/** When P's lease is rebound, and ends. */
export const wanRebindAt = 15;
export const wanEnd = 16;
/** Type of the answer that came and was not heeded yet, or 0. */
export const wanAnswer = 17;
/** Whether the cable carried a signal when that was looked at last. 0 while it does: the address is asked for again. */
export const wanLink = 18;
/** Since when P is what it is, and the LAN is where it is. */
export const wanSteadySince = 19;
/** The config's MTU, which no lease exceeds; 0 until the first second. */
export const wanMostMtu = 20;
export const wanLeaseWords = 21;

/** Never. */
export const forever = 0xffffffff;

// Phases: the states of RFC 2131 section 4.4, with REBOOTING for INIT-REBOOT, too, and with the ARP probe before BOUND.
export const phaseInit = 0;
export const phaseSelecting = 1;
export const phaseRequesting = 2;
export const phaseRebooting = 3;
export const phaseProbing = 4;
export const phaseBound = 5;
export const phaseRenewing = 6;
export const phaseRebinding = 7;
/** Their names, by number, for people. */
export const phaseNames = [
  'init',
  'selecting',
  'requesting',
  'rebooting',
  'probing',
  'bound',
  'renewing',
  'rebinding',
];
