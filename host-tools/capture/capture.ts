/*
 * What a capture file holds, whichever format it has, and how it is read: pcap (micro- and nanoseconds) and pcapng,
 * both byte orders. Bytes in, packets out; whoever calls it has opened the file.
 *
 * A file that is damaged somewhere still gives all packets before that place, and a sentence with the offset.
 */
import { readPcap } from './pcap.ts';
import { readPcapng } from './pcapng.ts';

/** One captured packet. */
export interface CapturedPacket {
  /** Link type of its interface (https://www.tcpdump.org/linktypes.html): 1 is Ethernet. */
  linkType: number;
  /** Nanoseconds since 1970; null if the file does not say. */
  time: bigint | null;
  /** What was captured of it; at most `length` bytes. */
  bytes: Uint8Array;
  /** Its length on the wire, in bytes. */
  length: number;
}

export interface CaptureFile {
  format: 'pcap' | 'pcapng';
  packets: CapturedPacket[];
  /** What is wrong with the file, where, as a sentence without its name; null if nothing is. */
  damage: string | null;
}

export const linkTypeEthernet = 1;
/** Longest packet taken for one (libpcap's MAXIMUM_SNAPLEN); a longer one is a sign of damage. */
export const longestPacket = 262_144;

/** Damage at an offset; thrown inside the readers, never out of `readCapture` but as a part of its result. */
export class Damaged extends Error {
  constructor(offset: number, what: string) {
    super(`at offset ${offset}, ${what}`);
    this.name = 'Damaged';
  }
}

/** Why a file is no capture at all, as the end of a sentence: "... is empty". */
export type NoCapture = string;

/** Reads a whole capture file, or says why it is none. */
export function readCapture(bytes: Uint8Array): CaptureFile | NoCapture {
  if (bytes.length === 0) return 'is empty';
  if (bytes.length < 4) return `is no capture: it has only ${bytes.length} bytes`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const magic = view.getUint32(0);
  if (magic >>> 16 === 0x1f8b) return 'is compressed; unpack it with gunzip first';
  return (
    readPcapng(view, magic) ??
    readPcap(view, magic) ??
    'is neither a pcap nor a pcapng file, which is what tcpdump -w and Wireshark write'
  );
}
