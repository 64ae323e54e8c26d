/**
 * Fragments in transit, without reassembly (RFC 4787 REQ-14). Only the first piece of a datagram has ports, so it is
 * decided on like any packet, and what became of its addresses is remembered for the pieces behind it. Those need
 * nothing but a new IP header: the transport checksum is in the first piece, and a difference added there is enough.
 *
 * A datagram takes six words of `fragments`: 0 source, 1 target, 2 identification | protocol << 16, all as received;
 * 3 identification as sent | second << 16; 4 source, 5 target, as sent. The places are used in turn, oldest first.
 * May touch: these words and the packet at hand. Must not: look at flows, which may be gone before the last piece.
 */
import {
  clock,
  duePieces,
  fragmentWords,
  fragments,
  lastIdentification,
  nextFragment,
  switches,
  traceSwitch,
} from '../layout/arena.ts';
import { lanPort } from '../layout/ports.ts';
import { dropFragment, dropProtocol, dropWrongSide, slowForwarded } from '../layout/reasons.ts';
import { halves, residue } from '../wire/checksum.ts';
import {
  fragmentAt,
  fragmentWord,
  ipChecksumAt,
  moreFragments,
  protocolIcmp,
  protocolTcp,
  protocolUdp,
  sourceWord,
  targetWord,
} from '../wire/frame.ts';
import { publicAddress } from '../datapath/own.ts';
import { drop, note } from './count.ts';
import { freeFragments, holdFragment } from './held.ts';
import { portOf } from './hops.ts';
import { hopFor, ready } from './neighbours.ts';
import { half, ingress, isLaterFragment, protocol, source, target, totalLength, words } from './packet.ts';
import { mayTravel } from './pass.ts';
import { adjust, decrementTtl } from './rewrite.ts';

/** For so long after the first piece the others find their way. Hosts wait 60 to 120 s (RFC 1122 section 3.3.2). */
const memorySeconds = 15;

/**
 * Whether a packet with fragment bits has its transport header in it; then it is due what such packets are. It may be
 * whole: the reserved bit is one of them.
 * @inline
 */
export function isFirst(): boolean {
  return !isLaterFragment() && (switches[traceSwitch] |= duePieces) != 0;
}

/**
 * Whether the packet at hand is the first of some pieces.
 * @inline
 */
export function beginsPieces(): boolean {
  return (half(fragmentAt) & 0x3fff) == moreFragments << 8;
}

/**
 * Identification of the packet at hand, as it lies in memory.
 * @inline
 */
function identification(): number {
  return words[fragmentWord] & 65535;
}

/** The word of a datagram's place, or -1 when its first piece was not seen. */
function placeOf(): number {
  const key = identification() | (protocol << 16);
  for (let at = 0; at < nextFragment; at += fragmentWords) {
    if (fragments[at + 2] != key || fragments[at] != source || fragments[at + 1] != target) continue;
    if (((clock[0] - (fragments[at + 3] >>> 16)) & 65535) < memorySeconds) return at;
  }
  return -1;
}

/**
 * Passes a piece on that is not the first of its datagram, or holds it until that one comes.
 * @returns the next hop, or 0
 * @overlay
 */
export function relay(): number {
  if (protocol != protocolTcp && protocol != protocolUdp && protocol != protocolIcmp)
    return drop(dropProtocol);
  const offset = half(fragmentAt) & 0x1fff;
  // The flags of a TCP header, in a piece that nobody looks into (RFC 3128); or more than any datagram has.
  if ((protocol == protocolTcp && offset == 1) || offset * 8 + totalLength > 65535) return drop(dropFragment);
  if (ingress != lanPort && target != publicAddress) return drop(dropWrongSide);
  const at = placeOf();
  if (at < 0) return holdFragment();
  const hop = hopFor(fragments[at + 5]);
  if (!mayTravel(portOf(hop)) || !ready(hop)) return 0;
  words[sourceWord] = fragments[at + 4];
  words[targetWord] = fragments[at + 5];
  const change = halves(fragments[at + 4]) + halves(fragments[at + 5]) - halves(source) - halves(target);
  adjust(ipChecksumAt, residue(change));
  setIdentification(fragments[at + 3] & 65535);
  decrementTtl();
  note(slowForwarded);
  return hop;
}

/** A new identification for a datagram that leaves in pieces: as if all of them were ours (RFC 6864 section 5.3). */
export function newIdentification(): number {
  fragments[lastIdentification] = (fragments[lastIdentification] + 1) & 65535;
  return fragments[lastIdentification];
}

/** Writes the packet's identification, its header checksum with it. */
export function setIdentification(id: number): void {
  const change = id - identification();
  adjust(ipChecksumAt, residue(change));
  words[fragmentWord] += change;
}

/**
 * Remembers the datagram whose first piece is at hand, translated, and lets go on what came before it.
 */
export function remember(): void {
  let at = placeOf();
  let id = identification();
  if (at >= 0) id = fragments[at + 3] & 65535;
  else {
    at = fragments[nextFragment];
    fragments[nextFragment] = (at + fragmentWords) % nextFragment;
    id = newIdentification();
  }
  fragments[at] = source;
  fragments[at + 1] = target;
  fragments[at + 2] = identification() | (protocol << 16);
  fragments[at + 3] = id | (clock[0] << 16);
  fragments[at + 4] = words[sourceWord];
  fragments[at + 5] = words[targetWord];
  freeFragments();
  setIdentification(id);
}
