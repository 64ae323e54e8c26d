// What arrives during a soak, and the files of its board: frames that open four flows, frames of those flows, and
// frames for the control room of every kind. Written with the lab's own frame builder; knows nothing of the firmware.
import { readFileSync } from 'node:fs';
import {
  arpFrame,
  broadcastMac,
  icmpEcho,
  ipFrame,
  protocols,
  tcpPayload,
  udpPayload,
} from '../../../host-tools/lab/scripted/frames.ts';
import { configText } from '../../scenes/cast.ts';

/** A frame and the port it arrives on, 0 is the WAN. */
export interface Arrival {
  port: 0 | 1;
  hex: string;
  /** Offset of two bytes that are different each time. */
  vary?: number;
}

/** All that soak.js is given. */
export interface SoakPlan {
  seed: number;
  laps: number;
  lapFrames: number;
  files: Record<string, string>;
  wan: unknown;
  lan: unknown;
  opening: Arrival[];
  settled: Arrival[];
  unsettled: Arrival[];
}

interface Host {
  mac: string;
  address: string;
}

const client: Host = { mac: '02:00:00:00:a8:03', address: '192.168.0.3' };
const server: Host = { mac: '02:00:00:00:a8:02', address: '192.168.0.2' };
const gateway: Host = { mac: '02:00:00:00:0c:fe', address: '12.0.0.254' };
const internet = '198.51.100.10';
const publicAddress = '12.0.0.1';
const routerLan: Host = { mac: '02:00:00:00:a8:01', address: '192.168.0.1' };
const routerWanMac = '02:00:00:00:0c:01';

const syn = 0x02;
const ack = 0x10;
/** Offset of the transport's source port in a frame. */
const sourcePortAt = 34;
const ttlAt = 22;
const fragmentAt = 20;
const checksumAt = 24;
const etherTypeAt = 12;
const versionAt = 14;

/** A frame for the router from a LAN host, or from the Internet by way of the gateway. */
function packet(from: Host | null, target: string, protocol: number, payload: Uint8Array): Arrival {
  const route = { source: from?.address ?? internet, target, protocol, ttl: 64, identification: 7 };
  const [senderMac, targetMac] = from ? [from.mac, routerLan.mac] : [gateway.mac, routerWanMac];
  const frame = ipFrame(senderMac, targetMac, route, payload);
  return { port: from ? 1 : 0, hex: Buffer.from(frame).toString('hex') };
}

function tcp(
  from: Host | null,
  sourcePort: number,
  target: string,
  targetPort: number,
  flags: number,
  bytes = 0,
) {
  const segment = { sourcePort, targetPort, sequence: 1, acknowledgement: 1, flags, window: 64000 };
  const data = new Uint8Array(bytes).fill(0x5a);
  const source = from?.address ?? internet;
  return packet(from, target, protocols.tcp, tcpPayload(source, target, { ...segment, data }));
}

function udp(from: Host | null, sourcePort: number, target: string, targetPort: number, bytes: number) {
  const data = new Uint8Array(bytes).fill(0xa5);
  const source = from?.address ?? internet;
  return packet(from, target, protocols.udp, udpPayload(source, target, sourcePort, targetPort, data));
}

function ping(from: Host, target: string): Arrival {
  return packet(from, target, protocols.icmp, icmpEcho(false, 1, 1, new Uint8Array(56)));
}

function arp(port: 0 | 1, sender: Host, target: string): Arrival {
  return { port, hex: Buffer.from(arpFrame(sender, broadcastMac, target)).toString('hex') };
}

