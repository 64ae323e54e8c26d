// The list of built-in names that the emulated board leaves to the firmware, held against the real interpreter: a
// name that is there under Node must be there on the board.
import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import test from 'ava';
import { keptNames } from '../../host-tools/emulator/realm.ts';
import { findInterpreters } from './interpreters.ts';

/** How each holder is reached in the interpreter, where names of prototypes are found through a value only. */
const VALUES: Record<string, string> = {
  global: 'global',
  'Object.prototype': '({})',
  'Array.prototype': '[1]',
  'ArrayBuffer.prototype': 'new Uint8Array(30).buffer',
  'DataView.prototype': 'new DataView(new Uint8Array(30).buffer)',
  'String.prototype': '"abc"',
  'Number.prototype': '(5)',
  'Promise.prototype': 'Promise.resolve(1)',
  'TypedArray.prototype': 'new Uint8Array(3)',
};

/** Kept for the language's own sake although the interpreter does not show them. */
const INVISIBLE = new Set(['global undefined', 'Object.prototype constructor']);

const { found, reason } = findInterpreters();

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const interpreter of found) {
  test(`${basename(interpreter)} ${found.indexOf(interpreter) + 1}: has every built-in name that the emulated board has`, (t) => {
    const names = keptNames().filter(([path, name]) => !INVISIBLE.has(`${path} ${name}`));
    const script = names
      .map(
        ([path, name]) =>
          `if (typeof (${VALUES[path] ?? path})["${name}"] === "undefined") print("LACKS ${path} ${name}");`,
      )
      .join('\n');
    const output = execFileSync(interpreter, ['-e', `${script}\nprint("ASKED")`], { encoding: 'latin1' });
    t.regex(output, /ASKED/);
    t.deepEqual(output.match(/LACKS .*/g), null);
  });
}
