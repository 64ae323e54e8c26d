/**
 * Each row of the dialect has a fixture of its name in which exactly the lines marked `// refused` are refused by
 * that row; once per mark. Every firmware source keeps the dialect.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkDialect, checkSource, dialectRules } from '../../host-tools/build/dialect.ts';
import { describeComplaint } from '../../host-tools/build/complaint.ts';
import { parseScript, parseTypeScript } from '../../host-tools/build/syntax-tree.ts';
import { sourcesBelow } from '../structure/sources.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

test('the firmware keeps the dialect', (t) => {
  const complaints = sourcesBelow('firmware').flatMap(({ file, text }) => checkSource(file, text));
  t.deepEqual(complaints.map(describeComplaint), []);
});

test('every fixture belongs to a rule', (t) => {
  const ids = dialectRules.map(({ id }) => id);
  for (const name of readdirSync(fixtures)) t.true(ids.includes(name.replace(/\.[jt]s$/, '')), name);
});

for (const rule of dialectRules) {
  test(`${rule.id}: ${rule.why}`, (t) => {
    const stage = rule.stages[0]!;
    const file = join(fixtures, `${rule.id}.${stage === 'source' ? 'ts' : 'js'}`);
    t.true(existsSync(file), `Write ${file} with lines marked // refused.`);
    const text = readFileSync(file, 'utf8');
    const marked = text.split('\n').flatMap((line, index) =>
      line
        .split('// refused')
        .slice(1)
        .map(() => index + 1),
    );
    t.true(marked.length > 0, 'The fixture marks no line.');
    const program = stage === 'source' ? parseTypeScript(text) : parseScript(text);
    const found = checkDialect(program, stage).filter((finding) => finding.rule === rule.id);
    t.deepEqual(
      found.map(({ node }) => node.loc.start.line),
      marked,
    );
  });
}
