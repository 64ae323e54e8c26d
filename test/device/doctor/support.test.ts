/** The support bundle tells what was found and nothing of whose network it is. */
import test from 'ava';
import { masked, supportBundle } from '../../../host-tools/device/doctor/support.ts';
import type { Examination } from '../../../host-tools/device/doctor/report.ts';

const secrets = [
  '203.0.113.77',
  '192.168.44.1',
  'de:ad:be:ef:00:01',
  'DE-AD-BE-EF-00-02',
  'a1b2c3d4-e5f6',
  'margarete',
];

const examination: Examination = {
  findings: [
    { step: 'answer', verdict: 'ok', sentence: `Answers at /home/${secrets[5]}/tty0 for ${secrets[0]}:25.` },
  ],
  line: {
    port: `/home/${secrets[5]}/tty0`,
    answering: 'console',
    heard: `hairpin> show status\r\nwan ${secrets[0]}/24 ${secrets[2]} ${secrets[3]}\r\nserial ${secrets[4]}\r\n`,
  },
  router: {
    status: {
      ok: true,
      version: '0.1.0',
      uptime: 77,
      wan: { address: secrets[0] },
      lan: { address: secrets[1] },
    },
    counters: { ok: true, counters: { 'chip-restarted': 3 } },
  },
  boardFile: { from: 'board.json on the board', text: '{"board":"esp32-shared-bus","wan":{"select":"D25"}}' },
};

test('addresses, MACs, the serial number and the name of a home folder are nowhere in it', (t) => {
  const text = supportBundle(examination, { hairpin: '0.1.0', node: 'v20.19.0', platform: 'linux x64' });
  for (const secret of secrets) t.false(text.toLowerCase().includes(secret.toLowerCase()), secret);
});

test('what helps is in it: versions, findings, counters, the wiring; the same address has the same name', (t) => {
  const text = supportBundle(examination, { hairpin: '0.1.0', node: 'v20.19.0', platform: 'linux x64' });
  const bundle = JSON.parse(text);
  t.is(bundle.schema, 'hairpin.support/1');
  t.deepEqual(bundle.versions, { hairpin: '0.1.0', node: 'v20.19.0', platform: 'linux x64' });
  t.is(bundle.router.counters.counters['chip-restarted'], 3);
  t.is(bundle.router.status.version, '0.1.0');
  t.regex(bundle.boardFile.text, /D25/);
  t.is(bundle.router.status.wan.address, '(address 1)');
  t.regex(bundle.heard, /wan \(address 1\)\/24 \(mac 1\) \(mac 2\)/);
  t.regex(bundle.findings[0].sentence, /\(address 1\):25/);
});

test('numbers that are no addresses stay: versions, times, clocks', (t) => {
  const harmless = ['0.1.0', '2v29.277', '13.33 MHz', '1.2.3.4.5', 'rst:0x10 (RTCWDT_RTC_RESET),boot:0x13'];
  t.deepEqual(masked(harmless), harmless);
});
