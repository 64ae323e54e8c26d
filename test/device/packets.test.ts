/* Packets are made as Espruino expects them, and found in what it sends, wherever the pieces are cut. */
import test from 'ava';
import {
  type Heard,
  PacketReader,
  PacketType,
  actedUpon,
  blockLength,
  packetOf,
  textPacket,
} from '../../host-tools/device/repl/packets.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

test('a packet is DLE SOH, type and length, the data', (t) => {
  t.is(text(packetOf(PacketType.data, bytes('hello'))), '\x10\x01\x80\x05hello');
  t.is(text(packetOf(PacketType.eval, bytes('x'.repeat(8191)))).slice(0, 4), '\x10\x01\x3f\xff');
  t.throws(() => packetOf(PacketType.eval, bytes('x'.repeat(8192))));
});

test('no packet of text has a length that a board would act upon', (t) => {
  t.is(text(textPacket(PacketType.eval, '1+2')), '\x10\x01\x20\x051+2  ');
  for (let length = 0; length < 1100; length++) {
    const packet = textPacket(PacketType.eval, 'x'.repeat(length));
    t.false(
      [...packet.subarray(0, 4)].some((byte) => actedUpon.includes(byte)),
      `${length}`,
    );
  }
});

test('blocks cover a file exactly, and none has such a length', (t) => {
  for (let size = 1; size < 3000; size++) {
    let at = 0;
    for (let blocks = 0; at < size; blocks++) {
      const length = blockLength(size - at, 1024);
      if (length < 1 || length > 1024 || actedUpon.includes(length & 0xff) || blocks > 5)
        t.fail(`${size}: ${length}`);
      at += length;
    }
    if (at !== size) t.fail(`${size}`);
  }
  t.pass();
});

/** As 2v29 sent it: the prompt taken back, printed text, the answer; then flow control, an error, a file's end. */
const sent = '\r\x1b[Jhi\r\n\x06\x10\x01\x00\x04null>\x13\x11\x15Uncaught\x10\x05\x10\x01\x80\x00';
const meant: Heard[] = [
  { kind: 'text', text: '\r\x1b[Jhi\r\n' },
  { kind: 'ack' },
  { kind: 'packet', type: PacketType.response, data: Uint8Array.from(bytes('null')) },
  { kind: 'text', text: '>' },
  { kind: 'flow', stop: true },
  { kind: 'flow', stop: false },
  { kind: 'nak' },
  { kind: 'text', text: 'Uncaught\x05' },
  { kind: 'packet', type: PacketType.data, data: new Uint8Array(0) },
];

/** Neighbouring texts are one. */
function joined(heard: Heard[]): Heard[] {
  return heard.reduce<Heard[]>((all, one) => {
    const last = all.at(-1);
    if (one.kind === 'text' && last?.kind === 'text') last.text += one.text;
    else all.push(one);
    return all;
  }, []);
}

test('what a board sends is understood, cut anywhere', (t) => {
  for (let cut = 0; cut <= sent.length; cut++) {
    const heard: Heard[] = [];
    const reader = new PacketReader((one) => heard.push(one));
    reader.receive(bytes(sent.slice(0, cut)));
    reader.receive(bytes(sent.slice(cut)));
    t.deepEqual(joined(heard), meant, `cut at ${cut}`);
  }
});

test('a packet that does not come to its end is forgotten when asked to', (t) => {
  const heard: Heard[] = [];
  const reader = new PacketReader((one) => heard.push(one));
  reader.receive(bytes('\x10\x01\x00\x40half'));
  reader.reset();
  reader.receive(bytes('\x06'));
  t.deepEqual(heard, [{ kind: 'ack' }]);
});
