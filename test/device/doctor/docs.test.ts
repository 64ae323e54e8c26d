/** docs/doctor.md shows what the program prints, and its tables of signatures. `make readme` writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { troubles } from '../../../host-tools/device/repl/boot-text.ts';
import { Examiner } from '../../../host-tools/device/doctor/examine.ts';
import type { WireOfChip } from '../../../host-tools/device/doctor/facts.ts';
import { reportText } from '../../../host-tools/device/doctor/report.ts';
import { type Names, signatures } from '../../../host-tools/device/doctor/signatures.ts';
import { wireNames } from '../../../host-tools/device/doctor/words.ts';
import { softBoard, usualFiles } from './soft-board.ts';

const page = 'docs/doctor.md';

async function run(): Promise<string> {
  const board = softBoard({ files: usualFiles });
  board.world.board.breakWire('wan.miso', 'open');
  const examiner = new Examiner(
    { port: undefined, probe: false, board: undefined },
    {
      open: async () => ({ ...board.line, path: '/dev/ttyUSB0' }),
      time: board.time,
      probeCode: async () => readFileSync('dist/probe.js', 'utf8'),
      say: () => {},
    },
  );
  await examiner.run();
  await examiner.tidy();
  board.stop();
  return `\`\`\`text\n$ hairpin doctor\n${reportText(examiner.result)}\n\`\`\``;
}

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** As the page calls things: no module and no pin in particular. */
const names: Names = {
  who: 'the module',
  verb: (singular) => singular,
  pin: Object.fromEntries(
    Object.entries(wireNames).map(([wire, name]) => [wire, `the ${name} pin`]),
  ) as Record<WireOfChip, string>,
  reading: '',
  exchanged: 'two of its wires',
};

function signatureTable(): string {
  const rows = signatures.map((each) => [
    `\`${each.id}\``,
    each.shows,
    capital(each.cause(names)),
    each.remedy(names),
  ]);
  return table(['id', 'what is seen', 'cause', 'what to do'], rows);
}

function bootTable(): string {
  return table(
    ['id', 'what is said', 'cause', 'what to do'],
    troubles.map(({ id, sentence, cause, remedy }) => [`\`${id}\``, sentence, cause, remedy]),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const blocks: [name: string, content: () => string | Promise<string>][] = [
  ['doctor run', run],
  ['doctor signatures', signatureTable],
  ['doctor boot', bootTable],
];
/** A table as prettier leaves it differs in spaces and dashes only. */
const bare = (content: string) => content.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

for (const [name, content] of blocks) {
  test.serial(`${page}: what stands under '${name}' is what the program prints`, async (t) => {
    const block = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n\\n)[^]*?(\\n\\n<!-- end of ${name} -->)`);
    const text = readFileSync(page, 'utf8');
    t.regex(text, block);
    const made = await content();
    const wanted = text.replace(block, (_, begin: string) => `${begin}${made}\n\n<!-- end of ${name} -->`);
    if (process.env.UPDATE_README) writeFileSync(page, wanted);
    else t.is(bare(text), bare(wanted));
  });
}

/** Ids of findings in the doctor's sources. */
const sources = ['judge-lines', 'judge-chips', 'line-facts'].map((name) =>
  readFileSync(`host-tools/device/doctor/${name}.ts`, 'utf8'),
);

test('every id that a board without a router can have is on the page', (t) => {
  const text = readFileSync(page, 'utf8');
  const ids = sources.flatMap((source) => [...source.matchAll(/\bid: '([\w-]+)'/g)].map(([, id]) => id));
  t.true(ids.length > 8);
  for (const id of [...ids, 'interrupt-open', 'interrupt-high'])
    if (id !== 'skipped') t.true(text.includes(`\`${id}\``), id);
});
