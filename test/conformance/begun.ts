/**
 * Flows brought into a state, for tests that ask what becomes of them. Everything goes through the router as packets do;
 * a packet that does not pass throws.
 */
import { flowState } from '../../firmware/layout/arena.ts';
import { stateMask, stateNames } from '../../firmware/control/states.ts';
import { tcp, udp } from '../wire/packets.ts';
import { send } from './seen.ts';

/** Sends a packet that must pass. @param from G, or a LAN host */
export function passes(from: string, packet: Uint8Array): void {
  const left = send(from, packet);
  if (left.length !== 1) throw new Error(`${left.length} packets left for one from ${from}`);
}

const hostOf = (end: string) => end.split(':')[0];

/**
 * Plays TCP segments between a LAN host's `inner` and an Internet host's `outer`: `>SA` travels outwards, `<F` inwards.
 * The public port must be the inner one.
 */
export function playOut(inner: string, outer: string, segments: string): void {
  const own = `P:${inner.split(':')[1]}`;
  for (const segment of segments.split(' ')) {
    const flags = segment.slice(1);
    if (segment.startsWith('>')) passes(hostOf(inner), tcp(inner, outer, flags));
    else passes('G', tcp(outer, own, flags));
  }
}

/** The courses by which a TCP flow gets into its states. */
export const courseTo: Record<string, string> = {
  opening: '>S',
  established: '>S <SA >A',
  'client-closed': '>S <SA >A >FA',
  'server-closed': '>S <SA >A <FA',
  closed: '>S <SA >A >FA <FA',
  transitory: '>S <SA >A >R',
};

/** A connection that both sides have opened. */
export function connect(inner: string, outer: string): void {
  playOut(inner, outer, courseTo.established);
}

/** UDP in both directions, and once more outwards: assured. */
export function converse(inner: string, outer: string): void {
  const own = `P:${inner.split(':')[1]}`;
  passes(hostOf(inner), udp(inner, outer));
  passes('G', udp(outer, own));
  passes(hostOf(inner), udp(inner, outer));
}

/** The state of a flow, by name. */
export function stateOf(flow = 1): string {
  return stateNames[flowState[flow] & stateMask];
}
