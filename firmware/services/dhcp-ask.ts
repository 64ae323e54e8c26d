/**
 * The messages of our DHCP client (RFC 2131 section 4.4, table 5). May touch: the outbox, when the last one was sent.
 * Must not: decide when one is due.
 */
import { neighbourMacs, wanBroadcastHop, wanLease, wanMacAt } from '../layout/arena.ts';
import { wanBegan, wanLeased, wanSecs, wanSent, wanServer, wanXid } from '../layout/wan-lease.ts';
import { broadcast } from '../control/addresses.ts';
import {
  bootRequest,
  broadcastOption,
  ciaddrAt,
  clientOption,
  decline,
  discover,
  endOption,
  hostNameOption,
  leaseOption,
  leastMessage,
  maskOption,
  mtuOption,
  optionsAt,
  parametersOption,
  rebindingOption,
  renewalOption,
  request,
  requestedOption,
  resolverOption,
  routerOption,
  secsAt,
  serverOption,
  typeOption,
  xidAt,
} from '../wire/dhcp.ts';
import { payloadAt, postDatagram } from './datagrams.ts';
import { putByteOption, putClient, putOption, putWord, putWordOption, startMessage } from './dhcp-message.ts';

/** Whom the ISP's list of clients shows (option 12). */
const hostName = 'hairpin';

/**
 * What we would like to be told. Not classless routes (121): a server that sends them may leave the router out
 * (RFC 3442), and we have one gateway.
 */
const wishes = [
  maskOption,
  routerOption,
  resolverOption,
  mtuOption,
  broadcastOption,
  leaseOption,
  serverOption,
  renewalOption,
  rebindingOption,
];

/** What a message names of the present lease, in `ask`. */
export const namesNothing = 0;
export const namesAddress = 1;
export const namesBoth = 2;

/**
 * Sends a message to everybody, from no address, as long as we have none that is sure.
 * @param type of the message  @param names the address that we would like, that and its server, or nothing
 */
export function ask(type: number, names: number, now: number): void {
  send(type, names, 0, broadcast, wanBroadcastHop, now);
}

/**
 * Asks for more time for P, of the server that leased it or of everybody: who it is for stands in `ciaddr` alone.
 * @param address P  @param to a word  @param hop by which that is reached
 */
export function askForTime(address: number, to: number, hop: number, now: number): void {
  send(request, namesNothing, address, to, hop, now);
}

function send(type: number, names: number, from: number, to: number, hop: number, now: number): void {
  // As in the DISCOVER while an offer is asked for, so that relays do not take it for another one's (section 4.4.1).
  if (type == discover || names != namesBoth) wanLease[wanSecs] = Math.min(now - wanLease[wanBegan], 65535);
  wanLease[wanSent] = now;
  const message = startMessage(bootRequest, from, to, leastMessage);
  if (!message) return;
  const secs = wanLease[wanSecs];
  putWord(message, payloadAt + xidAt, wanLease[wanXid]);
  message[payloadAt + secsAt] = secs >>> 8;
  message[payloadAt + secsAt + 1] = secs;
  putWord(message, payloadAt + ciaddrAt, from);
  putClient(message, neighbourMacs, wanMacAt);
  let at = putByteOption(message, payloadAt + optionsAt, typeOption, type);
  at = putOption(message, at, clientOption, 7);
  message[at] = 1;
  for (let i = 0; i < 6; i++) message[at + 1 + i] = neighbourMacs[wanMacAt + i];
  at += 7;
  if (names) at = putWordOption(message, at, requestedOption, wanLease[wanLeased]);
  if (names == namesBoth) at = putWordOption(message, at, serverOption, wanLease[wanServer]);
  if (type != decline) at = putWishes(message, at);
  message[at] = endOption;
  postDatagram(message, leastMessage, hop);
}

/** Writes our name, and what we would like to be told. @returns where the next option goes */
function putWishes(message: Uint8Array, from: number): number {
  let at = putOption(message, from, hostNameOption, hostName.length);
  for (let i = 0; i < hostName.length; i++) message[at + i] = hostName.charCodeAt(i);
  at = putOption(message, at + hostName.length, parametersOption, wishes.length);
  for (let i = 0; i < wishes.length; i++) message[at + i] = wishes[i];
  return at + wishes.length;
}
