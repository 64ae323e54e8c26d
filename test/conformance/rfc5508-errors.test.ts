/** Section 3 of the checklist, RFC 5508: other people's errors, judged, translated and handed on. */
import { lan, router, wan } from '../control/table.ts';
import { foldedSum, icmp, icmpError, ping, pong, tcp, udp } from '../wire/packets.ts';
import { packet as hexOf, serverRejects, tooBig } from '../scenes/examples.ts';
import { row } from './row.ts';
import { packetLeft, send } from './seen.ts';

const out = () => tcp('P:40000', 'I:80', 'A', { data: 'hello' });
const delivered = ['lan C | icmp 3/1 G > C about tcp C:40000 > I:80'];

/** A router on which C:40000 has opened a connection to I:80. */
function begin(): void {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
}

/** An ICMP error around whatever bytes, its own checksum right. */
function errorAround(quote: Uint8Array, type = 3, code = 1, rest = 0): Uint8Array {
  return icmp('G', 'P', type, code, rest, { data: quote, tos: 0xc0 });
}

row(['5508-3'], 'an error with one wrong bit, whichever, goes no further', (t) => {
  begin();
  const right = icmpError('G', 'P', [3, 1], out(), 8);
  t.deepEqual(wan(right.slice()), delivered);
  // From the checksum on: type, code and quote are covered by it as well.
  for (let bit = 20 * 8; bit < right.length * 8; bit++) {
    const wrong = right.slice();
    wrong[bit >> 3] ^= 1 << (bit & 7);
    t.deepEqual(wan(wrong), [], `bit ${bit}`);
  }
  t.deepEqual(wan(right.slice()), delivered);
});

row(['5508-3a'], 'an error that quotes a header with a wrong checksum goes no further', (t) => {
  begin();
  for (const at of [1, 4, 8, 10, 11]) {
    const quote = out().slice(0, 28);
    quote[at] ^= 4;
    t.deepEqual(wan(errorAround(quote)), [], `byte ${at}`);
  }
  t.deepEqual(wan(errorAround(out().slice(0, 28))), delivered);
});

row(['5508-3b'], 'options in the quoted header are stepped over', (t) => {
  begin();
  for (const length of [4, 8, 40]) {
    const options = [148, 4, 0, 0, ...Array<number>(length - 4).fill(1)];
    const quoted = tcp('P:40000', 'I:80', 'A', { options });
    t.deepEqual(wan(icmpError('G', 'P', [3, 1], quoted, 8)), delivered, `${length}`);
    const quote = packetLeft().subarray(28);
    t.deepEqual([...quote.subarray(20, 20 + length)], options);
    t.is((quote[20 + length] << 8) | quote[21 + length], 40000);
  }
});

row(['5508-3c'], 'a quoted transport checksum that was wrong is passed on, wrong by as much', (t) => {
  for (const make of [
    (from: string) => tcp(from, 'I:80', 'A', { data: 'hello' }),
    (from: string) => udp(from, 'I:80', { data: 'hello' }),
  ]) {
    router();
    lan(make('C:40000'));
    const checkAt = make('C:40000')[9] === 6 ? 36 : 26;
    const quote = make('P:40000');
    quote[checkAt] ^= 0x5a;
    const left = send('G', errorAround(quote));
    t.is(left[0].port, 'lan');
    // What the receiver finds in the quote is as wrong as what the reporter got: the sums of both are the same.
    const message = packetLeft(left).subarray(20);
    t.is(transportSum(message.subarray(8)), transportSum(quote));
    t.not(transportSum(quote), 0xffff);
    t.is(foldedSum(message), 0xffff);
  }
});

/** Sum over pseudo header and payload of a whole TCP or UDP packet without options: FFFF when its checksum is right. */
function transportSum(packet: Uint8Array): number {
  const length = ((packet[2] << 8) | packet[3]) - 20;
  const pseudo = [...packet.subarray(12, 20), 0, packet[9], length >> 8, length & 255];
  return foldedSum(Uint8Array.from([...pseudo, ...packet.subarray(20, 20 + length)]));
}

row(['5508-3d'], 'an error with an RFC 4884 extension behind the quote arrives with it whole', (t) => {
  begin();
  // Quote padded to 128 bytes, length field 32 words; version 2, an MPLS label stack object of one entry.
  const quote = new Uint8Array(128);
  quote.set(out().subarray(0, 45));
  const extension = Uint8Array.from([0x20, 0, 0, 0, 0, 8, 1, 1, 0x18, 0x69, 0x11, 0x01]);
  const sum = 0xffff - foldedSum(extension);
  extension[2] = sum >> 8;
  extension[3] = sum;
  const data = Uint8Array.from([...quote, ...extension]);
  t.deepEqual(wan(errorAround(data, 11, 0, 32 << 16)), [
    'lan C | icmp 11/0 G > C about tcp C:40000 > I:80 A',
  ]);
  const message = packetLeft().subarray(20);
  t.is(message[5], 32);
  t.deepEqual(message.subarray(8 + 128), extension);
});

