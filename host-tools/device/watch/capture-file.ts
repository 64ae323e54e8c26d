/*
 * A live capture as pcapng, packet by packet: two interfaces named wan and lan, for each packet the direction and a
 * comment that says what the router did with it. What crossed both wires is in it twice, as it arrived and as it left.
 *
 * Pure: frames in, bytes out.
 */
import {
  type EnhancedPacket,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../capture/blocks.ts';
import { linkTypeEthernet } from '../../capture/capture.ts';
import { arrivalComment, departureComment, lonelyComment } from './capture-words.ts';
import type { CapturedFrame, CaptureClock, Side } from './captured.ts';

/** In the order of their descriptions. */
const interfaces: readonly Side[] = ['wan', 'lan'];
/** Microseconds. */
const resolution = 6;

/** What a capture begins with. @param snap bytes that are kept of each frame */
export function captureBeginning(snap: number): Uint8Array {
  return Buffer.concat([
    sectionHeader('hairpin capture'),
    ...interfaces.map((side) =>
      interfaceDescription({
        name: side,
        description: `the router's ${side.toUpperCase()} side`,
        resolution,
        linkType: linkTypeEthernet,
        snapLength: snap,
      }),
    ),
  ]);
}

/** The blocks of frames that follow one another; the last of them is not followed by how it left. */
export function packetBlocks(frames: readonly CapturedFrame[], clock: CaptureClock): Uint8Array[] {
  return frames.map((frame, index) => {
    const { kind, side, bytes, length, lost } = frame;
    const packet: EnhancedPacket = {
      interface: interfaces.indexOf(side),
      ticks: clock.at(frame.time),
      bytes,
      length,
      comment: commentOf(frame, frames[index - 1], frames[index + 1]),
      direction: kind === 'arrived' || kind === 'ended' ? 'in' : 'out',
      lost,
    };
    return enhancedPacket(packet);
  });
}

function commentOf(
  frame: CapturedFrame,
  before: CapturedFrame | undefined,
  behind: CapturedFrame | undefined,
): string {
  if (frame.kind === 'arrived') return arrivalComment(frame, behind?.kind === 'left' ? behind : undefined);
  if (frame.kind === 'left' && before) return departureComment(frame, before);
  return lonelyComment(frame);
}
