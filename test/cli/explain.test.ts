/* `hairpin explain` as a command: exit codes, the one object of --json, and refusals in the right order. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { configText } from '../scenes/cast.ts';
import { hairpin, temporaryFile, type Outcome } from './command.ts';

const fromLan = 'tcp 192.168.0.3:33333 > 12.0.0.1:25';

function configFile(t: ExecutionContext, text: string): string {
  const file = temporaryFile('home.json', text);
  t.teardown(file.remove);
  return file.path;
}

test.serial('a packet that is answered is 0, and its story begins with the packet', async (t) => {
  const { exitCode, out, err } = await hairpin([
    'explain',
    fromLan,
    '--config',
    configFile(t, configText('external')),
  ]);
  t.is(exitCode, 0);
  t.is(err, '');
  t.true(out.startsWith(`${fromLan}\n\nWORKS. `), out);
});

test.serial('a packet without an answer is 1, and what the configuration warns of is said', async (t) => {
  const { exitCode, out } = await hairpin([
    'explain',
    fromLan,
    '--config',
    configFile(t, configText('dnat-only')),
  ]);
  t.is(exitCode, 1);
  t.regex(out, /^SILENCE\. /m);
  t.regex(out, /^Note: .*"dnat-only" is for demonstration/m);
});

test.serial('a public address that only the ISP knows is asked for in a sentence', async (t) => {
  const config = configFile(t, readFileSync('hairpin.home.json', 'utf8'));
  const { exitCode, out, err } = await hairpin(['explain', fromLan, '--config', config]);
  t.is(exitCode, 2);
  t.is(out, '');
  t.regex(
    err,
    /^hairpin: explain has to know the public address, and in '.*home\.json' wan\.address is "dhcp"\. Write /,
  );
});

test.serial('--json is one object and nothing else', async (t) => {
  const config = configFile(t, configText('none'));
  const { exitCode, out } = await hairpin(['explain', fromLan, '--json', '--config', config]);
  t.is(exitCode, 1);
  t.like(JSON.parse(out), { schema: 'hairpin.explain/1', outcome: 'refused', side: 'lan' });
});

test.serial('--on overrides where the source address lives', async (t) => {
  const config = configFile(t, configText('external'));
  const { exitCode, out } = await hairpin(['explain', fromLan, '--on', 'wan', '--json', '--config', config]);
  t.is(exitCode, 1);
  t.like(JSON.parse(out), { outcome: 'dropped', side: 'wan', sideInferred: false });
});

test.serial('--svg draws it into a file, and prints the story as ever', async (t) => {
  const config = configFile(t, configText('external'));
  const file = config.replace('home.json', 'drawn.svg');
  const { exitCode, out } = await hairpin(['explain', fromLan, '--svg', file, '--config', config]);
  t.is(exitCode, 0);
  t.regex(out, /^WORKS\. /m);
  t.regex(readFileSync(file, 'utf8'), /^<svg [^]*192\.168\.0\.3:33333[^]*<\/svg>\n$/);
});

test.serial('a drawing that cannot be written is one sentence', async (t) => {
  const config = configFile(t, configText('external'));
  const outcome = await hairpin(['explain', fromLan, '--svg', '/', '--config', config]);
  refusedWith(t, outcome, /^'\/' cannot be written: it is a folder; name a file\.$/);
});

/** One SYN from C to P:25, and one to a port nobody offers. */
const syns = Buffer.from(
  'd4c3b2a1020004000000000000000000ffff000001000000' +
    ['0019', '001a']
      .map(
        (port) =>
          '00000000000000003600000036000000' +
          '02000000a80102000000a8030800450000281111400040065d13c0a800030c000001' +
          `8235${port}10000000000000005002faf055${port === '0019' ? 'f7' : 'f6'}0000`,
      )
      .join(''),
  'hex',
);

function captureFile(t: ExecutionContext, bytes: Buffer): string {
  const file = temporaryFile('some.pcap', '');
  t.teardown(file.remove);
  writeFileSync(file.path, bytes);
  return file.path;
}

