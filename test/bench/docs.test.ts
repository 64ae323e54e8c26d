/**
 * README and docs/bench.md show what the program prints, about measurements that were taken of a real router (Linux,
 * DNAT only) and kept in fixtures/. `make readme` writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { judge } from '../../host-tools/bench/judge/judge.ts';
import { VERDICTS, exitCodeOf } from '../../host-tools/bench/judge/verdicts.ts';
import type { Measurements } from '../../host-tools/bench/measurements.ts';
import { buildReport } from '../../host-tools/bench/report/report.ts';
import { STORIES, type Cast } from '../../host-tools/bench/report/story.ts';
import { reportText } from '../../host-tools/bench/report/text.ts';

const fixture = new URL('./fixtures/dnat-only.json', import.meta.url);

function report(): string {
  const measurements = JSON.parse(readFileSync(fixture, 'utf8')) as Measurements;
  const judgement = judge(measurements);
  return reportText(buildReport({ measurements, judgement, asRoot: null }), judgement, measurements);
}

/** Headline of every verdict, for a reader who has not run it yet. */
function verdictTable(): string {
  const cast: Cast = {
    there: 'P:25',
    publicAddress: 'P',
    server: 'S',
    serverAddress: 'S',
    client: 'C',
    seenAs: 'R',
    protocols: 'TCP works, UDP fails',
    routerRefuses: true,
    pause: 5,
  };
  const rows = VERDICTS.map(
    (verdict) => `| \`${verdict}\` | ${STORIES[verdict].headline(cast)} | ${exitCodeOf(verdict)} |`,
  );
  return ['| verdict | what the report says first | exit code |', '| --- | --- | --- |', ...rows].join('\n');
}

const text = (content: string) => `\`\`\`text\n${content}\n\`\`\``;
/** Ends before what to do: the rest is for whoever has the fault. */
const beginning = (whole: string) => whole.slice(0, whole.indexOf('\n\nWhat to do'));
/** A table as prettier leaves it differs in spaces and dashes only. */
const bare = (content: string) => content.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

const BLOCKS: [file: string, name: string, content: () => string][] = [
  ['README.md', 'bench report', () => text(beginning(report()))],
  ['docs/bench.md', 'bench report', () => text(report())],
  ['docs/bench.md', 'verdicts', verdictTable],
];

for (const [file, name, content] of BLOCKS) {
  test.serial(`${file}: what stands under '${name}' is what the program prints`, (t) => {
    const block = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n\\n)[^]*?(\\n\\n<!-- end of ${name} -->)`);
    const page = readFileSync(file, 'utf8');
    t.regex(page, block);
    const wanted = page.replace(block, (_, begin: string, end: string) => begin + content() + end);
    if (process.env.UPDATE_README) writeFileSync(file, wanted);
    else t.is(bare(page), bare(wanted));
  });
}
