/**
 * Packets that belong to no flow of a sequence: wrong ones that a router must not pass, ones for the router itself, and
 * ones at the edge of what passes. A row is a sentence and the frame; the sentence is what a failure prints. Data only.
 */
import { icmp, icmpError, ip, ping, udp } from '../wire/packets.ts';
import { ACK, FIN, RST, SYN, changed, damaged, frameOf, segment, type Segment } from './frames.ts';
import { ADDRESS, type Side } from './network.ts';

export interface Loose {
  name: string;
  side: Side;
  /** @param id for the IP header, unlike any other's in the sequence */
  frame: (id: number) => Uint8Array;
}

type Packet = (id: number) => Uint8Array;

const lan = (name: string, packet: Packet, from = 'C'): Loose => ({
  name: 'from the LAN: ' + name,
  side: 'lan',
  frame: (id) => frameOf(from, 'R', packet(id)),
});
const wan = (name: string, packet: Packet): Loose => ({
  name: 'from the WAN: ' + name,
  side: 'wan',
  frame: (id) => frameOf('G', 'P', packet(id)),
});
const broadcast = (one: Loose): Loose => ({
  ...one,
  name: one.name + ' in an Ethernet broadcast',
  frame: (id) => {
    const frame = one.frame(id);
    frame.fill(255, 0, 6);
    return frame;
  },
});

/** Letters to addresses: packets.ts knows fewer of them. */
const at = (end: string) => end.replace(/^[A-Z]/, (letter) => ADDRESS[letter]);
const datagram =
  (from: string, to: string, more = {}): Packet =>
  (id) =>
    udp(at(from), at(to), { id, ...more });
const tcp =
  (from: string, to: string, flags: number, more: Partial<Segment> = {}): Packet =>
  (id) => {
    const [[a, p], [b, q]] = [at(from).split(':'), at(to).split(':')];
    const what = { flags, seq: 5000, ack: flags & ACK ? 7000 : 0, ...more };
    return segment({ address: a, port: Number(p) }, { address: b, port: Number(q) }, what, { id });
  };
const other =
  (from: string, to: string, protocol: number): Packet =>
  (id) =>
    ip(protocol, at(from), at(to), new Uint8Array(16), { id });
const message =
  (from: string, to: string, type: number): Packet =>
  (id) =>
    icmp(at(from), at(to), type, 0, 0x00070001, { id, data: new Uint8Array(12) });
const echo =
  (from: string, to: string, more = {}): Packet =>
  (id) =>
    ping(at(from), at(to), 7, { id, ...more });

