/* `make lab-deps` installs every program that judges the router, from the package the tests name when one is missing. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { PACKAGES } from '../lab-judges/programs.ts';

test('the list of make lab-deps holds the pairs of test/lab-judges/programs.ts', (t) => {
  const recipe = /^lab-deps:(?:.*\\\n|.*\n\t)+.*$/m.exec(readFileSync('Makefile', 'utf8'))![0];
  const pairs = [...recipe.matchAll(/\b([\w-]+):([\w-]+)\b/g)].map(([pair]) => pair);
  for (const [program, package_] of Object.entries(PACKAGES))
    t.true(pairs.includes(`${program}:${package_}`), program);
});
