/* `hairpin run` refuses in the promised order, one sentence at a time. What needs interfaces is in test/lab. */
import test from 'ava';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../host-tools/cli/user-error.ts';
import { checkRun } from '../../host-tools/run/checks.ts';

const folder = mkdtempSync(join(tmpdir(), 'hairpin-run-'));
test.after.always(() => rmSync(folder, { recursive: true }));

async function refusal(wan: string, lan: string, config: string): Promise<string> {
  try {
    await checkRun({ wan, lan, config });
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.message;
    throw error;
  }
  return 'accepted';
}

test('arguments come first, even before a missing config', async (t) => {
  t.regex(await refusal('eth0', 'eth0', '/nowhere.json'), /both name 'eth0'/);
  t.regex(await refusal('a-name-that-is-too-long', 'eth0', '/nowhere.json'), /cannot be the name/);
  t.regex(await refusal('', 'eth0', '/nowhere.json'), /cannot be the name/);
});

test('then the config: missing, or wrong with file and place', async (t) => {
  t.regex(await refusal('no-such-0', 'no-such-1', '/nowhere.json'), /no configuration file '\/nowhere.json'/);
  const file = join(folder, 'bad.json');
  writeFileSync(file, '{ "wam": {} }');
  t.true((await refusal('no-such-0', 'no-such-1', file)).startsWith(`${file}: `));
});
