/**
 * The table of what fails held against the real interpreter: everything that the build lowers answers there as under
 * Node. That the probes of differences answer otherwise is for test/espruino/mutations.test.ts to show. Skipped with the
 * reason where there is no interpreter.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'ava';
import { findInterpreters } from '../espruino/interpreters.ts';
import { builtSamples, loweredAnswers } from './lowered.ts';

const { found, reason } = findInterpreters();

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

/** Runs a script and returns what it prints as `VALUE ...`, one a line. */
function valuesOf(interpreter: string, script: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-dialect-'));
  try {
    const file = join(folder, 'script.js');
    writeFileSync(file, script);
    const output = execFileSync(interpreter, [file], { encoding: 'latin1', timeout: 20_000 });
    return [...output.matchAll(/^VALUE (.*)$/gm)].map(([, value]) => value!.trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [index, interpreter] of found.entries()) {
  const name = `${basename(interpreter)} ${index + 1}`;

  test(`${name} agrees on what the build lowers`, async (t) => {
    const questions = loweredAnswers.map((_, at) => `print("VALUE "+hairpin("${at}"))`);
    const values = valuesOf(interpreter, [await builtSamples(t), ...questions].join('\n'));
    t.deepEqual(
      values.map((text) => JSON.parse(text) as unknown),
      loweredAnswers.map(({ value }) => [value]),
    );
  });
}
