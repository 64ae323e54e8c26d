/* `hairpin explain` as a command: exit codes, the one object of --json, and refusals in the right order. */
import { readFileSync } from 'node:fs';
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
  refusedWith(t, outcome, /^'\/' cannot be written: EISDIR\.$/);
});

const refusals: [words: string[], sentence: RegExp][] = [
  [[], /^Missing required argument 'packet'\. See hairpin --help\.$/],
  [['tcp', '192.168.0.3:33333'], /^One packet at a time, and in quotes: .*the shell takes > for a file/],
  [
    ['tcp 1.2.3.4 > 5.6.7.8:9'],
    /^Packet "tcp 1\.2\.3\.4 > 5\.6\.7\.8:9", column 5: the source "1\.2\.3\.4" has no port/,
  ],
  [[fromLan, '--on', 'dmz'], /^--on dmz means nothing; it can be --on wan or --on lan\.$/],
  [[fromLan], /^There is no configuration file '\.\/hairpin\.json'; name one with --config FILE\.$/],
  [[fromLan, '--config', '/'], /^The configuration file '\/' cannot be read: EISDIR\.$/],
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
