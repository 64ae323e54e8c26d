/*
 * Puts the packets of a capture through the router, one after the other and at their times. Each is put on the side
 * where its source lives; what would never come to this router - the traffic of neighbours, what the captured router
 * sent itself, other protocols - is not put in, but listed with the reason.
 */
import type { Config } from '../../firmware/config/schema.ts';
import { linkTypeEthernet, type CapturedPacket, type CaptureFile } from '../capture/capture.ts';
import { readPacket, type Packet } from '../lab/packet.ts';
import { macBytes } from '../lab/scripted/frames.ts';
import { longestMemory, timekeeper } from './capture-time.ts';
import { decisionOf, type Decision } from './decision.ts';
import { goesDirectly } from './hosts.ts';
import { macOf, neighbourFor, sideOf, type Network, type Side } from './network.ts';
import { isTransport } from './packet-words.ts';
import type { Router } from './router.ts';
import { strayWatch } from './strays.ts';

/** Why a packet was not put in. */
export type Aside = 'not-ethernet' | 'too-short' | 'not-ipv4' | 'neighbours' | 'from-the-router';

/** A packet of the file, and what the router did with it. */
export interface ExplainedPacket {
  /** From 1, in the file's order. */
  number: number;
  /** Seconds since the first packet that has a time; null if it has none. */
  seconds: number | null;
  captured: CapturedPacket;
  packet: Packet;
  /** IPv4 addresses; null if there are none. */
  addresses: { source: string; target: string } | null;
  /** Null if it was put in. */
  aside: Aside | null;
  decision: Decision | null;
  /** It went past the captured router: what its receiver had asked instead, "12.0.0.1:25". Else null. */
  strayFrom: string | null;
}

const etherTypeAt = 12;
const ipAt = 14;
const ipHeaderBytes = 20;
const ipv4 = 0x0800;
/** Without its FCS (IEEE 802.3 clause 3.2.7). */
const shortestFrame = 60;

/** Puts them all through. @param on the side for all of them, whatever their addresses are */
export function explainCapture(
  file: CaptureFile,
  router: Router,
  network: Network,
  config: Config,
  on: Side | undefined,
): ExplainedPacket[] {
  const began = file.packets.find(({ time }) => time !== null)?.time ?? 0n;
  const waitFor = timekeeper(router, longestMemory(config));
  const strayFrom = strayWatch(network);
  return file.packets.map((captured, index) => {
    const seconds = captured.time === null ? null : Number(captured.time - began) / 1e9;
    if (seconds !== null) waitFor(seconds);
    const addresses = addressesOf(captured);
    const aside = asideOf(captured, addresses, network, on);
    const packet = packetOf(captured);
    const passage = addresses && !aside ? router.pass(...frameFor(captured, addresses, network, on)) : null;
    return {
      number: index + 1,
      seconds,
      captured,
      packet,
      addresses,
      aside,
      decision: passage && decisionOf(passage, network, config),
      strayFrom: strayFrom(packet),
    };
  });
}

/** A later fragment has no transport header, whatever its first bytes look like. */
function packetOf({ bytes, linkType }: CapturedPacket): Packet {
  if (linkType !== linkTypeEthernet) return { kind: 'other', etherType: 0, senderMac: '', receiverMac: '' };
  const packet = readPacket(bytes);
  const isLaterFragment = isTransport(packet) && (((bytes[ipAt + 6] & 31) << 8) | bytes[ipAt + 7]) !== 0;
  if (!isLaterFragment) return packet;
  return { kind: 'other', etherType: ipv4, senderMac: packet.senderMac, receiverMac: packet.receiverMac };
}

function addressesOf({ bytes, linkType }: CapturedPacket): ExplainedPacket['addresses'] {
  if (linkType !== linkTypeEthernet || bytes.length < ipAt + ipHeaderBytes) return null;
  if (((bytes[etherTypeAt] << 8) | bytes[etherTypeAt + 1]) !== ipv4) return null;
  const address = (at: number): string => bytes.subarray(ipAt + at, ipAt + at + 4).join('.');
  return { source: address(12), target: address(16) };
}

function asideOf(
  { bytes, linkType }: CapturedPacket,
  addresses: ExplainedPacket['addresses'],
  network: Network,
  on: Side | undefined,
): Aside | null {
  if (linkType !== linkTypeEthernet) return 'not-ethernet';
  if (bytes.length < ipAt) return 'too-short';
  if (!addresses) {
    const isIpv4 = ((bytes[etherTypeAt] << 8) | bytes[etherTypeAt + 1]) === ipv4;
    return isIpv4 ? 'too-short' : 'not-ipv4';
  }
  if (on) return null;
  const { source, target } = addresses;
  const { publicAddress, lanAddress } = network;
  const side = sideOf(network, source);
  if (source === publicAddress || source === lanAddress) return 'from-the-router';
  // From elsewhere and already for a LAN address: only the captured router can have made that.
  if (side === 'wan' && network.isOn('lan', target)) return 'from-the-router';
  return goesDirectly(network, side, source, target) && !isGroup(bytes) ? 'neighbours' : null;
}

/** A frame to many: broadcast or multicast. */
function isGroup(bytes: Uint8Array): boolean {
  return (bytes[0] & 1) === 1;
}

/** The packet as it would come to this router: its MACs, and zeros for what was not captured. */
function frameFor(
  { bytes, length }: CapturedPacket,
  { source }: { source: string },
  network: Network,
  on: Side | undefined,
): [Side, Uint8Array] {
  const side = on ?? sideOf(network, source);
  const frame = new Uint8Array(Math.max(length, shortestFrame));
  frame.set(bytes);
  if (!isGroup(bytes)) frame.set(macBytes(network.routerMac[side]), 0);
  frame.set(macBytes(macOf(neighbourFor(network, side, source))), 6);
  return [side, frame];
}
