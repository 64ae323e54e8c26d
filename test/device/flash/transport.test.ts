/** Packets are found in whatever arrives; deadlines and a line that ends are told apart. */
import test from 'ava';
import { ESPError } from 'esptool-js';
import { LineTransport } from '../../../host-tools/device/flash/transport.ts';
import { LineLost } from '../../../host-tools/device/serial/byte-line.ts';
import { linePair } from '../board/memory-line.ts';
import { slipFrame } from '../board/slip.ts';
import { VirtualTime } from '../board/virtual-time.ts';

function open() {
  const time = new VirtualTime();
  const pair = linePair('/dev/ttyTEST', time);
  return { pair, time, transport: new LineTransport(pair.host, time, 115200) };
}
const text = (packet: Uint8Array) => String.fromCharCode(...packet);
const bytes = (said: string) => Uint8Array.from(said, (character) => character.charCodeAt(0));

test('noise, a packet without its beginning, escapes, pieces: whole packets are found, torn ones left out', async (t) => {
  const { pair, transport } = open();
  await pair.board.write(bytes('boot:0x3\r\n'));
  await pair.board.write(slipFrame(bytes('one')));
  await pair.board.write(slipFrame(bytes('lost')).subarray(1));
  await pair.board.write(slipFrame(bytes('\xc0two\xdb')));
  t.is(text(await transport.read(100)), 'one');
  t.is(text(await transport.read(100)), '\xc0two\xdb');
  await t.throwsAsync(transport.read(100), { instanceOf: ESPError });
});

test('what is sent is framed; what came before a question is forgotten on demand', async (t) => {
  const { pair, transport } = open();
  let heard = '';
  pair.board.onBytes((sent) => (heard += text(sent)));
  await transport.write(bytes('a\xc0'));
  await pair.board.write(slipFrame(bytes('stale')));
  await transport.drainInput();
  t.is(transport.inWaiting(), 0);
  t.is(heard, '\xc0a\xdb\xdc\xc0');
});

test('a deadline is an error of esptool-js, which it may repeat; a pulled cable is the end, at once', async (t) => {
  const { pair, time, transport } = open();
  await t.throwsAsync(transport.read(3000), { instanceOf: ESPError, message: 'no answer within 3000 ms' });
  t.is(time.now(), 3000);
  const reading = transport.read(100_000);
  pair.unplug();
  await t.throwsAsync(reading, { instanceOf: LineLost });
  t.true(time.now() < 4000);
});
