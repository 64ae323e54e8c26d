/*
 * What every command owes a person, held against the whole tree of commands: help with an example, --json where it
 * prints data, and one sentence with exit code 2 for what cannot be meant.
 */
import test, { type ExecutionContext } from 'ava';
import type { Command } from 'commander';
import { commandLine } from '../../host-tools/cli/main.ts';
import { hairpin } from './command.ts';

/** Commands that print no data, and what they print instead. */
const withoutJson: Record<string, string> = {
  run: 'routes until it is stopped, with a line of status for people',
  'bench respond': 'answers until it is stopped, and says so',
  monitor: 'shows what a board says, as it comes',
  completion: 'prints a script',
};

/** No command of these tests may find a board that happens to be there. */
const noBoard = { HAIRPIN_PORT: '/dev/there-is-no-board' };

interface Node {
  path: string;
  command: Command;
}

function tree(command: Command, path: readonly string[] = []): Node[] {
  const here = path.length > 0 ? [{ path: path.join(' '), command }] : [];
  return [...here, ...command.commands.flatMap((one) => tree(one, [...path, one.name()]))];
}

const nodes = tree(commandLine(() => {}));
const leaves = nodes.filter(({ command }) => command.commands.length === 0);

test('the tree of commands is seen', (t) => {
  t.true(leaves.length > 4);
  t.true(nodes.some(({ path }) => path === 'bench probe'));
});

for (const { path, command } of nodes) {
  test.serial(`${path}: a description, and help with an example of it`, async (t) => {
    t.not(command.description(), '');
    const { exitCode, out, err } = await hairpin(`${path} --help`);
    t.is(exitCode, 0);
    t.is(err, '');
    t.true(out.startsWith(`Usage: hairpin ${path} `), out);
    t.regex(out, new RegExp(`Examples?:\\n([^]*\\n)? +.*hairpin ${path}\\b`));
    for (const option of command.options) t.not(option.description, '', option.flags);
    for (const argument of command.registeredArguments) t.not(argument.description, '', argument.name());
  });

  test.serial(`${path}: an option that does not exist is refused in a sentence`, async (t) => {
    refused(t, await hairpin(`${path} --no-such-option`, noBoard), path);
  });

  test.serial(`${path}: words that cannot be meant are refused in a sentence`, async (t) => {
    const words = 'one two three four five six seven eight nine';
    refused(t, await hairpin(`${path} ${words}`, noBoard), path);
  });
}

for (const { path, command } of leaves) {
  const json = command.options.find(({ long }) => long === '--json');
  const reason = withoutJson[path];
  test(`${path}: ${reason === undefined ? '--json' : `no --json, it ${reason}`}`, (t) => {
    t.is(json !== undefined, reason === undefined);
  });
}

test('no exception is made for a command that does not exist', (t) => {
  const paths = leaves.map(({ path }) => path);
  t.deepEqual(
    Object.keys(withoutJson).filter((path) => !paths.includes(path)),
    [],
  );
});

/** Exit code 2, one sentence on the error stream that ends as a sentence does, and nothing else. */
function refused(t: ExecutionContext, outcome: Awaited<ReturnType<typeof hairpin>>, path: string): void {
  t.is(outcome.exitCode, 2, path);
  t.is(outcome.out, '');
  t.regex(outcome.err, /^hairpin: [A-Z'\-/0-9][^\n]*[.!?]\n$/);
  t.notRegex(outcome.err, /HAIRPIN_DEBUG|\bat .*:\d+:\d+/);
}