const recordRoute = [7, 7, 4, 0, 0, 0, 0, 0];
const timestamp = [68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const looseSource = [131, 7, 4, 198, 18, 0, 1, 0];
const strictSource = [137, 7, 4, 198, 18, 0, 1, 0];
const unknownOption = [30, 4, 1, 2];
const brokenOption = [7, 40, 4, 0];

const martians: Loose[] = [
  ...[
    '127.0.0.1',
    '0.0.0.5',
    '224.0.0.5',
    '240.0.0.1',
    '255.255.255.255',
    '192.168.0.255',
    '10.9.9.9',
    'P',
    'R',
    'I',
  ].map((source) => lan(`source ${source}`, datagram(source + ':3000', 'I:9'))),
  ...[
    '127.0.0.1',
    '0.0.0.5',
    '224.0.0.5',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '192.168.0.255',
    '12.0.0.255',
  ].map((target) => lan(`to ${target}`, datagram('C:3000', target + ':9'))),
  ...['127.0.0.1', '0.0.0.5', '224.0.0.5', '240.0.0.1', '192.168.0.7', 'S', 'P'].flatMap((source) => [
    wan(`source ${source}, to a forward`, datagram(source + ':3000', 'P:5000')),
    wan(`source ${source}, a ping of P`, echo(source, 'P')),
  ]),
  ...[
    '192.168.0.2',
    'R',
    '127.0.0.1',
    '224.0.0.5',
    '255.255.255.255',
    '192.168.0.255',
    '12.0.0.255',
    '198.18.0.1',
  ].map((target) => wan(`to ${target}`, datagram('I:3000', target + ':5000'))),
];

const badHeaders: Loose[] = [
  ['IP checksum', (packet: Uint8Array) => damaged(packet, 10)],
  ['version 5', (packet: Uint8Array) => changed(packet, 0, 0x55)],
  ['header of 16 bytes', (packet: Uint8Array) => changed(packet, 0, 0x44)],
  ['total length beyond the frame', (packet: Uint8Array) => changed(packet, 2, 4, 0)],
  ['total length below the header', (packet: Uint8Array) => changed(packet, 2, 0, 12)],
  ['no room for a UDP header', (packet: Uint8Array) => changed(packet, 2, 0, 24)],
  ['UDP length beyond the packet', (packet: Uint8Array) => damaged(packet, 24)],
].flatMap(([name, spoil]) => [
  lan(name as string, (id) => (spoil as (packet: Uint8Array) => Uint8Array)(datagram('C:3000', 'I:9')(id))),
  wan(name as string, (id) =>
    (spoil as (packet: Uint8Array) => Uint8Array)(datagram('I:3000', 'P:5000')(id)),
  ),
]);

const options: Loose[] = (
  [
    ['record route', recordRoute],
    ['timestamp', timestamp],
    ['loose source route', looseSource],
    ['strict source route', strictSource],
    ['unknown option', unknownOption],
    ['broken option', brokenOption],
  ] as const
).flatMap(([name, bytes]) => [
  lan(name, datagram('C:3001', 'I:9', { options: bytes })),
  wan(name, datagram('I:3001', 'P:5000', { options: bytes })),
]);

const forTheRouter: Loose[] = [
  ...['R', 'P'].flatMap((target) => [
    lan(`ping of ${target}`, echo('C', target)),
    lan(`ping of ${target} with one hop left`, echo('C', target, { ttl: 1 })),
    lan(
      `ping of ${target} with options and 1000 bytes`,
      echo('C', target, { options: [1, 1, 1, 0], data: new Uint8Array(1000) }),
    ),
    lan(`UDP to a closed port of ${target}`, datagram('C:3002', target + ':81')),
    lan(`SYN to a closed port of ${target}`, tcp('C:3002', target + ':81', SYN)),
    lan(
      `SYN with data to a closed port of ${target}`,
      tcp('C:3006', target + ':81', SYN, { data: new Uint8Array(5) }),
    ),
    lan(`ACK to a closed port of ${target}`, tcp('C:3003', target + ':81', ACK)),
    lan(`FIN and ACK to a closed port of ${target}`, tcp('C:3004', target + ':81', FIN | ACK)),
    lan(`RST to a closed port of ${target}`, tcp('C:3005', target + ':81', RST)),
    lan(`pong to ${target} that nobody asked for`, message('C', target, 0)),
    lan(`protocol 47 to ${target}`, other('C', target, 47)),
  ]),
  wan('ping of P', echo('I', 'P')),
  wan('ping of P with one hop left', echo('I', 'P', { ttl: 1 })),
  wan('UDP to a closed port', datagram('I:3002', 'P:81')),
  wan('SYN to a closed port', tcp('I:3002', 'P:81', SYN)),
  wan('ACK to a closed port', tcp('I:3003', 'P:81', ACK)),
  wan('SYN and ACK to a forward', tcp('I:3008', 'P:25', SYN | ACK)),
  wan('RST to a forward', tcp('I:3009', 'P:25', RST)),
  wan('pong nobody asked for', message('I', 'P', 0)),
  wan('protocol 47', other('I', 'P', 47)),
  wan('SYN to a forward of another source only', tcp('J:3002', 'P:2222', SYN)),
  wan('TCP to a forward of UDP', tcp('K:3004', 'P:5000', SYN)),
];

const ttlAndPlain: Loose[] = [
  lan('one hop left', datagram('C:3010', 'I:9', { ttl: 1 })),
  lan('no hop left', datagram('C:3010', 'I:9', { ttl: 0 })),
  lan('one hop left, around the hairpin', datagram('C:3010', 'P:5000', { ttl: 1 })),
  lan('one hop left, a TCP segment', tcp('C:3010', 'I:9', SYN)),
  wan('one hop left, to a forward', datagram('I:3010', 'P:5000', { ttl: 1 })),
  lan('to a neighbour of the LAN', datagram('C:3011', 'S:9')),
  lan('to a neighbour of the LAN, one hop left', datagram('C:3011', 'S:9', { ttl: 1 })),
  lan('to itself', datagram('C:3011', 'C:9')),
  broadcast(lan('a datagram', datagram('C:3012', 'I:9'))),
  broadcast(wan('a datagram', datagram('I:3012', 'P:5000'))),
  broadcast(lan('a ping of R', echo('C', 'R'))),
  lan('1428 bytes that must not be cut', datagram('C:3013', 'I:9', { data: new Uint8Array(1400) })),
  wan('1428 bytes that must not be cut', datagram('I:3013', 'P:5000', { data: new Uint8Array(1400) })),
  lan('padding behind the packet', datagram('C:3014', 'I:9', { data: 'x' })),
];

const messages: Loose[] = [
  ...[4, 5, 9, 10, 13, 15, 17, 40].flatMap((type) => [
    lan(`ICMP type ${type} to I`, message('C', 'I', type)),
    wan(`ICMP type ${type} to P`, message('I', 'P', type)),
  ]),
  lan('pong to I that nobody asked for', message('C', 'I', 0)),
  lan('protocol 47 to I', other('C', 'I', 47)),
  lan('protocol 132 to I', other('C', 'I', 132)),
  wan("an error about nobody's packet", (id) => {
    const error = icmpError('I', 'P', [3, 3], datagram('P:3999', 'I:9')(id));
    return changed(error, 4, id >> 8, id & 255);
  }),
  lan("an error about nobody's packet", (id) => {
    const error = icmpError('C', 'I', [3, 3], datagram('I:9', 'C:3999')(id));
    return changed(error, 4, id >> 8, id & 255);
  }),
];

const segments: Loose[] = (
  [
    ['ACK', ACK],
    ['FIN and ACK', FIN | ACK],
    ['RST', RST],
    ['no flags', 0],
    ['SYN and FIN', SYN | FIN],
    ['SYN and RST', SYN | RST],
    ['FIN alone', FIN],
  ] as const
).flatMap(([name, flags], index) => [
  lan(`${name} without a connection`, tcp(`C:${3020 + index}`, 'I:80', flags)),
  wan(`${name} without a connection, to a forward`, tcp(`I:${3020 + index}`, 'P:25', flags)),
  lan(`${name} without a connection, around the hairpin`, tcp(`C:${3030 + index}`, 'P:25', flags)),
]);

export const LOOSE: readonly Loose[] = [
  ...ttlAndPlain,
  ...badHeaders,
  ...martians,
  ...options,
  ...forTheRouter,
  ...messages,
  ...segments,
];
