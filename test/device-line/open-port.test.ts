/* A port is opened, spoken over, pulled and closed, on pseudo-terminals; and what is said when it cannot be opened. */
import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { LineLost } from '../../host-tools/device/serial/byte-line.ts';
import { openPort, openTrouble } from '../../host-tools/device/serial/open-port.ts';
import { openPty } from '../device/board/pty.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
/** All 256 byte values, several times: nothing may be taken for a control character. */
const every = Uint8Array.from({ length: 2048 }, (_, index) => index);

test('bytes pass both ways, whatever they are, and in order', async (t) => {
  const pty = openPty();
  const line = await openPort(pty.path);
  t.teardown(() => pty.close());
  t.is(line.path, pty.path);
  let there = '';
  let here = '';
  pty.onBytes((bytes) => (there += text(bytes)));
  const stop = line.onBytes((bytes) => (here += text(bytes)));
  await line.write(every);
  pty.write(every);
  while (there.length < every.length || here.length < every.length) await delay(1);
  t.is(there, text(every));
  t.is(here, text(every));
  stop();
  pty.write(every);
  await delay(20);
  t.is(here.length, every.length, 'a listener that has gone hears nothing');
  await line.close();
  await line.close();
  await t.throwsAsync(line.write(every), { instanceOf: LineLost });
});

test('what was sent before anybody opened the port is not echoed, and not heard', async (t) => {
  const pty = openPty();
  t.teardown(() => pty.close());
  let there = '';
  pty.onBytes((bytes) => (there += text(bytes)));
  pty.write(Buffer.from('banner'));
  const line = await openPort(pty.path);
  let here = '';
  line.onBytes((bytes) => (here += text(bytes)));
  pty.write(Buffer.from('news'));
  while (here.length < 4) await delay(1);
  t.is(here, 'news');
  t.is(there, '');
  await line.close();
});

test('a pseudo-terminal has no modem lines, and takes any baud rate', async (t) => {
  const pty = openPty();
  const line = await openPort(pty.path);
  t.teardown(() => pty.close());
  t.false(await line.setSignals({ dtr: false, rts: true }));
  await line.setBaudRate(921600);
  await line.write(Buffer.from('still there'));
  await line.close();
});

test('a pulled cable ends the line, and a write says so', async (t) => {
  const pty = openPty();
  const line = await openPort(pty.path);
  pty.close();
  await line.closed;
  const lost = await t.throwsAsync(line.write(every), { instanceOf: LineLost });
  t.true(lost.message.startsWith(`${pty.path} is gone: the cable was pulled`));
});

test('a port that another program has says so', async (t) => {
  const pty = openPty();
  const first = await openPort(pty.path);
  t.teardown(() => pty.close());
  const refused = await t.throwsAsync(openPort(pty.path));
  t.is(
    refused.message,
    `${pty.path} cannot be opened: another program has it; close that (a terminal program, an IDE, another hairpin) and try again.`,
  );
  await first.close();
});

test('a port that is not there, or is no serial port', async (t) => {
  const missing = await t.throwsAsync(openPort('/dev/ttyNOTHING'));
  t.is(
    missing.message,
    '/dev/ttyNOTHING cannot be opened: there is no such port; is the board plugged in? The cable may be charge-only.',
  );
  const file = await t.throwsAsync(openPort('package.json'));
  t.is(file.message, 'package.json cannot be opened: that is not a serial port.');
});

const said = [
  ['Error: Permission denied, cannot open /dev/ttyUSB0', /add yourself to group dialout: sudo usermod -aG/],
  ['Error: Device or resource busy, cannot open /dev/ttyUSB0', /another program has it/],
  ['Opening COM3: Access denied', /another program has it/],
  ['Opening COM9: File not found', /there is no such port/],
  [
    'Error: Input/output error, cannot open /dev/ttyUSB0',
    /: Input\/output error, cannot open \/dev\/ttyUSB0\.$/,
  ],
  ['Error: Is a directory, cannot open /tmp', /: that is not a serial port\.$/],
] as const;
for (const [message, sentence] of said) {
  test(`the sentence for "${message}"`, (t) => t.regex(openTrouble('/dev/ttyUSB0', message), sentence));
}
