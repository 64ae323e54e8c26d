/*
 * Writes captures in the pcapng format, one interface per file: a section header, an interface description, one
 * enhanced packet block per frame.
 *
 * Pure: frames in, bytes out. Whoever calls it opens the file.
 */
import { enhancedPacket, interfaceDescription, sectionHeader } from './blocks.ts';
import { linkTypeEthernet } from './capture.ts';

/** A frame to be written. */
export interface CapturedFrame {
  /** Microseconds since `Capture.origin`; fractions are kept if the resolution allows. */
  time: number;
  /** What was captured, from the destination MAC on; at most `length` bytes. */
  bytes: Uint8Array;
  /** Length on the wire, without FCS. */
  length: number;
  /** Shown beside the packet by Wireshark and `capinfos`. */
  comment?: string;
}

export interface Capture {
  /** The interface's name, e.g. "router-lan". */
  name: string;
  description?: string;
  /** The program named in the section header. */
  application: string;
  /** What time 0 is, in microseconds since 1970. */
  origin: number;
  /** Digits of a second a timestamp is counted in: 6 for microseconds, 9 for nanoseconds. */
  resolution: 6 | 9;
  /** Ethernet if not given (https://www.tcpdump.org/linktypes.html). */
  linkType?: number;
  frames: Iterable<CapturedFrame>;
}

/** The whole capture file. */
export function pcapng(capture: Capture): Uint8Array {
  const { name, description, resolution, linkType = linkTypeEthernet } = capture;
  const blocks = [
    sectionHeader(capture.application),
    interfaceDescription({ name, description, resolution, linkType }),
  ];
  for (const { time, ...frame } of capture.frames)
    blocks.push(enhancedPacket({ interface: 0, ticks: ticksOf(time, capture), ...frame }));
  return Buffer.concat(blocks);
}

/** The origin in ticks exceeds 2^53 in nanoseconds, so it is added as a big integer. */
function ticksOf(time: number, { origin, resolution }: Capture): bigint {
  const ticksPerMicrosecond = resolution === 9 ? 1000 : 1;
  return (
    BigInt(Math.round(origin)) * BigInt(ticksPerMicrosecond) + BigInt(Math.round(time * ticksPerMicrosecond))
  );
}
