/* Everything a person can get wrong: one sentence on the error stream, nothing else, and exit code 2. */
import test, { type ExecutionContext } from 'ava';
import { UserError } from '../../host-tools/cli/user-error.ts';
import { explain } from '../../host-tools/cli/main.ts';
import { Interrupted } from '../../host-tools/cli/interruption.ts';
import { runLab } from '../../host-tools/lab/main.ts';
import { hairpin, hold, temporaryFile, type Outcome } from './command.ts';

const cases: [line: string, sentence: RegExp][] = [
  ['', /^Which command\? See hairpin --help\.$/],
  ['frobnicate', /^There is no command 'frobnicate'; see hairpin --help\.$/],
  ['--frobnicate', /^Unknown option '--frobnicate'\. See hairpin --help\.$/],
  ['lab --frobnicate', /^Unknown option '--frobnicate'\. See hairpin lab --help\.$/],
  ['lab now', /^Too many arguments for 'lab'\./],
  ['run', /^Required option '--wan <interface>' not specified\./],
  ['run --wan eth1', /^Required option '--lan <interface>' not specified\./],
  ['run --wan', /^Option '--wan <interface>' argument missing\./],
  ['run --wan eth1 --lan eth1', /both name 'eth1'/],
  [
    'run --wan eth1 --lan eth2',
    /^There is no configuration file '\.\/hairpin\.json'; name one with --config FILE\.$/,
  ],
  ['run --wan eth1 --lan eth2 --config away.json', /^There is no configuration file 'away\.json'/],
  ['bench', /^Which part of bench, respond or probe\? See hairpin bench --help\.$/],
  ['bench frobnicate', /^'hairpin bench' has no part 'frobnicate'; it is respond or probe\.$/],
  ['bench respond', /^Required option '--port <port>' not specified\./],
  ['bench respond --port smtp', /^--port wants a port from 1 to 65535, but got 'smtp'\.$/],
  ['bench respond --port 8025 now', /^Too many arguments for 'respond'\./],
  [
    'bench probe',
    /^Required option '--public <address:port>' not specified\. See hairpin bench probe --help\.$/,
  ],
  ['bench probe --public 12.0.0.1', /^--public wants ADDRESS:PORT, .* but got '12\.0\.0\.1'\.$/],
  ['bench probe --public 12.0.0.1:25 --server 192.168.0.2', /^--server wants ADDRESS:PORT/],
  ['bench probe --public 12.0.0.1:25 --outside nobody', /^--outside wants ADDRESS:PORT/],
  ['bench probe --public 12.0.0.1:25 --proto sctp', /^--proto wants tcp, udp or both, but got 'sctp'\.$/],
  ['bench probe --public 12.0.0.1:25 --hold 0', /^--hold wants seconds from 1 to 280, but got '0'\.$/],
  ['bench probe --public 12.0.0.1:25 --hold 281', /^--hold wants seconds/],
  [
    'bench probe --public 12.0.0.1:25 --html nowhere/report.html',
    /^The report cannot be written to 'nowhere\/report\.html': there is no such folder\.$/,
  ],
  [
    'bench probe --public 12.0.0.1:25 --html /',
    /^The report cannot be written to '\/': it is a folder; name a file\.$/,
  ],
  ['bench probe --public 127.0.0.1:25', /^127\.0\.0\.1 is an address of this host itself/],
  [
    'bench probe --public 12.0.0.1:25 --server 12.0.0.1:25',
    /^--public and --server both name 12\.0\.0\.1; --server wants the server's own address/,
  ],
];
for (const [line, sentence] of cases) {
  test.serial(`'hairpin ${line}' is refused in one sentence`, async (t) => {
    refusedWith(t, await hairpin(line), sentence);
  });
}

