/**
 * What a router is to this test, whoever it is: it is begun anew, it is given frames on one side, and it says what
 * left it, on both sides, because of them. Types only.
 */
import type { Side, WanMtu } from './network.ts';

export interface Arrived {
  /** The port the router sent it from. */
  side: Side;
  /** From the destination MAC on, padded to Ethernet's 60 bytes. */
  frame: Uint8Array;
}

export interface RouterUnderTest {
  readonly name: string;
  /** Nothing of what was sent before may matter to what comes now. */
  begin(mtu: WanMtu): void;
  /** Sends frames to the router on one side, one after the other, and returns all it sent, in order for each side. */
  exchange(side: Side, frames: readonly Uint8Array[]): Arrived[];
}
