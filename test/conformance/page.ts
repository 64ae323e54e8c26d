/**
 * docs/conformance.md: every row, the tests that prove it, and what came of them. The page is made from the rows, the
 * declared tests and the results of a run.
 */
import { format } from 'prettier';
import { basename } from 'node:path';
import type { Cells } from './cells.ts';
import type { Declared } from './declared.ts';
import { rowIds, scopeOf, sections } from './rows.ts';

export const pageFile = 'docs/conformance.md';

/** What a run said about a test. */
export type Result = 'passes' | 'fails' | 'not run';

/** Results of tests by title. */
export type Results = Map<string, Result>;

const beginning = `# Conformance

Every row of the checklist that this router follows: RFC 4787, 5382, 5508 and 7857 for the translator, RFC 1812 and its
neighbours for the router, and what we ask of hairpin, of a full table and of fragments. Written by \`make conformance\`,
which runs the tests (\`test/conformance/\`) and takes the results from that run.

Level: M must, S should, m may. Decision: DO; DIFF, differently, for want of memory or time; POL, a choice of policy;
OPT, perhaps later; NA, does not apply. A row in scope that no test proves is an error; of the others nothing is claimed. A mark (+) stands at rows whose source was not certain: the
notes below the table say what was decided and why.
`;

/** The page, as prettier leaves it. */
export async function pageOf(tests: Declared[], results: Results): Promise<string> {
  const parts = sections.map(({ title, rows }, index) => {
    const lines = rows.map((row) => line(row, tests, results));
    const notes = rows.filter(({ why }) => why).map(({ id, why }) => `(+) **${id}**: ${why}`);
    return [`## ${index + 1}. ${title}`, [...head, ...lines].join('\n'), ...notes].join('\n\n');
  });
  return format([beginning + count(tests, results), ...parts].join('\n\n'), { parser: 'markdown' });
}

const head = ['| row | demand | level | decision | test | result |', '| --- | --- | --- | --- | --- | --- |'];

function line(row: Cells, tests: Declared[], results: Results): string {
  const own = tests.filter(({ ids }) => ids.includes(row.id));
  const cells = [
    row.id + (row.dagger ? ' (+)' : ''),
    row.demand,
    row.level,
    row.note ? `${row.decision}: ${row.note}` : row.decision,
    own.map(({ title, file }) => `${title} (${basename(file, '.test.ts')})`).join('; ') || '-',
    resultOf(row.id, own, results),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** A row passes when each of its tests did. */
export function resultOf(id: string, own: Declared[], results: Results): string {
  if (own.length === 0) return { tested: 'no test', 'not meant': '-' }[scopeOf(id)];
  const seen = own.map(({ title }) => results.get(title) ?? 'not run');
  return seen.find((result) => result === 'fails') ?? seen.find((result) => result === 'not run') ?? 'passes';
}

/** The page without what a run says: its last column and the count. */
export function withoutResults(page: string): string {
  return page
    .replace(/\d+ pass, /, '')
    .replace(/\|[^|]*\|$/gm, '|')
    .replace(/ +/g, ' ')
    .replace(/-{3,}/g, '---');
}

function count(tests: Declared[], results: Results): string {
  const inScope = rowIds.filter((id) => scopeOf(id) === 'tested');
  const passing = inScope.filter((id) => {
    const own = tests.filter(({ ids }) => ids.includes(id));
    return resultOf(id, own, results) === 'passes';
  });
  return `\n${inScope.length} of ${rowIds.length} rows are in scope; ${passing.length} pass, by ${tests.length} tests.`;
}
