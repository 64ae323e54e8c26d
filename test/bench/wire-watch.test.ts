/* What a watch on the wire makes of a packet's headers. */
import test from 'ava';
import { parseWirePacket } from '../../host-tools/bench/wire-watch.ts';

/** A SYN/ACK from 192.168.0.2:8025 to 192.168.0.3:40000. */
function synAck(): Uint8Array {
  const packet = new Uint8Array(40);
  packet.set([0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6]);
  packet.set([192, 168, 0, 2, 192, 168, 0, 3], 12);
  packet.set([8025 >> 8, 8025 & 255, 40000 >> 8, 40000 & 255], 20);
  packet[33] = 0x12;
  return packet;
}

test('a SYN/ACK is read', (t) => {
  t.deepEqual(parseWirePacket(synAck()), {
    protocol: 'tcp',
    source: '192.168.0.2',
    sourcePort: 8025,
    destination: '192.168.0.3',
    destinationPort: 40000,
    syn: true,
    ack: true,
  });
});

test('a UDP packet behind IP options is read', (t) => {
  const packet = new Uint8Array(32);
  packet.set([0x46, 0, 0, 32, 0, 0, 0, 0, 64, 17]);
  packet.set([12, 0, 0, 1, 192, 168, 0, 2], 12);
  packet.set([0x1f, 0x59, 0x04, 0x00], 24);
  t.like(parseWirePacket(packet), { protocol: 'udp', source: '12.0.0.1', sourcePort: 8025, syn: false });
});

const UNREADABLE: [what: string, change: (packet: Uint8Array) => Uint8Array][] = [
  ['nothing', () => new Uint8Array(0)],
  ['a header cut short', (packet) => packet.subarray(0, 19)],
  ['a TCP header cut short', (packet) => packet.subarray(0, 33)],
  ['IPv6', (packet) => ((packet[0] = 0x65), packet)],
  ['a header length that is none', (packet) => ((packet[0] = 0x44), packet)],
  ['ICMP', (packet) => ((packet[9] = 1), packet)],
  ['a later fragment', (packet) => ((packet[7] = 1), packet)],
  ['a later fragment far behind', (packet) => ((packet[6] = 0x10), packet)],
];
for (const [what, change] of UNREADABLE) {
  test(`not read: ${what}`, (t) => {
    t.is(parseWirePacket(change(synAck())), null);
  });
}
