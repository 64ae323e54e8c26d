/* Frames in, one line for people out. */
import test from 'ava';
import { describePacket, nameOfEndpoint, readPacket } from '../../host-tools/lab/packet.ts';
import {
  arpFrame,
  broadcastMac,
  icmpEcho,
  ipFrame,
  tcpPayload,
  udpPayload,
} from '../../host-tools/lab/scripted/frames.ts';
import { CAST } from '../../host-tools/lab/lab.ts';
import { dnatOnly, fromTheInternet, hairpinned } from './cast-frames.ts';

const { C, P, R, S, I } = CAST;

function described(frame: Uint8Array): string {
  return describePacket(readPacket(frame));
}

function ip(source: string, target: string, protocol: number, payload: Uint8Array): Uint8Array {
  return ipFrame(C.mac, R.mac, { source, target, protocol, ttl: 64, identification: 1 }, payload);
}

test('the first frames of the worked examples are told by the names of the cast', (t) => {
  t.is(described(fromTheInternet[0].bytes), 'I:44444 > P:25  SYN');
  t.is(described(hairpinned[2].bytes), 'P:33333 > S:25  SYN');
  t.is(described(dnatOnly[4].bytes), 'S:25 > C:33333  SYN/ACK');
  t.is(described(dnatOnly[6].bytes), 'C:33333 > S:25  RST');
});

test('who has an address, and who says so', (t) => {
  t.is(described(arpFrame(C, broadcastMac, R.address)), 'ARP who has R? tell C');
  t.is(described(arpFrame(S, C.mac, C.address)), `ARP S is at ${S.mac}`);
});

test('TCP flags are named, an ACK only where it says something, and data is counted', (t) => {
  const segment = { sourcePort: 1, targetPort: 2, sequence: 0, acknowledgement: 0, window: 0 };
  const told = (flags: number, data: string): string =>
    described(
      ip(
        C.address,
        P.address,
        6,
        tcpPayload(C.address, P.address, { ...segment, flags, data: Buffer.from(data) }),
      ),
    );
  t.is(told(16, ''), 'C:1 > P:2  ACK');
  t.is(told(16, 'x'), 'C:1 > P:2  1 byte');
  t.is(told(17, ''), 'C:1 > P:2  FIN');
  t.is(told(17, 'ab'), 'C:1 > P:2  FIN, 2 bytes');
  t.is(told(4, ''), 'C:1 > P:2  RST');
});

test('UDP, pings and ICMP errors', (t) => {
  const udp = ip(C.address, P.address, 17, udpPayload(C.address, P.address, 33333, 5000, Buffer.from('hi')));
  t.is(described(udp), 'C:33333 > P:5000  2 bytes');
  t.is(
    described(ip(C.address, I.address, 1, icmpEcho(false, 7, 1, new Uint8Array(8)))),
    'C > I  echo request',
  );
  t.is(described(ip(I.address, C.address, 1, icmpEcho(true, 7, 1, new Uint8Array(8)))), 'I > C  echo reply');
  const error = Buffer.concat([Buffer.of(11, 0, 0, 0, 0, 0, 0, 0), udp.subarray(14, 42)]);
  t.is(described(ip(R.address, C.address, 1, error)), 'R > C  time exceeded (C:33333 > P:5000)');
});

test('a quote of only eight bytes of TCP is enough to say which connection it is about', (t) => {
  const syn = hairpinned[0].bytes;
  const error = Buffer.concat([Buffer.of(3, 1, 0, 0, 0, 0, 0, 0), syn.subarray(14, 14 + 28)]);
  t.is(described(ip(R.address, C.address, 1, error)), 'R > C  unreachable, code 1 (C:33333 > P:25)');
});

test('what cannot be read is named by its ethertype and never fails, cut wherever it may be', (t) => {
  t.is(
    described(Buffer.concat([new Uint8Array(12), Buffer.of(0x86, 0xdd), new Uint8Array(46)])),
    'ethertype 86dd',
  );
  for (const frame of [fromTheInternet[0].bytes, arpFrame(C, broadcastMac, R.address)]) {
    for (let length = 0; length < frame.length; length++)
      t.notThrows(() => described(frame.subarray(0, length)));
  }
});

test('padding is not payload', (t) => {
  const packet = readPacket(fromTheInternet[0].bytes);
  t.is(packet.kind === 'tcp' ? packet.payloadLength : -1, 0);
});

test('endpoints are named, strangers keep their address', (t) => {
  t.is(nameOfEndpoint('12.0.0.1:25'), 'P:25');
  t.is(nameOfEndpoint('10.1.2.3:25'), '10.1.2.3:25');
});
