/*
 * `hairpin completion`: the script is given to a real bash, which is then asked as if Tab had been pressed. Of zsh and
 * fish, where they are installed, that they can read theirs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { Command } from 'commander';
import { commandLine } from '../../host-tools/cli/main.ts';
import { bashScript } from '../../host-tools/cli/completion/bash.ts';
import { placesOf } from '../../host-tools/cli/completion/places.ts';
import { hairpin } from './command.ts';

const places = placesOf(commandLine(() => {}));
const folder = mkdtempSync(join(tmpdir(), 'hairpin-completion-'));
writeFileSync(join(folder, 'home.json'), '{}');
writeFileSync(join(folder, 'my house.json'), '{}');
test.after.always(() => rmSync(folder, { recursive: true }));

const shellTest = (shell: string) => {
  if (spawnSync(shell, ['--version']).status === 0) return test.serial;
  console.log(`SKIPPED: there is no ${shell} here, so its completion was not tried.`);
  return test.serial.skip;
};

/** What bash offers after these words, of which the last is the one the cursor is at; in the order it lists them. */
function offered(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const asked = `COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1}; _hairpin; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['--norc', '-c', `${bashScript(places)}${asked}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).sort();
}

const bashTest = shellTest('bash');

const cases: [words: string[], offered: string[]][] = [
  [['hairpin', 'be'], ['bench']],
  [
    ['hairpin', 'bench', ''],
    ['probe', 'respond'],
  ],
  [['hairpin', 'bench', 'probe', '--pro'], ['--proto']],
  [
    ['hairpin', 'bench', 'probe', '--proto', ''],
    ['both', 'tcp', 'udp'],
  ],
  [['hairpin', 'bench', 'probe', '--proto', '=', 'u'], ['udp']],
  [['hairpin', 'bench', 'probe', '--hold', ''], []],
  [
    ['hairpin', 'run', '--config', ''],
    ['home.json', 'my house.json'],
  ],
  [
    ['hairpin', 'run', '--config', '='],
    ['home.json', 'my house.json'],
  ],
  [['hairpin', 'explain', 'ho'], ['home.json']],
  [
    ['hairpin', 'explain', '--on', ''],
    ['lan', 'wan'],
  ],
  [
    ['hairpin', 'completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['hairpin', 'lab', '--json', '--s'], ['--shell']],
  [['hairpin', 'nothing', 'pro'], []],
];
for (const [words, answer] of cases) {
  bashTest(`bash, ${words.join(' ')}|: ${answer.join(' ') || 'nothing'}`, (t) => {
    t.deepEqual(offered(...words), answer);
  });
}

bashTest('bash offers every command and every option, where they belong', (t) => {
  for (const { path, commands, options } of places) {
    const words = path.split(' ');
    if (commands.length > 0) t.deepEqual(offered(...words, ''), commands.map(({ name }) => name).sort());
    t.deepEqual(offered(...words, '--'), options.map(({ name }) => name).sort(), path);
  }
});

for (const shell of ['bash', 'zsh', 'fish']) {
  shellTest(shell)(`${shell} can read its script`, async (t) => {
    const { exitCode, out, err } = await hairpin(`completion ${shell}`);
    t.is(exitCode, 0);
    t.is(err, '');
    const file = join(folder, shell);
    writeFileSync(file, out);
    t.like(spawnSync(shell, ['-n', file], { encoding: 'utf8' }), { status: 0, stderr: '' });
  });
}

test.serial('what is offered for a value follows from its name in the help', (t) => {
  const program = new Command('x')
    .option('-p, --port <path>', 'the serial port')
    .option('--espruino <path>', 'a folder or a zip')
    .option('--seconds <n>', 'how long')
    .helpOption(false);
  const offers = placesOf(program)[0].options.map(({ name, value }) => [name, value?.kind]);
  t.deepEqual(offers, [
    ['--port', 'ports'],
    ['--espruino', 'files'],
    ['--seconds', 'nothing'],
  ]);
});

test.serial('a shell that is not known is refused', async (t) => {
  const { exitCode, err } = await hairpin('completion ksh');
  t.is(exitCode, 2);
  t.regex(err, /'ksh' is invalid .* bash, zsh, fish\./);
});
