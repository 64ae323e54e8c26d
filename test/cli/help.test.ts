/* What the command says about itself, and that it needs nothing of the system to say it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { hairpin } from './command.ts';

const command = fileURLToPath(new URL('../../host-tools/cli/hairpin.mjs', import.meta.url));
const { version, bin } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
  bin: { hairpin: string };
};

test.serial('--version prints the version of the package and nothing else', async (t) => {
  t.deepEqual(await hairpin('--version'), { exitCode: 0, out: `${version}\n`, err: '' });
});

test.serial('--help names every command with an example and the exit codes', async (t) => {
  const { exitCode, out, err } = await hairpin('--help');
  t.is(exitCode, 0);
  t.is(err, '');
  for (const name of ['lab', 'run', 'bench', 'explain'])
    t.regex(out, new RegExp(`^ +(sudo )?hairpin ${name}`, 'm'));
  t.regex(out, /130 interrupted/);
});

test('the installed command runs from any directory', (t) => {
  t.regex(command, new RegExp(`${bin.hairpin}$`));
  t.is(
    execFileSync(process.execPath, [command, '--version'], { cwd: '/', encoding: 'utf8' }),
    `${version}\n`,
  );
});

test('the installed command passes the exit code on', (t) => {
  const { status, stderr } = spawnSync(process.execPath, [command, 'nothing'], { encoding: 'utf8' });
  t.is(status, 2);
  t.is(stderr, "hairpin: There is no command 'nothing'; see hairpin --help.\n");
});
