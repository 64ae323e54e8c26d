/*
 * Every event of the router's log has a sentence for people, none is left over, and docs/events.md has the table of them.
 * `make readme` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import {
  causeNames,
  countedEvents,
  distinctEvents,
  firstDistinct,
  severityNames,
} from '../../firmware/layout/events.ts';
import { eventSentence, eventTemplate, explainedEvents } from '../../host-tools/explain/events.ts';

const page = 'docs/events.md';
const rows = [
  ...countedEvents.map((row, i) => ({ code: i + 1, words: row.split(' ') })),
  ...distinctEvents.map((row, i) => ({ code: firstDistinct + i, words: row.split(' ') })),
].map(({ code, words: [name, severity, kind] }) => ({ code, name, severity: Number(severity), kind }));

test('there is a sentence for every event of the firmware, and for nothing else', (t) => {
  t.deepEqual(explainedEvents().sort(), rows.map(({ name }) => name).sort());
});

test('every sentence is one: a capital, an end, plain ASCII, and a place for the value if there is one', (t) => {
  for (const { name, kind } of rows) {
    t.regex(eventSentence(name, 5), /^[A-Z0-9][ -~]*[.?]$/, name);
    t.is(eventTemplate(name).split('{}').length - 1, kind === 'none' ? 0 : 1, name);
  }
});

test('values are said as people know them', (t) => {
  t.is(eventSentence('link-came-up', 'lan'), 'The LAN side has a link.');
  t.is(eventSentence('chip-mended', 3).match(/\(3 times\)/)?.length, 1);
  for (const cause of causeNames) t.notRegex(eventSentence('started', cause), new RegExp(`: ${cause}\\.`));
});

test('an event of a newer firmware is said as it is', (t) => {
  t.regex(eventSentence('event-of-tomorrow', '1.2.3.4'), /"event-of-tomorrow": 1\.2\.3\.4/);
  t.regex(eventSentence('event-of-tomorrow', null), /"event-of-tomorrow"; /);
});

/** What the values of a kind are, for the page. */
const kinds: Record<string, string> = {
  none: '',
  address: 'an address',
  host: 'an address of the LAN',
  side: '`wan` or `lan`',
  count: 'how often',
  seconds: 'seconds',
  cause: causeNames.map((name) => `\`${name}\``).join(', '),
};

test('docs/events.md has the table of events', (t) => {
  const written = readFileSync(page, 'utf8');
  const head = ['no.', 'event', 'severity', 'value', 'what it means'];
  const lines = [head, head.map(() => '---')].concat(
    rows.map(({ code, name, severity, kind }) => [
      String(code),
      `\`${name}\``,
      `${severityNames[severity]} (${severity})`,
      kinds[kind],
      eventTemplate(name).replace('{}', '_value_'),
    ]),
  );
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const block = /(<!-- events:[^\n]*-->\n)[^]*?(<!-- end of events -->)/;
  t.regex(written, block);
  if (process.env.UPDATE_README)
    writeFileSync(
      page,
      written.replace(block, (_, begin, end) => `${begin}\n${table}\n\n${end}`),
    );
  else
    t.deepEqual(
      bare(block.exec(written)![0]),
      bare(`<!-- events: written by make readme -->${table}<!-- end of events -->`),
    );
});

/** Without the blanks and dashes by which tables are lined up. */
function bare(text: string): string {
  return text.replace(/\s+/g, '').replace(/-{3,}/g, '---');
}

test('what happened a single time happened once', (t) => {
  t.regex(eventSentence('chip-was-silent', 1), /^An Ethernet chip did not answer as one \(once\): /);
  t.regex(eventSentence('chip-was-silent', 2), /^An Ethernet chip did not answer as one \(2 times\): /);
});
