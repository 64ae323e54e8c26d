/**
 * What a frame that the router made itself must be: ARP from its own addresses, ICMP errors that quote a packet as it
 * arrived, TCP resets; whole, summed, and to somebody it may speak to. Faults are sentences.
 */
import { get16 } from '../wire/packets.ts';
import { headerIsSummed, headerOf, sumOf } from './passed.ts';

type Fault = string | undefined;

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** @param mac, address the router's own on the port, six and four bytes */
export function arpFault(frame: Uint8Array, mac: Uint8Array, address: Uint8Array): Fault {
  if (frame.length !== 60) return `an ARP frame of ${frame.length} bytes`;
  if (Buffer.from(frame.subarray(14, 20)).toString('hex') !== '000108000604')
    return 'an ARP packet of another kind';
  const operation = get16(frame, 20);
  if (operation !== 1 && operation !== 2) return `ARP operation ${operation}`;
  if (!isEqual(frame.subarray(22, 28), mac) || !isEqual(frame.subarray(28, 32), address))
    return 'an ARP packet in another name';
  return operation === 1 && !frame.subarray(38, 42).some(Boolean) ? 'an ARP question for nobody' : undefined;
}

/**
 * A packet that is ours alone.
 * @param recent IP packets that arrived lately, of which an error must quote one
 */
export function packetFault(packet: Uint8Array, recent: Uint8Array[]): Fault {
  const length = get16(packet, 2);
  if (packet[0] !== 0x45 || length > packet.length || Math.max(46, length) !== packet.length)
    return `a made packet of ${length} bytes in ${packet.length}`;
  if (!headerIsSummed(packet)) return 'the IP checksum of a made packet is wrong';
  if (get16(packet, 6) & 0x3fff) return 'a made packet is a fragment';
  if (packet[9] === 6) return resetFault(packet, length);
  if (packet[9] !== 1 || (packet[20] !== 3 && packet[20] !== 11))
    return `a made packet of protocol ${packet[9]}`;
  if (sumOf(packet, 20, length) !== 0) return 'the ICMP checksum of a made error is wrong';
  const quote = packet.subarray(28, length);
  const about = recent.find((received) => isEqual(quote, received.subarray(0, quote.length)));
  if (!about) return 'an ICMP error quotes no packet that arrived';
  if (quote.length < headerOf(quote) + Math.min(8, get16(quote, 2) - headerOf(quote)))
    return 'an ICMP error quotes less than eight bytes';
  return aboutFault(packet, about);
}

/** RFC 1812 section 4.3.2.7: about whom no error may be sent, and to whom this one goes. */
function aboutFault(packet: Uint8Array, about: Uint8Array): Fault {
  if (!isEqual(packet.subarray(16, 20), about.subarray(12, 16)))
    return 'an ICMP error does not go to the sender';
  if (get16(about, 6) & 0x1fff) return 'an ICMP error about a later fragment';
  const type = about[headerOf(about)];
  if (about[9] === 1 && [3, 4, 5, 11, 12].includes(type)) return 'an ICMP error about an ICMP error';
  if (about[16] >= 224) return 'an ICMP error about a packet to many';
  return undefined;
}

function resetFault(packet: Uint8Array, length: number): Fault {
  if (length !== 40 || !(packet[33] & 4) || packet[32] !== 0x50)
    return 'a made segment that is no plain reset';
  const pseudo = sumOf(packet, 12, 20) + 6 + 20;
  return (sumOf(packet, 20, 40) + pseudo) % 65535 === 0 ? undefined : 'the checksum of a reset is wrong';
}