/** The same frame with one byte of its IP header changed, and the header's checksum right again (RFC 1071). */
function changed({ port, hex }: Arrival, at: number, value: number): Arrival {
  const bytes = Buffer.from(hex, 'hex');
  bytes[at] = value;
  bytes.writeUInt16BE(0, checksumAt);
  let sum = 0;
  for (let i = 14; i < 34; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(sum ^ 0xffff, checksumAt);
  return { port, hex: bytes.toString('hex') };
}

/** The same frame with one bit of its IP checksum wrong. */
function spoilt({ port, hex }: Arrival): Arrival {
  const bytes = Buffer.from(hex, 'hex');
  bytes[checksumAt] ^= 1;
  return { port, hex: bytes.toString('hex') };
}

function varied(arrival: Arrival): Arrival {
  return { ...arrival, vary: sourcePortAt };
}

/** Frames of the four flows: to the Internet by TCP and UDP, from it to the server, and from the LAN round the hairpin. */
function flows(): Pick<SoakPlan, 'opening' | 'settled'> {
  const sizes = [0, 200, 1400];
  return {
    opening: [
      arp(0, gateway, publicAddress),
      arp(1, client, routerLan.address),
      arp(1, server, routerLan.address),
      tcp(client, 40000, internet, 443, syn),
      tcp(null, 443, publicAddress, 40000, syn | ack),
      tcp(client, 40000, internet, 443, ack),
      udp(client, 41000, internet, 9999, 30),
      udp(null, 9999, publicAddress, 41000, 30),
      udp(client, 41000, internet, 9999, 30),
      tcp(null, 42000, publicAddress, 25, syn),
      tcp(server, 25, internet, 42000, syn | ack),
      tcp(null, 42000, publicAddress, 25, ack),
      tcp(client, 43000, publicAddress, 25, syn),
      tcp(server, 25, publicAddress, 43000, syn | ack),
      tcp(client, 43000, publicAddress, 25, ack),
    ],
    settled: sizes.flatMap((bytes) => [
      tcp(client, 40000, internet, 443, ack, bytes),
      tcp(null, 443, publicAddress, 40000, ack, bytes),
      udp(client, 41000, internet, 9999, bytes),
      udp(null, 9999, publicAddress, 41000, bytes),
      tcp(null, 42000, publicAddress, 25, ack, bytes),
      tcp(server, 25, internet, 42000, ack, bytes),
      tcp(client, 43000, publicAddress, 25, ack, bytes),
      tcp(server, 25, publicAddress, 43000, ack, bytes),
    ]),
  };
}

/** What the control room is asked about: new flows, neighbours, pings, and everything that is refused. */
function questions(): Arrival[] {
  const plain = udp(client, 41000, internet, 9999, 30);
  return [
    varied(tcp(client, 1, internet, 443, syn)),
    varied(udp(client, 1, internet, 53, 200)),
    // From two hosts: one alone may not fill the table.
    varied(udp(server, 1, internet, 9998, 200)),
    varied(tcp(null, 1, publicAddress, 25, syn)),
    varied(udp(null, 1, publicAddress, 5000, 30)),
    varied(tcp(client, 1, publicAddress, 25, syn)),
    varied(udp(client, 1, '12.0.0.77', 9, 1400)),
    tcp(null, 42000, publicAddress, 26, syn),
    ping(client, routerLan.address),
    ping(client, internet),
    arp(1, client, routerLan.address),
    arp(0, gateway, publicAddress),
    arp(1, server, client.address),
    changed(plain, ttlAt, 1),
    changed(plain, fragmentAt, 0x20),
    changed(plain, fragmentAt + 1, 0x10),
    changed(ping(client, routerLan.address), fragmentAt, 0x20),
    changed(changed(plain, fragmentAt + 1, 0x10), fragmentAt - 1, 9),
    changed(plain, etherTypeAt, 0x86),
    changed(plain, versionAt, 0x47),
    spoilt(plain),
    udp(client, 1, '127.0.0.1', 9, 30),
    udp({ ...client, address: internet }, 1, publicAddress, 9, 30),
    packet(client, internet, 47, new Uint8Array(40)),
  ];
}

/** A plan of so many frames in that many laps. */
export function soakPlan(frames: number, laps: number, seed: number): SoakPlan {
  const board = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');
  const { wan, lan } = JSON.parse(board) as { wan: unknown; lan: unknown };
  return {
    seed,
    laps,
    lapFrames: Math.ceil(frames / laps),
    files: { 'board.json': board, 'config.json': configText('external') },
    wan,
    lan,
    ...flows(),
    unsettled: questions(),
  };
}
