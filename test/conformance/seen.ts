/**
 * What tests of the checklist look at beyond test/control/table.ts: public ports, bytes of packets that left, idle time,
 * and a table that is nearly full.
 */
import { clock, flowCount } from '../../firmware/layout/arena.ts';
import { sweepFlows } from '../../firmware/control/sweep.ts';
import { type Left, arrive, ethernet, introduce, lan, lastLeft, macOf } from '../control/table.ts';
import { udp } from '../wire/packets.ts';

/** The port of P that the only packet in words left from. */
export function publicPort(words: string[]): number {
  const [port] = words.flatMap((line) => [...line.matchAll(/ P:(\d+) > /g)].map((found) => Number(found[1])));
  if (words.length !== 1 || port === undefined) throw new Error(`no public port in ${JSON.stringify(words)}`);
  return port;
}

/** The IP packet that left alone, without the padding of its frame. */
export function packetLeft(left = lastLeft): Uint8Array {
  if (left.length !== 1) throw new Error(`${left.length} packets left, not one`);
  return packetsOf(left)[0];
}

/** The IP packets in frames, without padding. */
export function packetsOf(left: Left[]): Uint8Array[] {
  return left.map(({ frame }) => frame.subarray(14, 14 + ((frame[16] << 8) | frame[17])));
}

/**
 * Lets an IP packet arrive from a neighbour, as `lan` and `wan` do, but puts what left not into words: that would judge
 * checksums and look for ports, which pieces and wrong packets do not have.
 * @param from G, or a LAN host
 */
export function send(from: string, packet: Uint8Array): Left[] {
  const port = from === 'G' ? 'wan' : 'lan';
  return arrive(port, ethernet(macOf(port === 'wan' ? 'P' : 'R'), macOf(from), 0x0800, packet));
}

/** Lets seconds pass in silence, with a sweep of all flows in each; neighbours stay known. */
export function idle(seconds: number): void {
  for (let i = 0; i < seconds; i++) {
    // What was seen in this second is noted before the next begins.
    sweepFlows(flowCount);
    clock[0]++;
  }
  sweepFlows(flowCount);
  introduce('G', 'S', 'C');
}

/** LAN hosts 192.168.0.10 and so on, introduced. */
export function lanHosts(count: number): string[] {
  const hosts = Array.from({ length: count }, (_, i) => `192.168.0.${10 + i}`);
  introduce(...hosts);
  return hosts;
}

/** UDP flows of three LAN hosts, so many in all; none was answered. */
export function fillWithUdp(flows: number): void {
  const hosts = lanHosts(3);
  for (let i = 0; i < flows; i++) {
    const left = lan(udp(`${hosts[i % 3]}:${10000 + i}`, `203.0.113.${1 + (i % 200)}:${7000 + i}`));
    if (left.length !== 1) throw new Error(`flow ${i + 1} of ${flows} was not made`);
  }
}