test.serial('a capture is explained packet by packet; one that was dropped makes it 1', async (t) => {
  const config = configFile(t, configText('external'));
  const all = await hairpin(['explain', captureFile(t, syns), '--config', config]);
  t.is(all.exitCode, 1);
  t.regex(all.out, /^1 .*192\.168\.0\.3:33333 > 12\.0\.0\.1:25, TCP SYN\n +No flow yet; the forward 'smtp'/m);
  t.regex(all.out, /^2 .*\n +Dropped: .*\(drop-refused\)/ms);
  t.regex(all.out, /^2 packets: 1 passed or answered, 1 dropped, 0 not put in\.$/m);
  const first = captureFile(t, syns.subarray(0, 24 + 16 + 54));
  t.is((await hairpin(['explain', first, '--config', config])).exitCode, 0);
});

test.serial('--write keeps a capture with comments, and never in place of the capture', async (t) => {
  const config = configFile(t, configText('external'));
  const name = captureFile(t, syns);
  const written = name.replace('some.pcap', 'explained.pcapng');
  const { exitCode, out } = await hairpin([
    'explain',
    name,
    '--write',
    written,
    '--json',
    '--config',
    config,
  ]);
  t.is(exitCode, 1);
  t.like(JSON.parse(out), { schema: 'hairpin.explain/1', packets: 2, dropped: 1 });
  t.regex(readFileSync(written, 'latin1'), /the forward 'smtp'[^]*drop-refused/);
  refusedWith(
    t,
    await hairpin(['explain', name, '--write', name, '--config', config]),
    /would overwrite the capture/,
  );
});

test.serial('a damaged capture is explained up to the damage; the damage is said, and it is 2', async (t) => {
  const config = configFile(t, configText('external'));
  const name = captureFile(t, syns.subarray(0, syns.length - 3));
  const written = name.replace('some.pcap', 'explained.pcapng');
  const { exitCode, out, err } = await hairpin(['explain', name, '--write', written, '--config', config]);
  t.is(exitCode, 2);
  t.regex(out, /^1 packet: 1 passed/m);
  t.regex(
    err,
    /some\.pcap' is damaged: at offset 110, packet 2 should have 54 bytes.* The one packet before that is explained\./,
  );
  t.false(existsSync(written));
});

test.serial('a capture that is damaged in its first packet: that there is none before', async (t) => {
  const config = configFile(t, configText('external'));
  const name = captureFile(t, syns.subarray(0, 45));
  const { exitCode, err } = await hairpin(['explain', name, '--config', config]);
  t.is(exitCode, 2);
  t.regex(err, /is damaged: .*There is no packet before that\./);
});

const refusals: [words: string[], sentence: RegExp][] = [
  [[], /^Missing required argument 'what'\. See hairpin explain --help\.$/],
  [
    ['tcp', '192.168.0.3:33333'],
    /^One packet or one file at a time, and a packet in quotes: .*the shell takes > for a file/,
  ],
  [
    ['tcp 1.2.3.4 > 5.6.7.8:9'],
    /^Packet "tcp 1\.2\.3\.4 > 5\.6\.7\.8:9", column 5: the source "1\.2\.3\.4" has no port/,
  ],
  [[fromLan, '--on', 'dmz'], /^--on dmz means nothing; it can be --on wan or --on lan\.$/],
  [[fromLan, '--write', 'x.pcapng'], /^--write is for capture files/],
  [['away.pcap'], /^There is no capture file 'away\.pcap'\. A packet is written like "tcp /],
  [['away.pcap', '--svg', 'x.svg'], /^--svg draws one packet/],
  [
    ['package.json'],
    /^'package\.json' is neither a pcap nor a pcapng file, which is what tcpdump -w and Wireshark write\.$/,
  ],
  [[fromLan], /^There is no configuration file '\.\/hairpin\.json'; name one with --config FILE\.$/],
  [[fromLan, '--config', '/'], /^The configuration file '\/' cannot be read: it is a folder; name a file\.$/],
];
for (const [words, sentence] of refusals) {
  test.serial(`'hairpin explain ${words.join(' ')}' is refused in one sentence`, async (t) => {
    refusedWith(t, await hairpin(['explain', ...words]), sentence);
  });
}

test.serial('a wrong configuration is refused with its place', async (t) => {
  const config = configFile(t, configText('sideways'));
  refusedWith(
    t,
    await hairpin(['explain', fromLan, '--config', config]),
    /home\.json: forwards\[0\]\.hairpin/,
  );
});

function refusedWith(t: ExecutionContext, { exitCode, out, err }: Outcome, sentence: RegExp): void {
  t.is(exitCode, 2);
  t.is(out, '');
  t.regex(err, /^hairpin: [^\n]+\n$/);
  t.regex(err.slice('hairpin: '.length, -1), sentence);
}
