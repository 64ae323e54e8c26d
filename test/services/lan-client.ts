/**
 * A host of the LAN that lives by DHCP, scripted: it asks for an address, takes the first offer, renews it at half of its
 * time and with everybody at seven eighths, and begins anew when it ends or is refused (RFC 2131 section 4.4). It answers
 * ARP for the address it has. Frames in, frames out: it knows no router, and time is what it is told.
 */
import { arp, ethernet, macOf } from '../control/table.ts';
import { addressData, dhcpBytes, readDhcp } from '../wire/dhcp.ts';
import type { Dhcp, DhcpOptions, ReadDhcp } from '../wire/dhcp.ts';
import { get16, hostBytes, udp } from '../wire/packets.ts';

export type ClientState =
  'off' | 'selecting' | 'requesting' | 'rebooting' | 'bound' | 'renewing' | 'rebinding';

/** What makes a client special. */
export interface ClientWish {
  name?: string;
  /** Option 61. */
  id?: number[];
  /** It can only hear broadcasts before it has an address. */
  broadcast?: boolean;
}

const everyone = [255, 255, 255, 255, 255, 255];
/** Seconds between two tries, doubled each time up to the last (RFC 2131 section 4.1). */
const firstPatience = 4;
const lastPatience = 64;

/** A frame with a datagram of DHCP from a client. @param from its address, `0.0.0.0` for none @param to nobody: everybody */
export function clientFrame(message: Dhcp, from = '0.0.0.0', to?: string, length = 300): Uint8Array {
  const packet = udp(`${from}:68`, `${to ?? '255.255.255.255'}:67`, { data: dhcpBytes(message, length) });
  return ethernet(to ? macOf('R') : everyone, Array.from(message.chaddr), 0x0800, packet);
}

/** An answer of a DHCP server, or nothing: the frame holds something else. */
export function answerIn(
  frame: Uint8Array,
): (ReadDhcp & { mac: number[]; to: string; length: number }) | undefined {
  if (get16(frame, 12) !== 0x0800 || frame[23] !== 17 || get16(frame, 34) !== 67 || get16(frame, 36) !== 68)
    return undefined;
  const end = 34 + get16(frame, 38);
  return {
    ...readDhcp(frame.subarray(42, end)),
    mac: Array.from(frame.subarray(0, 6)),
    to: frame.subarray(30, 34).join('.'),
    length: end - 42,
  };
}

export class LanClient {
  state: ClientState = 'off';
  /** What it has and may use. */
  address = '';
  server = '';
  /** Seconds of the lease, and when it began. */
  lease = 0;
  since = 0;
  /** The last acknowledgement or offer, with all its options. */
  last: ReadDhcp | undefined;
  /** How often it was refused. */
  refusals = 0;
  private xid: number;
  private patience = firstPatience;
  private again = 0;
  private wanted = '';

  constructor(
    readonly mac: number[],
    readonly wish: ClientWish = {},
  ) {
    this.xid = (mac[4] << 24) | (mac[5] << 16) | 1;
  }

  /** It is switched on, or on again: it asks for the address that it remembers, or for any. @returns what it sends */
  start(now: number, remembers = ''): Uint8Array[] {
    this.address = '';
    this.wanted = remembers;
    return remembers ? this.ask('rebooting', now) : this.ask('selecting', now);
  }

  /** It is switched off, and says nothing. */
  stop(): void {
    this.state = 'off';
    this.address = '';
  }

  /** It gives its address back. */
  release(): Uint8Array[] {
    const message = this.message(7, { 54: addressData(this.server) }, this.address);
    const frame = clientFrame(message, this.address, this.server);
    this.stop();
    return [frame];
  }

  /** A second has come. */
  second(now: number): Uint8Array[] {
    const age = now - this.since;
    if (this.state === 'off') return [];
    if (this.address && age >= this.lease) {
      this.address = '';
      return this.ask('selecting', now);
    }
    if (this.state === 'bound' && age >= this.lease / 2) return this.ask('renewing', now);
    if (this.state === 'renewing' && age >= (this.lease * 7) / 8) return this.ask('rebinding', now);
    if (this.state === 'bound' || now < this.again) return [];
    this.patience = Math.min(lastPatience, 2 * this.patience);
    // Who is not heard begins anew; while it has an address it goes on with it.
    const restarts = this.state === 'requesting' || this.state === 'rebooting';
    return this.send(restarts && this.patience > 16 ? 'selecting' : this.state, now);
  }

  /** A frame on its cable. @returns what it sends because of it */
  hear(frame: Uint8Array, now: number): Uint8Array[] {
    const to = frame.subarray(0, 6);
    if (to.some((byte, i) => byte !== this.mac[i]) && to.some((byte) => byte !== 255)) return [];
    if (get16(frame, 12) === 0x0806) return this.hearArp(frame);
    const answer = answerIn(frame);
    if (answer === undefined || answer.xid !== this.xid >>> 0 || answer.chaddr.join() !== this.mac.join())
      return [];
    return this.hearServer(answer, now);
  }

  private hearServer(answer: ReadDhcp, now: number): Uint8Array[] {
    const server = (answer.options[54] ?? []).join('.');
    if (answer.type === 'offer' && this.state === 'selecting') {
      this.last = answer;
      this.wanted = answer.yiaddr;
      this.server = server;
      return this.ask('requesting', now, false);
    }
    if (this.state === 'selecting' || this.state === 'bound' || this.state === 'off') return [];
    if (answer.type === 'nak') {
      this.refusals++;
      this.address = '';
      return this.ask('selecting', now);
    }
    if (answer.type !== 'ack') return [];
    this.last = answer;
    this.state = 'bound';
    this.address = answer.yiaddr;
    this.server = server;
    this.lease = answer.options[51].reduce((sum, byte) => sum * 256 + byte, 0);
    this.since = now;
    return [];
  }

  /** Who asks for its address is told whose it is. */
  private hearArp(frame: Uint8Array): Uint8Array[] {
    const asked = frame.subarray(38, 42).join('.');
    if (get16(frame, 20) !== 1 || !this.address || asked !== this.address) return [];
    const asker = frame.subarray(28, 32).join('.');
    return [ethernet(Array.from(frame.subarray(22, 28)), this.mac, 0x0806, arp(2, asked, asker, this.mac))];
  }

  /** A new transaction, unless it goes on with the one before. */
  private ask(state: ClientState, now: number, isNew = true): Uint8Array[] {
    if (isNew) this.xid++;
    this.patience = firstPatience;
    return this.send(state, now);
  }

  private send(state: ClientState, now: number): Uint8Array[] {
    this.state = state;
    this.again = now + this.patience;
    if (state === 'selecting') return [clientFrame(this.message(1, {}))];
    const wanted: DhcpOptions =
      state === 'renewing' || state === 'rebinding' ? {} : { 50: hostBytes(this.wanted) };
    if (state === 'requesting') wanted[54] = addressData(this.server);
    const message = this.message(3, wanted, this.address);
    if (state === 'renewing') return [clientFrame(message, this.address, this.server)];
    return [clientFrame(message, this.address || '0.0.0.0')];
  }

  private message(type: number, options: DhcpOptions, ciaddr = ''): Dhcp {
    const { name, id, broadcast } = this.wish;
    const all: DhcpOptions = { 53: [type], ...options };
    if (name && type !== 7) all[12] = [...Buffer.from(name)];
    if (id) all[61] = id;
    return {
      op: 1,
      xid: this.xid >>> 0,
      flags: broadcast ? 0x8000 : 0,
      ciaddr: ciaddr || '0.0.0.0',
      chaddr: this.mac,
      options: all,
    };
  }
}
