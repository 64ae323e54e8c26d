/**
 * The LAN's leases: who has which address, who may get which, and under which name.
 *
 * May touch: the lease columns. Must not: know messages, or ask anybody. Seconds are whole and since the start. Always
 * true: an address is in one place at most, a MAC address too; a free place has neither; the config's come first.
 */
import {
  eventLog,
  leaseBound,
  leaseDeclined,
  leaseEnd,
  leaseFixed,
  leaseFree,
  leaseHost,
  leaseMac,
  leaseName,
  leaseNameBytes,
  leaseOffered,
  leaseOver,
  leaseSlots,
  leaseState,
  leasing,
  leasingUnsaved,
  logNow,
  forwardTo,
  poolFirst,
  poolLast,
  resolverCount,
  resolvers,
  served,
  syslogHost,
} from '../layout/arena.ts';
import { isLanEdge, lanAddress, lanAddressOf, lanHostOf } from '../control/addresses.ts';
import { dmzAddress, forwardCount } from '../control/forwards.ts';

/** Seconds that an address is held for whom it was offered (row ds-14). */
export const offerSeconds = 5;
/** Seconds that an address is left alone when somebody has it whom we do not know (row ds-7). */
export const restSeconds = 600;

/** The lease of a MAC address, or -1. */
export function leaseOf(bytes: Uint8Array, at: number): number {
  for (let lease = 0; lease < leaseSlots; lease++) {
    let i = 0;
    while (i < 6 && leaseMac[6 * lease + i] == bytes[at + i]) i++;
    if (i == 6 && leaseState[lease]) return lease;
  }
  return -1;
}

/** Empties a place. */
export function forgetLease(lease: number): void {
  leaseState[lease] = leaseFree;
  leaseHost[lease] = 0;
  leaseEnd[lease] = 0;
  leasing[leasingUnsaved] = (leasing[leasingUnsaved] & ~(1 << lease)) >>> 0;
  for (let i = 0; i < 6; i++) leaseMac[6 * lease + i] = 0;
  for (let i = 0; i < leaseNameBytes; i++) leaseName[leaseNameBytes * lease + i] = 0;
}

/** Ends what is over by now: a lease is remembered, an offer and a rest are not. */
export function expireLeases(): void {
  for (let lease = 0; lease < leaseSlots; lease++) {
    const state = leaseState[lease];
    if (leaseEnd[lease] > eventLog[logNow] || state == leaseFixed) continue;
    if (state == leaseBound) leaseState[lease] = leaseOver;
    else if (state == leaseOffered || state == leaseDeclined) forgetLease(lease);
  }
}

/** Somebody who was never given it has the address of a lease: it rests, and is nobody's. */
export function declineLease(lease: number): void {
  const host = leaseHost[lease];
  forgetLease(lease);
  leaseState[lease] = leaseDeclined;
  leaseHost[lease] = host;
  leaseEnd[lease] = eventLog[logNow] + restSeconds;
}

/** Whether somebody who has an address, by its number on the LAN, may keep it. */
export function mayKeep(host: number): boolean {
  const address = lanAddressOf(host);
  return (
    host >= served[poolFirst] &&
    host <= served[poolLast] &&
    host != lanHostOf(lanAddress) &&
    !isLanEdge(address)
  );
}

/** Whether it may be given to somebody new: not what the config speaks of, since that is one certain host (row ds-12). */
function mayGive(host: number): boolean {
  const address = lanAddressOf(host);
  if (!mayKeep(host) || host == served[syslogHost] || address == dmzAddress) return false;
  for (let rule = 0; rule < forwardCount; rule++) if (forwardTo[rule] == address) return false;
  for (let i = 0; i < resolverCount; i++) if (resolvers[i] == address) return false;
  return true;
}

/** Whether an address is nobody's, and may be given away. */
export function isVacant(host: number): boolean {
  return host > 0 && leaseHost.indexOf(host) < 0 && mayGive(host);
}

/** The place that ends first, or ended longest ago, among those with a state; -1 when there is none. */
function earliest(state: number): number {
  let best = -1;
  for (let lease = 0; lease < leaseSlots; lease++) {
    if (leaseState[lease] != state || (state == leaseOver && !mayGive(leaseHost[lease]))) continue;
    if (best < 0 || leaseEnd[lease] < leaseEnd[best]) best = lease;
  }
  return best;
}