row(['5508-4'], 'an error from outside reaches the host whose flow it quotes, or nobody', (t) => {
  begin();
  lan(udp('C:41000', 'I:9'));
  lan(ping('C', 'I', 7));
  for (const [type, code] of [
    [3, 0],
    [3, 3],
    [11, 0],
    [12, 0],
  ] as const) {
    const told = `lan C | icmp ${type}/${code} J > C about`;
    const error = (about: Uint8Array) => wan(icmpError('J', 'P', [type, code], about));
    t.deepEqual(error(tcp('P:40000', 'I:80', 'S')), [`${told} tcp C:40000 > I:80 S`]);
    t.deepEqual(error(udp('P:41000', 'I:9')), [`${told} udp C:41000 > I:9`]);
    t.deepEqual(error(ping('P', 'I', 7)), [`${told} ping C > I id 7`]);
    // A port nobody has, the wrong protocol, another peer, or another id.
    t.deepEqual(error(tcp('P:40001', 'I:80', 'S')), []);
    t.deepEqual(error(udp('P:40000', 'I:80')), []);
    t.deepEqual(error(tcp('P:40000', 'J:80', 'S')), []);
    t.deepEqual(error(ping('P', 'I', 8)), []);
  }
});

row(['5508-5'], 'an error from inside about a flow comes from P, any other ends here', (t) => {
  router();
  wan(udp('I:44444', 'P:5000'));
  wan(tcp('I:44445', 'P:8080', 'S'));
  t.deepEqual(lan(icmpError('S', 'I', [3, 3], udp('I:44444', 'S:5000'))), [
    'wan G | icmp 3/3 P > I about udp I:44444 > P:5000',
  ]);
  t.deepEqual(lan(icmpError('S', 'I', [3, 13], tcp('I:44445', 'S:80', 'S'))), [
    'wan G | icmp 3/13 P > I about tcp I:44445 > P:8080 S',
  ]);
  t.deepEqual(lan(icmpError('S', 'I', [3, 3], udp('I:44444', 'S:5001'))), []);
  t.deepEqual(lan(icmpError('S', 'J', [3, 3], udp('J:44444', 'S:5000'))), []);
});

row(['5508-7'], 'errors inside a hairpinned flow pass, to the client and to the server', (t) => {
  router();
  lan(udp('C:33333', 'P:5000'));
  t.deepEqual(lan(icmpError('S', 'P', [3, 3], udp('P:33333', 'S:5000'))), [
    'lan C | icmp 3/3 P > C about udp C:33333 > P:5000',
  ]);
  lan(udp('S:5000', 'P:33333'));
  t.deepEqual(lan(icmpError('C', 'P', [3, 3], udp('P:5000', 'C:33333'))), [
    'lan S | icmp 3/3 P > S about udp S:5000 > P:33333',
  ]);
});

/** The hex of an example as bytes. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hexOf(text), 'hex'));
}

row(['5508-7a'], 'a hairpinned error goes to who sent the quoted packet: example D, byte for byte', (t) => {
  router();
  lan(bytesOf(serverRejects.datagram));
  t.deepEqual(packetLeft(), bytesOf(serverRejects.datagramToServer));
  t.deepEqual(lan(bytesOf(serverRejects.error)), ['lan C | icmp 3/3 P > C about udp C:33333 > P:5000']);
  t.deepEqual(packetLeft(), bytesOf(serverRejects.errorToClient));
});

row(['5508-7.1.1'], 'too big: with DF the sender learns the next MTU, without it pieces leave', (t) => {
  router({ mtu: 1000 });
  const data = new Uint8Array(1200);
  t.deepEqual(lan(udp('C:40000', 'I:9', { data })), [
    'lan C | icmp 3/4 mtu 1000 R > C about udp C:40000 > I:9',
  ]);
  const pieces = send('C', udp('C:40000', 'I:9', { data, fragment: 0 }));
  t.deepEqual(
    pieces.map(({ port }) => port),
    ['wan', 'wan'],
  );
});

row(['5508-7.1.2'], 'a 3/4 from the way reaches the host inside: example E, byte for byte', (t) => {
  router();
  lan(bytesOf(tooBig.syn));
  t.deepEqual(packetLeft(), bytesOf(tooBig.synOut));
  t.deepEqual(wan(bytesOf(tooBig.error)), ['lan C | icmp 3/4 mtu 1400 G > C about tcp C:40100 > I:80']);
  t.deepEqual(packetLeft(), bytesOf(tooBig.errorToClient));
  // Also about an echo, and about what a server behind a forward sends.
  lan(ping('C', 'I', 7));
  t.deepEqual(wan(icmpError('G', 'P', [3, 4, 1280], ping('P', 'I', 7))), [
    'lan C | icmp 3/4 mtu 1280 G > C about ping C > I id 7',
  ]);
  wan(ping('I', 'P', 1));
  wan(udp('I:44444', 'P:5000'));
  t.deepEqual(wan(icmpError('G', 'P', [3, 4, 1280], udp('P:5000', 'I:44444'))), [
    'lan S | icmp 3/4 mtu 1280 G > S about udp S:5000 > I:44444',
  ]);
  t.deepEqual(wan(icmpError('G', 'P', [3, 4, 1280], pong('P', 'I', 1))), []);
});
