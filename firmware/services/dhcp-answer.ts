/**
 * What the LAN's DHCP server answers: which options, and by which way the client can hear it (RFC 2131 sections 4.1, 4.3).
 * May touch: the packet at hand, which is the client's message, and the outbox. Must not: decide anything.
 */
import {
  domainAt,
  domainBytes,
  lanAnswerHop,
  lanBroadcastHop,
  leaseHost,
  leaseName,
  policyDns,
  policySwitch,
  resolverCount,
  resolvers,
  switches,
} from '../layout/arena.ts';
import { broadcast, lanAddress, lanAddressOf, lanHostMask } from '../control/addresses.ts';
import { setMac } from '../control/hops.ts';
import { frame } from '../control/packet.ts';
import {
  ack,
  bootReply,
  broadcastFlag,
  broadcastOption,
  chaddrAt,
  ciaddrAt,
  clientOption,
  domainOption,
  endOption,
  flagsAt,
  leaseOption,
  maskOption,
  nak,
  optionsAt,
  rebindingOption,
  renewalOption,
  resolverOption,
  routerOption,
  serverOption,
  typeOption,
  xidAt,
  yiaddrAt,
} from '../wire/dhcp.ts';
import { swap32 } from '../wire/order.ts';
import { payloadAt, postDatagram } from './datagrams.ts';
import {
  fieldAt,
  putByteOption,
  putClient,
  putOption,
  putWord,
  putWordOption,
  startMessage,
  wordAt,
} from './dhcp-message.ts';

/** Bytes of a message with every option but the client's identifier: that of a name, six of words, resolvers, type, end. */
const plainBytes = optionsAt + 3 + 7 * 6 + (2 + 4 * resolverCount) + (2 + domainBytes) + 1;
/** The longest identifier that is returned: with it a message is as long as every client must take (RFC 2131 section 2). */
const longestIdentifier = 220;

/**
 * Answers the message at hand.
 * @param type `offer`, `ack` or `nak`
 * @param lease whose address is given, for so many seconds; -1: none, which with `ack` is what answers INFORM (row ds-8)
 * @param options of `readMessage`
 */
export function answerClient(type: number, lease: number, duration: number, options: Uint16Array): void {
  const address = lease < 0 ? 0 : lanAddressOf(leaseHost[lease]);
  const own = type == nak ? 0 : wordAt(fieldAt(ciaddrAt));
  // A refusal is for everybody to hear: the client's address is what is wrong (RFC 2131 section 4.3.2).
  const all = type == nak || (!own && (frame[fieldAt(flagsAt)] & broadcastFlag || !address));
  const to = all ? broadcast : own || address;
  const id = options[clientOption];
  const idBytes = id && frame[id - 1] <= longestIdentifier ? frame[id - 1] : 0;
  const bytes = plainBytes + (idBytes ? 2 + idBytes : 0);
  const message = startMessage(bootReply, lanAddress, to, bytes);
  if (!message) return;
  for (let i = 0; i < 4; i++) message[payloadAt + xidAt + i] = frame[fieldAt(xidAt) + i];
  for (let i = 0; i < 2; i++) message[payloadAt + flagsAt + i] = frame[fieldAt(flagsAt) + i];
  putClient(message, frame, fieldAt(chaddrAt));
  if (type == ack) putWord(message, payloadAt + ciaddrAt, own);
  putWord(message, payloadAt + yiaddrAt, address);
  let at = putByteOption(message, payloadAt + optionsAt, typeOption, type);
  at = putWordOption(message, at, serverOption, lanAddress);
  // What the client calls itself comes back (RFC 6842).
  if (idBytes) at = putBytes(message, putOption(message, at, clientOption, idBytes), frame, id, idBytes);
  if (lease >= 0) at = putTimes(message, at, duration);
  if (type != nak) at = putNetwork(message, at);
  message[at] = endOption;
  if (!all) setMac(lanAnswerHop, frame, fieldAt(chaddrAt));
  postDatagram(message, bytes, all ? lanBroadcastHop : lanAnswerHop);
}

function putBytes(message: Uint8Array, at: number, bytes: Uint8Array, from: number, count: number): number {
  for (let i = 0; i < count; i++) message[at + i] = bytes[from + i];
  return at + count;
}

/** Seconds of a lease, and when to renew it: at half of it here, at seven eighths anywhere (RFC 2131 section 4.4.5). */
function putTimes(message: Uint8Array, at: number, duration: number): number {
  at = putWordOption(message, at, leaseOption, swap32(duration));
  at = putWordOption(message, at, renewalOption, swap32(duration >>> 1));
  return putWordOption(message, at, rebindingOption, swap32(duration - (duration >>> 3)));
}

/** The LAN as a host has to know it. */
function putNetwork(message: Uint8Array, at: number): number {
  at = putWordOption(message, at, maskOption, swap32(~lanHostMask >>> 0));
  at = putWordOption(message, at, routerOption, lanAddress);
  at = putWordOption(message, at, broadcastOption, lanAddressOf(lanHostMask));
  at = putResolvers(message, at);
  let length = 0;
  while (length < domainBytes && leaseName[domainAt + length]) length++;
  if (!length) return at;
  return putBytes(message, putOption(message, at, domainOption, length), leaseName, domainAt, length);
}

/** Who answers names: we, if we do, else those we know of; nobody while we know of none. */
function putResolvers(message: Uint8Array, at: number): number {
  if (switches[policySwitch] & policyDns) return putWordOption(message, at, resolverOption, lanAddress);
  let count = 0;
  for (let i = 0; i < resolverCount; i++) {
    if (resolvers[i]) {
      putWord(message, at + 2 + 4 * count, resolvers[i]);
      count++;
    }
  }
  if (!count) return at;
  return putOption(message, at, resolverOption, 4 * count) + 4 * count;
}
