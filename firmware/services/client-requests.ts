/**
 * The requests `clients [FROM]` and `clients count on|off`: the hosts of the LAN, as far as the router knows of them by
 * their leases or as neighbours; how they got their addresses, and what they do.
 */
import {
  clock,
  eventLog,
  firstLanHop,
  flowCount,
  flowState,
  lastLanHop,
  leaseBound,
  leaseEnd,
  leaseFixed,
  leaseHost,
  leaseMac,
  leaseName,
  leaseNameBytes,
  leaseSlots,
  leaseState,
  logNow,
  neighbourAddress,
  neighbourMacs,
  neighbourSeen,
  neighbourState,
  outerSource,
  rowSource,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { lanAddressOf, lanHostOf } from '../control/addresses.ts';
import { knownHop, reachable } from '../control/hops.ts';
import { setTally, tally, tallyHosts, tallyPlace } from '../control/tally.ts';
import { expireLeases } from './leases.ts';
import { failure, success } from './replies.ts';
import { addressText, macText } from './text.ts';

/** Clients listed in one answer, for the reason that flows are. */
const clientsPerAnswer = 8;
/** Places to look at: of leases, then of the LAN's neighbours. */
const lastPlace = leaseSlots + lastLanHop - firstLanHop;

/**
 * The answer to either.
 * @returns it; what was switched, the caller finds in the switches
 */
export function clientsText(words: string[]): string {
  if (words[1] == 'count') return count(words);
  let place = Number(words[1] || 0);
  if (!(place >= 0 && place <= lastPlace && place == Math.floor(place)))
    return failure('clients: expected a place from 0 to ' + lastPlace + ', or count on or count off.');
  expireLeases();
  const places: number[] = [];
  const addresses = new Uint32Array(clientsPerAnswer);
  while (place <= lastPlace && places.length < clientsPerAnswer) {
    const address = addressAt(place);
    if (address) {
      addresses[places.length] = address;
      places.push(place);
    }
    place++;
  }
  const flows = flowsOf(addresses);
  let text = '{"counting":' + !!tally + ',"clients":[';
  for (let i = 0; i < places.length; i++)
    text += (i ? ',' : '') + describe(places[i], addresses[i], flows[i]);
  return text + '],"next":' + (place <= lastPlace ? place : null) + ',"ok":true}';
}

function count(words: string[]): string {
  if (words[2] != 'on' && words[2] != 'off')
    return failure('clients: expected "clients count on" or "clients count off".');
  setTally(words[2] == 'on');
  return success({ count: words[2] });
}

/** The address of the client at a place, a word; 0 when there is none, or a lease tells of it. */
function addressAt(place: number): number {
  if (place < leaseSlots) return isLeased(place) ? lanAddressOf(leaseHost[place]) : 0;
  const hop = firstLanHop + place - leaseSlots;
  if (neighbourState[hop] != reachable) return 0;
  const lease = leaseHost.indexOf(lanHostOf(neighbourAddress[hop]));
  return lease >= 0 && isLeased(lease) ? 0 : neighbourAddress[hop];
}

function isLeased(lease: number): boolean {
  return leaseState[lease] == leaseBound || leaseState[lease] == leaseFixed;
}

/** Flows of each of these hosts, in one look at all of them. */
function flowsOf(addresses: Uint32Array): Uint16Array {
  const counts = new Uint16Array(addresses.length);
  for (let flow = 1; flow <= flowCount; flow++) {
    if (!flowState[flow]) continue;
    const inner = addresses.indexOf(rowSource[flow]);
    // Around the hairpin the client is on the LAN too.
    const outer = addresses.indexOf(outerSource[flow]);
    if (inner >= 0) counts[inner]++;
    if (outer >= 0 && outer != inner) counts[outer]++;
  }
  return counts;
}

function describe(place: number, address: number, flows: number): string {
  const isLease = place < leaseSlots;
  const hop = knownHop(lanPort, address);
  const heard = hop && neighbourState[hop] == reachable;
  const fixed = isLease && leaseState[place] == leaseFixed;
  const end = isLease ? leaseEnd[place] : 0;
  const at = tally ? tallyPlace(address) : -1;
  // Who has no place among those that are counted, because all are taken, is not.
  const counted = !!tally && (at >= 0 || tallyPlace(0) >= 0);
  return JSON.stringify({
    address: addressText(address),
    mac: isLease ? macText(leaseMac, 6 * place) : macText(neighbourMacs, 12 * hop),
    name: isLease ? nameText(place) || null : null,
    how: fixed ? 'fixed' : isLease ? 'leased' : 'static',
    left: end > eventLog[logNow] ? end - eventLog[logNow] : null,
    heard: heard ? (clock[0] - neighbourSeen[hop]) & 65535 : null,
    flows: flows,
    up: counted ? bytesAt(at, 1) : null,
    down: counted ? bytesAt(at, 2) : null,
  });
}

function bytesAt(at: number, column: number): number {
  return at < 0 ? 0 : tally![at + column * tallyHosts];
}

function nameText(lease: number): string {
  let text = '';
  for (let i = leaseNameBytes * lease; leaseName[i] && text.length < leaseNameBytes; i++)
    text += String.fromCharCode(leaseName[i]);
  return text;
}
