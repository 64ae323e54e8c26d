/* README, docs and boards name files and pages that exist: readers follow them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';

const pages = [
  'README.md',
  ...['docs', 'docs/decisions', 'boards'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
  ...readdirSync('boards', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join('boards', name, 'README.md')),
];
/** "`firmware/router/drain.ts`", from the root of the project; names with a pattern in them are not one file. */
const NAMED = /`((?:firmware|host-tools|test|docs)\/[\w./-]+)`/g;
/** "](docs/bench.md#part)", from the folder of the page. */
const LINKED = /\]\((?!https?:|#)([^)#\s]+)/g;

function missingIn(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const named = [...text.matchAll(NAMED)].map(([, path]) => path);
  const linked = [...text.matchAll(LINKED)].map(([, path]) => join(dirname(page), path));
  return [...named, ...linked].filter((path) => !existsSync(path));
}

test('what README and the pages of docs name and link to is there', (t) => {
  t.true(pages.length > 10);
  for (const page of pages) t.deepEqual(missingIn(page), [], page);
});
