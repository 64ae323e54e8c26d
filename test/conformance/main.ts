/**
 * `make conformance`: runs the suite, writes docs/conformance.md with what came of it, and exits 1 if a row in scope
 * has no test or did not pass.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { declaredTests } from './declared.ts';
import { pageFile, pageOf, resultOf, type Results } from './page.ts';
import { rowIds, scopeOf } from './rows.ts';

/** Lines of the TAP protocol for tests: `ok 3 - arp › the gateway is pinned`. */
const tapLine = /^(not )?ok \d+ - (?:\S+ › )?(.*)$/gm;

const declared = declaredTests();
const files = [...new Set(declared.map(({ file }) => file))];
const run = spawnSync(process.execPath, ['node_modules/ava/entrypoints/cli.mjs', '--tap', ...files], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 2 ** 28,
});
const results: Results = new Map();
for (const [, not, title] of (run.stdout ?? '').matchAll(tapLine))
  results.set(title, not ? 'fails' : 'passes');
writeFileSync(pageFile, await pageOf(declared, results));

const inScope = rowIds.filter((id) => scopeOf(id) === 'tested');
const lacking = inScope.flatMap((id) => {
  const own = declared.filter(({ ids }) => ids.includes(id));
  const result = resultOf(id, own, results);
  return result === 'passes' ? [] : [`${id}: ${result} ${own.map(({ title }) => `'${title}'`).join(', ')}`];
});
for (const sentence of lacking) console.log(sentence);
console.log(
  `${inScope.length - lacking.length} of ${inScope.length} rows in scope pass; ${pageFile} is written.`,
);
if (lacking.length > 0 || run.status !== 0) process.exitCode = 1;
