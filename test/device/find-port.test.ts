/* Which port is taken: named, likely, or a sentence that says what to do. */
import test from 'ava';
import { type ListedPort, type PortSource, findPort } from '../../host-tools/device/serial/find-port.ts';

function source(ports: ListedPort[] | Error, more: Partial<PortSource> = {}): PortSource {
  return {
    list: () => (ports instanceof Error ? Promise.reject(ports) : Promise.resolve(ports)),
    deviceNames: () => [],
    variable: undefined,
    ...more,
  };
}

const builtIn = { path: '/dev/ttyS0' };
const cp210x = { path: '/dev/ttyUSB0', vendorId: '10C4', manufacturer: 'Silicon_Labs' };
const ch340 = { path: '/dev/ttyUSB1', vendorId: '1a86' };
const modem = { path: '/dev/ttyACM0', vendorId: '12d1', manufacturer: 'HUAWEI' };
const other = { path: '/dev/ttyACM1', vendorId: '2341' };
const noUdevadm = new Error('spawn udevadm ENOENT');

const found: [what: string, option: string | undefined, source: PortSource, path: string][] = [
  ['the one named', '/dev/pts/3', source([cp210x]), '/dev/pts/3'],
  [
    'the one named, before the environment variable',
    'COM7',
    source([cp210x], { variable: '/dev/x' }),
    'COM7',
  ],
  ["the environment variable's", undefined, source([cp210x], { variable: '/dev/x' }), '/dev/x'],
  ['an empty environment variable names none', undefined, source([cp210x], { variable: '' }), '/dev/ttyUSB0'],
  ['the only USB port, among built-in ones', undefined, source([builtIn, cp210x]), '/dev/ttyUSB0'],
  ["the only one with a board's adapter", undefined, source([modem, ch340, builtIn]), '/dev/ttyUSB1'],
  ['the only USB port, of whatever make', undefined, source([builtIn, modem]), '/dev/ttyACM0'],
  [
    'by name where ports cannot be listed',
    undefined,
    source(noUdevadm, { deviceNames: () => ['tty', 'ttyS0', 'ttyUSB3', 'null'] }),
    '/dev/ttyUSB3',
  ],
];
for (const [what, option, from, path] of found) {
  test(`port taken: ${what}`, async (t) => t.is(await findPort(option, from), path));
}

const refused: [what: string, source: PortSource, sentence: RegExp][] = [
  ['no port at all', source([]), /^No board was found: .* may be charge-only.* --port <path>\.$/],
  ['only a built-in port', source([builtIn]), /^No board was found/],
  ['none by name where ports cannot be listed', source(noUdevadm), /^No board was found/],
  [
    'two boards',
    source([ch340, cp210x, modem]),
    /^There is more than one USB serial port: \/dev\/ttyUSB0 \(Silicon Labs CP210x\), \/dev\/ttyUSB1 \(WCH CH340\)\. .*--port \/dev\/ttyUSB0\.$/,
  ],
  [
    'two that may be anything',
    source([other, modem]),
    /: \/dev\/ttyACM0 \(HUAWEI\), \/dev\/ttyACM1\. Say which/,
  ],
  [
    'two by name',
    source(noUdevadm, { deviceNames: () => ['ttyUSB1', 'ttyUSB0'] }),
    /: \/dev\/ttyUSB0, \/dev\/ttyUSB1\. Say which/,
  ],
];
for (const [what, from, sentence] of refused) {
  test(`no port taken: ${what}`, async (t) => {
    const error = await t.throwsAsync(findPort(undefined, from));
    t.regex(error.message, sentence);
  });
}
