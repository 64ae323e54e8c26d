/* A packet as people write it: what is read, and every refusal with its column and what was expected. */
import test from 'ava';
import { UserError } from '../../host-tools/cli/user-error.ts';
import { looksLikePacket, packetText, parsePacket } from '../../host-tools/explain/packet-text.ts';

test('a TCP packet is read with both ends', (t) => {
  t.deepEqual(parsePacket('tcp 192.168.0.3:33333 > 12.0.0.1:25'), {
    protocol: 'tcp',
    source: { address: '192.168.0.3', port: 33333 },
    target: { address: '12.0.0.1', port: 25 },
  });
});

for (const text of [
  'tcp 192.168.0.3:33333 > 12.0.0.1:25',
  'udp 0.0.0.0:1 > 255.255.255.255:65535',
  'icmp 192.168.0.3 > 12.0.0.1',
]) {
  test(`"${text}" is written as it is read`, (t) => {
    t.is(packetText(parsePacket(text)), text);
  });
}

test('blanks around the arrow are free', (t) => {
  const packet = parsePacket('tcp 1.2.3.4:5 > 6.7.8.9:10');
  t.deepEqual(parsePacket('tcp 1.2.3.4:5>6.7.8.9:10'), packet);
  t.deepEqual(parsePacket('  tcp  1.2.3.4:5  >  6.7.8.9:10 '), packet);
});

const refusals: [text: string, column: number, what: RegExp, expected: RegExp][] = [
  ['', 1, /the packet is empty/, /something like "tcp /],
  ['TCP 1.2.3.4:5 > 6.7.8.9:10', 1, /"TCP" is no protocol/, /tcp, udp or icmp, in small letters/],
  ['sctp 1.2.3.4:5 > 6.7.8.9:10', 1, /"sctp" is no protocol/, /tcp, udp or icmp/],
  ['tcp', 4, /the source is missing/, /ADDRESS:PORT/],
  ['tcp > 6.7.8.9:10', 5, /the source is missing/, /ADDRESS:PORT/],
  ['tcp 1.2.3.4:5', 14, /the packet ends too early/, /"> DESTINATION"/],
  ['tcp 1.2.3.4:5 6.7.8.9:10', 15, /"6\.7\.8\.9:10" stands where the arrow belongs/, /"> DESTINATION"/],
  ['tcp 1.2.3.4:5 >', 16, /the destination is missing/, /ADDRESS:PORT/],
  ['tcp 1.2.3.4 > 6.7.8.9:10', 5, /the source "1\.2\.3\.4" has no port/, /ADDRESS:PORT/],
  ['tcp 1.2.3.256:5 > 6.7.8.9:10', 5, /"1\.2\.3\.256" is no IPv4 address/, /four numbers from 0 to 255/],
  ['tcp 01.2.3.4:5 > 6.7.8.9:10', 5, /"01\.2\.3\.4" is no IPv4 address/, /four numbers/],
  ['tcp host:5 > 6.7.8.9:10', 5, /"host" is no IPv4 address/, /four numbers/],
  ['tcp 1.2.3.4:0 > 6.7.8.9:10', 13, /port "0" is no port/, /from 1 to 65535/],
  ['tcp 1.2.3.4:5 > 6.7.8.9:65536', 25, /the destination's port "65536" is no port/, /from 1 to 65535/],
  ['udp 1.2.3.4:5:6 > 6.7.8.9:1', 13, /port "5:6" is no port/, /from 1 to 65535/],
  ['icmp 1.2.3.4:5 > 6.7.8.9', 13, /the source has a port, but ICMP knows none/, /ADDRESS, as in "icmp/],
  ['tcp 1.2.3.4:5 > 6.7.8.9:10 SYN', 28, /"SYN" is too much/, /the end after the destination/],
];
for (const [text, column, what, expected] of refusals) {
  test(`"${text}" is refused in column ${column}`, (t) => {
    const { message } = t.throws(() => parsePacket(text), { instanceOf: UserError })!;
    t.true(message.startsWith(`Packet "${text}", column ${column}: `), message);
    t.regex(message, what);
    t.regex(message.split('; expected ')[1], expected);
    t.regex(message, /[^.]\.$/);
  });
}

test('a packet is told from the name of a file', (t) => {
  for (const packet of ['tcp', 'tcp 1.2.3.4:5', 'udp x', 'foo > bar', 'TCP 1.2.3.4'])
    t.true(looksLikePacket(packet), packet);
  for (const file of ['a.pcap', 'tcp.pcapng', 'dir/icmp/x.pcap', '']) t.false(looksLikePacket(file), file);
});
