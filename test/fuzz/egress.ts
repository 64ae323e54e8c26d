/**
 * Every frame that leaves, against the frame it was made of and against what was seen on the wires before: whole and
 * rightly summed, from the right addresses, and from the WAN to the LAN only if it may. Faults are sentences.
 */
import { counter } from '../../firmware/layout/arena.ts';
import { flowsMade } from '../../firmware/layout/reasons.ts';
import type { Config } from '../../firmware/config/schema.ts';
import type { Left } from '../control/table.ts';
import { get16 } from '../wire/packets.ts';
import { arpFault, packetFault } from './made.ts';
import { headerOf, isAnsweredEcho, isSound, passedFault } from './passed.ts';
import type { Arrival } from './steps.ts';
import { Strangers, addressAt } from './strangers.ts';

type Fault = string | undefined;

/** Arrived packets that an error may still quote: also one that waited for a neighbour meanwhile. */
const quotable = 2048;

function bytesOf(address: number): Uint8Array {
  return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
}

function isPacket(frame: Uint8Array): boolean {
  return get16(frame, 12) === 0x0800;
}

function isError(packet: Uint8Array): boolean {
  return packet[9] === 1 && !(get16(packet, 6) & 0x1fff) && [3, 11, 12].includes(packet[headerOf(packet)]);
}

export class Egress {
  private readonly strangers: Strangers;
  private readonly recent: Uint8Array[] = [];
  private readonly ports;
  private flowsBefore = counter[flowsMade];
  private readonly cameBy = new WeakMap<Uint8Array, Arrival>();

  constructor(private readonly config: Config) {
    this.strangers = new Strangers(config);
    this.ports = {
      wan: { mac: Uint8Array.from(config.wan.mac), address: bytesOf(config.wan.address) },
      lan: { mac: Uint8Array.from(config.lan.mac), address: bytesOf(config.lan.address) },
    };
  }

  passTime(seconds: number): void {
    this.strangers.now += seconds;
  }

  /** What is wrong with what left because of a frame, or while time passed. */
  fault(arrival: Arrival | undefined, left: Left[]): Fault {
    if (arrival) {
      this.recent.push(arrival.frame.subarray(14));
      if (this.recent.length > quotable) this.recent.shift();
      this.cameBy.set(arrival.frame, arrival);
      if (arrival.port === 'lan' && counter[flowsMade] !== this.flowsBefore)
        this.strangers.opened(arrival.frame.subarray(14));
    }
    this.flowsBefore = counter[flowsMade];
    for (const one of left) {
      const fault = this.frameFault(one) ?? (one.received ? this.passedOn(one) : this.made(one));
      if (fault)
        return `${fault} (left by ${one.port}: ${Buffer.from(one.frame.subarray(0, 150)).toString('hex')})`;
    }
    return undefined;
  }

  private frameFault({ port, frame }: Left): Fault {
    if (frame.length < 60 || frame.length > 1514) return `a frame of ${frame.length} bytes`;
    if (Buffer.compare(frame.subarray(6, 12), this.ports[port].mac))
      return 'a frame from another MAC address';
    if (get16(frame, 12) === 0x0806) return undefined;
    if (frame[0] & 1) return 'an IP packet sent to many';
    const source = addressAt(frame, 26);
    const target = addressAt(frame, 30);
    if (port === 'wan' && source !== this.config.wan.address)
      return 'a packet left the WAN with a source that is not P';
    if (this.isOnLan(target) !== (port === 'lan')) return 'a packet left by the wrong port';
    return target === this.config.wan.address || target === this.config.lan.address
      ? 'a packet was sent to the router itself'
      : undefined;
  }

  private isOnLan(address: number): boolean {
    const size = 2 ** (32 - this.config.lan.prefix);
    return Math.floor(address / size) === Math.floor(this.config.lan.address / size);
  }

  private made({ port, frame }: Left): Fault {
    if (get16(frame, 12) === 0x0806) return arpFault(frame, this.ports[port].mac, this.ports[port].address);
    const packet = frame.subarray(14);
    const source = addressAt(packet, 12);
    if (source !== this.config.wan.address && source !== this.config.lan.address)
      return 'a made packet in another name';
    return packetFault(packet, this.recent);
  }

  private passedOn({ port, frame, received, fast }: Left): Fault {
    const before = received as Uint8Array;
    if (get16(frame, 12) !== get16(before, 12)) return 'a frame has changed its type';
    if (!fast && !(isPacket(before) && isSound(before.subarray(14))))
      return 'control passed an unsound packet on';
    const [sent, came] = [frame.subarray(14), before.subarray(14)];
    const fault = passedFault(sent, came, this.config.wan.mtu);
    if (fault) return fault;
    const from = this.cameBy.get(before)?.port;
    if (isAnsweredEcho(sent, came)) return from === port ? undefined : 'an echo reply left by the other port';
    const length = isSound(came) ? get16(sent, 2) : sent.length;
    if (length > (port === 'wan' ? this.config.wan.mtu : 1500)) return 'a packet is longer than the MTU';
    if (from === 'wan')
      return port === 'wan' ? 'a packet came in and went out by the WAN' : this.cameIn(sent, came);
    return port === 'lan' ? this.stayed(sent, came) : this.wentOut(sent, came);
  }

  private cameIn(sent: Uint8Array, came: Uint8Array): Fault {
    if (this.isOnLan(addressAt(came, 12))) return 'a packet with a LAN source came in from the WAN';
    return isError(came) ? this.strangers.errorCameIn(sent, came) : this.strangers.cameIn(sent, came);
  }

  private wentOut(sent: Uint8Array, came: Uint8Array): Fault {
    if (addressAt(sent, 16) !== addressAt(came, 16)) return 'a packet to the Internet got another target';
    if (!isError(came)) this.strangers.wentOut(sent, came);
    return undefined;
  }

  /** From the LAN to the LAN: around the hairpin in P's or R's name, or as it is. */
  private stayed(sent: Uint8Array, came: Uint8Array): Fault {
    const source = addressAt(sent, 12);
    const known = [this.config.wan.address, this.config.lan.address, addressAt(came, 12)];
    if (source === this.config.wan.address) this.strangers.turnedBack(sent, came);
    return known.includes(source) ? undefined : 'a packet around the hairpin is from somebody else';
  }
}