/** An address for somebody new: the one that he would like if it can be had, else his own for as long as it is vacant; 0: none is. */
function vacantFor(wanted: number, bytes: Uint8Array, at: number): number {
  if (isVacant(wanted)) return wanted;
  const count = served[poolLast] - served[poolFirst] + 1;
  // The same host begins at the same place, so it mostly gets the same address even if nobody remembers it.
  const start = (bytes[at + 5] + 256 * bytes[at + 4] + 97 * bytes[at + 3]) % count;
  for (let i = 0; i < count; i++) {
    const host = served[poolFirst] + ((start + i) % count);
    if (isVacant(host)) return host;
  }
  return 0;
}

/**
 * Holds an address for somebody who has none.
 * @param wanted its number on the LAN if he would like a certain one, or 0  @param at where in `bytes` his MAC address is
 * @returns his place, or -1 when there is no address or no place (row ds-11)
 */
export function offerLease(wanted: number, bytes: Uint8Array, at: number): number {
  const vacant = vacantFor(wanted, bytes, at);
  const over = earliest(leaseOver);
  let lease = vacant ? leaseState.indexOf(leaseFree) : over;
  if (lease < 0) lease = over < 0 && vacant ? earliest(leaseDeclined) : over;
  if (lease < 0) return -1;
  const host = vacant || leaseHost[lease];
  forgetLease(lease);
  leaseState[lease] = leaseOffered;
  leaseHost[lease] = host;
  leaseEnd[lease] = eventLog[logNow] + offerSeconds;
  for (let i = 0; i < 6; i++) leaseMac[6 * lease + i] = bytes[at + i];
  return lease;
}

/** Leases an address to whom it is held for, who had it, or whom the config gives it. @returns whether that is new */
export function bindLease(lease: number, seconds: number): boolean {
  const isNew = leaseState[lease] == leaseOffered;
  leaseEnd[lease] = eventLog[logNow] + seconds;
  if (leaseState[lease] != leaseFixed) leaseState[lease] = leaseBound;
  if (isNew) noteUnsaved(lease);
  return isNew;
}

function noteUnsaved(lease: number): void {
  leasing[leasingUnsaved] = (leasing[leasingUnsaved] | (1 << lease)) >>> 0;
}

/** A character of a host's name as names have it, or 0 where the name ends: at a dot. All but letters and digits is `-`. */
function nameCharacter(byte: number): number {
  if (byte == 46 || !byte) return 0;
  const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
  return (lower >= 97 && lower <= 122) || (lower >= 48 && lower <= 57) ? lower : 45;
}

/**
 * Names that no host can give itself: by the first two its neighbours would look for a proxy and a tunnel (RFC 5214), and
 * the others are everybody's own and the router's.
 */
const reservedNames = ['wpad', 'isatap', 'localhost', 'hairpin'];

function isReserved(name: Uint8Array): boolean {
  let text = '';
  for (let i = 0; name[i]; i++) text += String.fromCharCode(name[i]);
  return reservedNames.indexOf(text) >= 0;
}

/**
 * Takes the name over that a host has given itself, if nobody has it; the config's names stay as they are.
 * @param at where it lies in `bytes`  @param length of it
 */
export function nameLease(lease: number, bytes: Uint8Array, at: number, length: number): void {
  if (leaseState[lease] == leaseFixed) return;
  const name = new Uint8Array(leaseNameBytes);
  let end = 0;
  for (let i = 0; i < length && end < leaseNameBytes - 1; i++) {
    const character = nameCharacter(bytes[at + i]);
    if (!character) break;
    // None begins with a hyphen (RFC 952).
    if (character != 45 || end) name[end++] = character;
  }
  while (end && name[end - 1] == 45) name[--end] = 0;
  for (let other = 0; other < leaseSlots; other++)
    if (other != lease && leaseState[other] && hasName(other, name)) return;
  if (!end || hasName(lease, name) || isReserved(name)) return;
  for (let i = 0; i < leaseNameBytes; i++) leaseName[leaseNameBytes * lease + i] = name[i];
  noteUnsaved(lease);
}

function hasName(lease: number, name: Uint8Array): boolean {
  for (let i = 0; i < leaseNameBytes; i++) if (leaseName[leaseNameBytes * lease + i] != name[i]) return false;
  return name[0] != 0;
}
