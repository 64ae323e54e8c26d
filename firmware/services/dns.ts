/**
 * The DNS forwarder (RFC 5625): a query for R leaves for a resolver in the frame that it came in, and the answer goes back
 * in its own. Nothing is kept but who asked, see dns-pending.ts; names of the LAN are dns-local.ts's.
 *
 * May touch: the packet at hand, the words of `asked`. Must not: read a message beyond its header and question, or answer
 * anybody who is not on the LAN (row dp-6).
 */
import {
  asked,
  askedAs,
  askedClient,
  askedQuestion,
  domainAt,
  endpointHost,
  endpointInnerPort,
  leaseName,
  neighbourState,
  resolverTrouble,
  resolvers,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import {
  consumedDatagram,
  dropDatagram,
  dropNoPort,
  dropTooBig,
  sentDatagram,
  slowForwarded,
} from '../layout/reasons.ts';
import { lanAddress, lanHostOf, wanMtu } from '../control/addresses.ts';
import { addressOn } from '../control/arp-out.ts';
import { count, drop, note } from '../control/count.ts';
import { endpointAt, lanUdp, publicUdp, releaseEndpoint } from '../control/endpoints.ts';
import { portOf, silent } from '../control/hops.ts';
import { hopFor, ready } from '../control/neighbours.ts';
import { frame, half, ingress, ports, source, totalLength, transportAt, words } from '../control/packet.ts';
import { refuse } from '../control/refuse.ts';
import { dnsPort } from '../wire/frame.ts';
import { swap16 } from '../wire/order.ts';
import {
  checkingDisabled,
  dot,
  flagsAt,
  headWord,
  isResponse,
  opcodeMask,
  perhapsLocal,
  questionAt,
  questionEnd,
  questionHash,
  readdress,
  typeAndClass,
} from './dns-message.ts';
import { ageOf, chooseResolver, forget, isOf, miss, openPort, regain, slotFor } from './dns-pending.ts';

/** Response code of a resolver that cannot do its work (RFC 1035 section 4.1.1). */
const serverFailure = 2;
/** Recursion available, the upper bit of the second byte of flags: whoever asks us is served, if anybody answers. */
const recursionAvailable = 128;
/** The port 53, in the lower half of a word of ports. */
const dnsPortRaw = dnsPort << 8;

/**
 * A query from the LAN is sent on in place.
 * @param isForeign the name is known to be none of the LAN
 * @returns the hop to send the frame to, 0, or `perhapsLocal`: nothing was done
 * @overlay
 */
export function forwardQuery(isForeign: boolean): number {
  const end = questionEnd();
  if (!end || !(ports & 65535) || frame[flagsAt] & isResponse) return drop(dropDatagram);
  if (!isForeign && mayBeLocal(end - typeAndClass - 1)) return perhapsLocal;
  if (totalLength > wanMtu) return drop(dropTooBig);
  const key = ((ports & 65535) | (words[headWord] << 16)) >>> 0;
  const question = questionHash(end);
  const slot = slotFor(key, question);
  const again = isOf(slot, key, question);
  const before = again ? asked[askedAs + slot] >>> 28 : -1;
  const resolver = chooseResolver(before + 1);
  if (resolver < 0) return answerInPlace(serverFailure);
  const hop = hopFor(resolvers[resolver]);
  // Nothing leaves for it, so no time passes until it has not answered.
  if (neighbourState[hop] == silent) miss(resolver);
  if (!ready(hop)) return 0;
  if (again && ageOf(slot)) miss(before);
  // One that comes again leaves as before only if it goes to the same resolver.
  if (asked[slot] && before != resolver) forget(slot);
  const port = openPort(slot, resolver);
  if (!port) return drop(dropNoPort);
  asked[slot] = key;
  asked[askedClient + slot] = source;
  asked[askedQuestion + slot] = question;
  const head = ((words[headWord] & ~65535) | (asked[askedAs + slot] & 65535)) >>> 0;
  readdress(addressOn(portOf(hop)), resolvers[resolver], (swap16(port) | (dnsPortRaw << 16)) >>> 0, head);
  note(slowForwarded);
  return hop;
}

/**
 * Whether the question's name may be one of the LAN: a single label, or the last two letters are those of its domain or of
 * in-addr.arpa. @param root where the name's last zero is
 */
function mayBeLocal(root: number): boolean {
  if (questionAt + frame[questionAt] + 1 == root) return true;
  // Without the bit that tells small letters from large ones.
  const two = ((frame[root - 2] << 8) | frame[root - 1]) & 0xdfdf;
  if (two == 0x5041) return true;
  let at = domainAt;
  while (leaseName[at]) at++;
  // In front of a label of one letter is its length.
  const isOneLetter = at - 1 == domainAt || leaseName[at - 2] == dot;
  return two == ((((isOneLetter ? 1 : leaseName[at - 2]) << 8) | leaseName[at - 1]) & 0xdfdf);
}

/** The query at hand becomes its own answer, which holds nothing but a response code. @returns as `forwardQuery` */
function answerInPlace(code: number): number {
  const hop = hopFor(source);
  if (!ready(hop)) return 0;
  const flags = isResponse | (frame[flagsAt] & (opcodeMask | 1));
  const more = recursionAvailable | (frame[flagsAt + 1] & checkingDisabled) | code;
  const head = ((words[headWord] & 65535) | (flags << 16) | (more << 24)) >>> 0;
  readdress(lanAddress, source, ((ports >>> 16) | (ports << 16)) >>> 0, head);
  note(consumedDatagram);
  count(sentDatagram);
  return hop;
}

/**
 * A datagram from port 53 for a port that the router asks from: if it is the answer, in all that can be told, it goes to who asked.
 * @returns the hop to send the frame to, or 0
 * @overlay
 */
export function takeAnswer(): number {
  const e = endpointAt(ingress == lanPort ? lanUdp : publicUdp, half(transportAt + 2));
  if (!e || endpointHost[e] != lanHostOf(lanAddress)) return refuse();
  const end = questionEnd();
  const slot = endpointInnerPort[e] - 1;
  const as = asked[askedAs + slot];
  const resolver = as >>> 28;
  // RFC 5452 section 9.1.
  if (
    !end ||
    !(frame[flagsAt] & isResponse) ||
    (as ^ words[headWord]) & 65535 ||
    source != resolvers[resolver] ||
    asked[askedQuestion + slot] != questionHash(end)
  )
    return drop(dropDatagram);
  const client = asked[askedClient + slot];
  const hop = hopFor(client);
  if (!ready(hop)) return 0;
  const key = asked[slot];
  readdress(
    lanAddress,
    client,
    (dnsPortRaw | (key << 16)) >>> 0,
    ((words[headWord] & ~65535) | (key >>> 16)) >>> 0,
  );
  asked[slot] = 0;
  releaseEndpoint(e);
  if (asked[resolverTrouble + resolver]) regain(resolver);
  note(slowForwarded);
  return hop;
}
