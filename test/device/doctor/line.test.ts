/** Who is at the other end of the line, by what was heard: boot messages of the ROM, noise, strangers, silence. */
import test from 'ava';
import { readBootText } from '../../../host-tools/device/repl/boot-text.ts';
import { judgeLine } from '../../../host-tools/device/doctor/line-facts.ts';

const rom = 'ets Jun  8 2016 00:22:57\r\n\r\n';
const powerOn = 'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n';
const load =
  'configsip: 0, SPIWP:0xee\r\nmode:DIO, clock div:2\r\nload:0x3fff0018,len:4\r\nentry 0x4008114c\r\n';

const cases: [heard: string, id: string, says: RegExp][] = [
  [(rom + powerOn + 'flash read err, 1000\r\nets_main.c 371 \r\n').repeat(3), 'flash-read', /D12 is high/],
  [(rom + powerOn + 'invalid header: 0xffffffff\r\n').repeat(4), 'flash-empty', /not been written/],
  [(rom + powerOn + 'csum err:0x9a!=0xa5\r\nets_main.c 371 \r\n').repeat(2), 'flash-damaged', /cut off/],
  [
    rom +
      powerOn +
      load +
      '\r\nBrownout detector was triggered\r\n\r\n' +
      rom +
      'rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n' +
      load,
    'brownout',
    /too weak/,
  ],
  [
    (
      rom +
      'rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n' +
      load +
      "Guru Meditation Error: Core  0 panic'ed (LoadProhibited)\r\n"
    ).repeat(3),
    'panic',
    /crashes/,
  ],
  [(rom + 'rst:0x10 (RTCWDT_RTC_RESET),boot:0x33 (SPI_FAST_FLASH_BOOT)\r\n').repeat(4), 'watchdog', /D12/],
  [
    (rom + 'rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n' + load).repeat(4),
    'boot-loop',
    /SW_CPU_RESET/,
  ],
  [
    rom +
      'rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n',
    'boot-loader',
    /BOOT/,
  ],
  ['\xf8\x80\x00\xfe\x80\xe6\x06\x98\x00\xf0\x80\x80', 'garbage', /another rate/],
  ['I (312) wifi: mode : sta\r\nHello from my sketch\r\n', 'stranger', /I \(312\) wifi/],
  [
    `${rom}${powerOn}${load}\r\n         |_| espruino.com\r\n 2v29 (c) 2025 G.Williams\r\n`,
    'busy',
    /keeps it busy/,
  ],
  ['', 'silence', /Nothing answers/],
  ['\0\0', 'silence', /EN/],
];
for (const [heard, id, says] of cases) {
  test(`nobody answers, and it is known why: ${id}, ${heard.length} bytes heard`, (t) => {
    const finding = judgeLine({ port: '/dev/ttyUSB0', answering: 'none', heard });
    t.is(finding.id, id);
    t.is(finding.verdict, 'bad');
    t.regex(`${finding.sentence} ${finding.cause} ${finding.remedy}`, says);
  });
}

test('a board that has started well tells of no trouble, whatever its last reset was', (t) => {
  for (const reset of ['0x1 (POWERON_RESET)', '0xc (SW_CPU_RESET)', '0x10 (RTCWDT_RTC_RESET)']) {
    const text = `${rom}rst:${reset},boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n${load}`;
    t.is(readBootText(text).trouble, undefined, reset);
    t.is(readBootText(text).starts, 1);
  }
  t.is(
    readBootText(
      'E (587) psram: PSRAM ID read error: 0xffffffff\r\nE (593) spiram: SPI RAM not initialized\r\n',
    ).trouble,
    undefined,
  );
});

test('who answers is well: the console, the prompt; a prompt whose router was skipped is worth a look', (t) => {
  const at = { port: '/dev/ttyUSB0', heard: '' };
  t.is(judgeLine({ ...at, answering: 'console' }).verdict, 'ok');
  t.is(judgeLine({ ...at, answering: 'repl' }).verdict, 'ok');
  const skipped = judgeLine({
    ...at,
    answering: 'repl',
    skipped: 'The router is skipped: three starts failed.',
  });
  t.is(skipped.verdict, 'warn');
  t.regex(skipped.sentence, /three starts failed/);
});
