// The frames of a plan, as records that play.js reads one by one: what the bus gives for a frame of 60 bytes.
import {
  arpFrame,
  broadcastMac,
  icmpEcho,
  ipFrame,
  protocols,
  tcpPayload,
  udpPayload,
} from '../../../host-tools/lab/scripted/frames.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';

/** 3 dummies, 1 byte read early, 2 of length, the frame, 2 that begin the next length. */
export const recordBytes = 68;
const frameBytes = 60;
const lengthHeader = frameBytes + 2;

export type Side = 'wan' | 'lan';

export interface Host {
  mac: string;
  address: string;
}

export interface End {
  address: string;
  port: number;
}

/** TCP flags. */
export const syn = 0x02;
export const ack = 0x10;

/** What arrives on one side: a record. */
export type Arrival = Uint8Array;

/** The router's own MAC on a side: what every unicast frame is sent to. */
const routerMac = { wan: CAST.P.mac, lan: CAST.R.mac };

function arrival(side: Side, frame: Uint8Array): Arrival {
  if (frame.length !== frameBytes) throw new Error(`A frame of ${frame.length} bytes does not fit the plan.`);
  const record = new Uint8Array(recordBytes);
  record[0] = side === 'lan' ? 1 : 0;
  record[5] = lengthHeader;
  record.set(frame, 6);
  record[recordBytes - 1] = lengthHeader;
  return record;
}

/** Somebody asks for the router's address, and so becomes known to it. */
export function arpQuestion(side: Side, host: Host): Arrival {
  return arrival(side, arpFrame(host, broadcastMac, side === 'lan' ? CAST.R.address : CAST.P.address));
}

function ip(side: Side, mac: string, source: string, target: string, protocol: number, payload: Uint8Array) {
  const route = { source, target, protocol, ttl: 64, identification: 1 };
  return arrival(side, ipFrame(mac, routerMac[side], route, payload));
}

/** A TCP segment without data. */
export function tcp(side: Side, mac: string, from: End, to: End, flags: number): Arrival {
  const segment = {
    sourcePort: from.port,
    targetPort: to.port,
    sequence: 1,
    acknowledgement: 1,
    flags,
    window: 0xfaf0,
    data: new Uint8Array(0),
  };
  const payload = tcpPayload(from.address, to.address, segment);
  return ip(side, mac, from.address, to.address, protocols.tcp, payload);
}

/** A UDP datagram of 18 bytes with its checksum. */
export function udp(side: Side, mac: string, from: End, to: End): Arrival {
  const payload = udpPayload(from.address, to.address, from.port, to.port, new Uint8Array(18).fill(0x5a));
  return ip(side, mac, from.address, to.address, protocols.udp, payload);
}

/** An echo request of 18 bytes. */
export function echo(side: Side, host: Host, target: string): Arrival {
  const payload = icmpEcho(false, 77, 1, new Uint8Array(18));
  return ip(side, host.mac, host.address, target, protocols.icmp, payload);
}