const goodConfig = JSON.stringify({
  wan: { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' },
  lan: { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' },
});
const configs: [text: string, sentence: RegExp][] = [
  ['{ "wan": ', /home\.json/],
  ['{ "wna": {} }', /home\.json.*wna/],
  [goodConfig.replace('12.0.0.1/24', '12.0.0.1'), /home\.json.*wan\.address/],
];
for (const [text, sentence] of configs) {
  test.serial(
    `'hairpin run' with the configuration ${text} is refused in one sentence that names the file`,
    async (t) => {
      const file = temporaryFile('home.json', text);
      t.teardown(file.remove);
      refusedWith(t, await hairpin(`run --wan eth1 --lan eth2 --config ${file.path}`), sentence);
    },
  );
}

test.serial('with good arguments and a good configuration it is the system that refuses', async (t) => {
  const file = temporaryFile('home.json', goodConfig);
  t.teardown(file.remove);
  const outcome = await hairpin(`run --wan nosuch0 --lan nosuch1 --config ${file.path}`);
  refusedWith(t, outcome, /./);
  t.notRegex(outcome.err, /configuration file|both name/);
});

test.serial('arguments are checked before the configuration', async (t) => {
  refusedWith(t, await hairpin('run --wan eth1 --lan eth1 --config away.json'), /both name/);
});

test.serial('LAB can only be what it can be', async (t) => {
  const sentence = /^LAB=maybe means nothing; it can be LAB=kernel or LAB=scripted\.$/;
  refusedWith(t, await hairpin('lab', { LAB: 'maybe' }), sentence);
});

test.serial('a shell needs real hosts', async (t) => {
  refusedWith(
    t,
    await hairpin('lab --shell', { LAB: 'scripted' }),
    /^--shell needs real hosts, and there are none: /,
  );
});

test('a lab whose captures cannot be kept is not begun', async (t) => {
  const file = temporaryFile('out', 'a file where a directory has to be');
  t.teardown(file.remove);
  const directory = `${file.path}/lab`;
  await t.throwsAsync(runLab({ shell: false, json: false, directory }), {
    instanceOf: UserError,
    message: `The directory ${directory} for the captures cannot be made here: ENOTDIR.`,
  });
});

function refusedWith(t: ExecutionContext, { exitCode, out, err }: Outcome, sentence: RegExp): void {
  t.is(exitCode, 2);
  t.is(out, '');
  t.regex(err, /^hairpin: [^\n]+\n$/);
  t.regex(err.slice('hairpin: '.length, -1), sentence);
  t.notRegex(err, / at .*:\d+/);
}

/** What `explain` says about an error, and the exit code. */
function explained(error: unknown): { exitCode: number; err: string } {
  let err = '';
  const letGo = hold(process.stderr, (text) => (err += text));
  try {
    return { exitCode: explain(error), err };
  } finally {
    letGo();
  }
}

test.serial('an error with a sentence of its own is printed as it is, with its own exit code', (t) => {
  t.like(explained(new UserError('Plug in the cable.', 3)), { exitCode: 3 });
  t.is(explained(new UserError('Plug in the cable.')).err, 'hairpin: Plug in the cable.\n');
});

test.serial('an unexpected error is one sentence and the way to its trace', (t) => {
  const { exitCode, err } = explained(new TypeError("cannot read 'x'\nsecond line"));
  t.is(exitCode, 2);
  t.is(err, "hairpin: Cannot read 'x'. (HAIRPIN_DEBUG=1 shows where.)\n");
});

test.serial('HAIRPIN_DEBUG=1 shows the trace of an unexpected error, and only of that', (t) => {
  process.env.HAIRPIN_DEBUG = '1';
  t.teardown(() => delete process.env.HAIRPIN_DEBUG);
  t.regex(explained(new TypeError('odd')).err, /TypeError: odd\n +at /);
  t.is(explained(new UserError('Plug in the cable.')).err, 'hairpin: Plug in the cable.\n');
});

test.serial('Ctrl-C is 130 and one sentence', (t) => {
  t.deepEqual(explained(new Interrupted()), {
    exitCode: 130,
    err: 'hairpin: Interrupted; nothing is left behind.\n',
  });
});
