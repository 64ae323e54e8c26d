/** DHCP messages as our client and our server read and write them (RFC 2131 section 2, RFC 2132, rows dc-9 and sec-9). */
import test from 'ava';
import fc from 'fast-check';
import { emptyOutbox, outFrame } from '../../firmware/control/outbox.ts';
import { frame, take } from '../../firmware/control/packet.ts';
import { postDatagram, payloadAt } from '../../firmware/services/datagrams.ts';
import {
  fieldAt,
  putByteOption,
  putClient,
  putWordOption,
  readMessage,
  startMessage,
  typeOf,
  wordOf,
} from '../../firmware/services/dhcp-message.ts';
import { bootReply, bootRequest, endOption, optionsAt, yiaddrAt } from '../../firmware/wire/dhcp.ts';
import { wordAt } from '../../firmware/services/dhcp-message.ts';
import { addressData, dhcpBytes, readDhcp } from '../wire/dhcp.ts';
import type { Dhcp } from '../wire/dhcp.ts';
import { tell, udp, word } from '../wire/packets.ts';
import { ethernet, inArray, macOf } from '../control/table.ts';

const offer: Dhcp = {
  op: 2,
  xid: 0x12345678,
  yiaddr: 'P',
  chaddr: macOf('P'),
  options: { 53: [2], 54: addressData('G'), 1: [255, 255, 255, 0], 6: addressData('I', 'J') },
};

/** Puts a payload at hand as it would come from the gateway. @param shape of the IP packet */
function receive(payload: Uint8Array, shape = {}): void {
  const packet = udp('G:67', 'P:68', { data: payload, ...shape });
  const array = inArray(ethernet(macOf('P'), macOf('G'), 0x0800, packet));
  take(array, new Uint32Array(array.buffer), array.length - 6, 0);
}

/** What is read of a message. */
function read(payload: Uint8Array, shape = {}): Uint16Array | undefined {
  receive(payload, shape);
  return readMessage(bootReply);
}

const dataOf = (options: Uint16Array, code: number) =>
  options[code] ? Array.from(frame.subarray(options[code], options[code] + frame[options[code] - 1])) : [];

test('Options are found where they lie, behind an IP header with options as well', (t) => {
  for (const shape of [{}, { options: [1, 1, 1, 0] }]) {
    const options = read(dhcpBytes(offer), shape)!;
    t.is(typeOf(options), 2);
    t.is(wordOf(options, 54), word('G'));
    t.is(wordOf(options, 6), word('I'));
    t.deepEqual(dataOf(options, 6), addressData('I', 'J'));
    t.is(wordAt(fieldAt(yiaddrAt)), word('P'));
    t.is(wordOf(options, 3), 0);
  }
});

test('dc-9: options in file and in sname are found, and those of the options field come first', (t) => {
  const both = {
    ...offer,
    options: { 53: [2], 51: [0, 0, 0, 60] },
    inFile: { 54: addressData('G'), 51: [0, 0, 0, 99] },
    inSname: { 3: addressData('G'), 54: addressData('I') },
  };
  const options = read(dhcpBytes(both))!;
  t.is(typeOf(options), 2);
  t.deepEqual(dataOf(options, 51), [0, 0, 0, 60]);
  t.is(wordOf(options, 54), word('G'));
  t.is(wordOf(options, 3), word('G'));
  // Without option 52 the two fields are names.
  const plain = dhcpBytes(both);
  plain[plain.indexOf(52, 240) + 2] = 0;
  t.is(wordOf(read(plain)!, 54), 0);
});

test('What is no message of Ethernet and DHCP, or of the other direction, is none', (t) => {
  t.truthy(read(dhcpBytes(offer)));
  t.is(read(dhcpBytes({ ...offer, op: 1 })), undefined);
  for (const [at, value] of [
    [1, 6],
    [2, 8],
    [236, 0],
    [239, 0],
  ]) {
    const bytes = dhcpBytes(offer);
    bytes[at] = value;
    t.is(read(bytes), undefined, `byte ${at}`);
  }
  t.is(read(dhcpBytes(offer).subarray(0, 239)), undefined);
});

test('A damaged message is none', (t) => {
  receive(dhcpBytes(offer));
  frame[frame.length - 1] ^= 1;
  t.is(readMessage(bootReply), undefined);
});

test('sec-9: an option that says it ends beyond its field spoils the message', (t) => {
  for (let length = 0; length < 256; length++) {
    const bytes = dhcpBytes({ ...offer, options: { 53: [2] } });
    bytes.set([54, length], 243);
    t.is(read(bytes) !== undefined, 245 + length <= 300, `length ${length}`);
  }
  const cut = dhcpBytes({ ...offer, options: {} }, 241);
  cut[240] = 53;
  t.is(read(cut), undefined, 'a code without a length');
  for (const field of ['inFile', 'inSname'] as const) {
    const bytes = dhcpBytes({ ...offer, [field]: { 3: addressData('G') } });
    bytes[field === 'inFile' ? 109 : 45] = 200;
    t.is(read(bytes), undefined, field);
  }
});

test('An option without data is as good as none, and one of a wrong length has no word', (t) => {
  const options = read(dhcpBytes({ ...offer, options: { 53: [], 54: [1, 2, 3], 3: addressData('G') } }))!;
  t.is(typeOf(options), 0);
  t.is(wordOf(options, 54), 0);
  t.is(wordOf(options, 3), word('G'));
});

test('A message that does not end with option 255 is read to its end', (t) => {
  const bytes = dhcpBytes({ ...offer, options: { 53: [5] } }, 244);
  t.is(bytes[243], 255);
  bytes[243] = 0;
  t.is(typeOf(read(bytes)!), 5);
});

test('Whatever comes, nothing is thrown, and every option that is found lies within the message', (t) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 240, maxLength: 600 }),
      fc.array(fc.tuple(fc.nat(599), fc.constantFrom(0, 1, 2, 3, 52, 53, 54, 61, 255))),
      (noise, changes) => {
        noise.set(dhcpBytes(offer, 240).subarray(0, 3));
        noise.set([99, 130, 83, 99], 236);
        for (const [at, value] of changes) if (at < noise.length && at >= 240) noise[at] = value;
        const options = read(noise);
        options?.forEach((at, code) => {
          if (!at) return;
          t.is(frame[at - 2], code);
          t.true(frame[at - 1] > 0 && at + frame[at - 1] <= 48 + noise.length);
        });
      },
    ),
    { seed: 9, numRuns: 2000 },
  );
});

test('A message that is built is read back by somebody else', (t) => {
  for (const operation of [bootRequest, bootReply]) {
    emptyOutbox();
    const message = startMessage(operation, 0, 0xffffffff, 300)!;
    putClient(message, Uint8Array.from([9, ...macOf('C')]), 1);
    let at = putByteOption(message, payloadAt + optionsAt, 53, 3);
    at = putWordOption(message, at, 50, word('P'));
    message[at] = endOption;
    postDatagram(message, 300, 5);
    const packet = outFrame[0]!.subarray(20);
    t.is(
      tell(packet).split(' ttl')[0].split(' "')[0],
      operation === 1 ? 'udp 0.0.0.0:68 > 255.255.255.255:67' : 'udp 0.0.0.0:67 > 255.255.255.255:68',
    );
    const { type, op, chaddr, options } = readDhcp(packet.subarray(28));
    t.deepEqual(
      { type, op, chaddr, options },
      {
        type: 'request',
        op: operation,
        chaddr: macOf('C'),
        options: { 53: [3], 50: addressData('P') },
      },
    );
  }
});
