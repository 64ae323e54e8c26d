/* The table of events: numbers, names, severities and kinds agree with each other. */
import test from 'ava';
import * as table from '../../firmware/layout/events.ts';

const kinds = ['none', 'address', 'host', 'side', 'count', 'seconds', 'cause'];
/** What else the file exports. */
const others = /^(firstDistinct|cause[A-Z].*)$/;

const numbers = Object.entries(table as unknown as Record<string, unknown>).filter(
  (entry): entry is [string, number] => typeof entry[1] === 'number' && !others.test(entry[0]),
);
const rows = [
  ...table.countedEvents.map((row, i) => ({ row, code: i + 1 })),
  ...table.distinctEvents.map((row, i) => ({ row, code: table.firstDistinct + i })),
].map(({ row, code }) => ({ row, code, words: row.split(' ') }));

test('every event has a row that is named like its number, and every row a number', (t) => {
  const named = (text: string) => text.replace(/([A-Z])/g, '-$1').toLowerCase();
  t.deepEqual(
    rows.map(({ code, words }) => [words[0], code]).sort(),
    numbers.map(([exported, code]) => [named(exported), code]).sort(),
  );
  t.is(new Set(rows.map(({ words }) => words[0])).size, rows.length);
  t.true(table.countedEvents.length < table.firstDistinct);
  t.true(table.firstDistinct + table.distinctEvents.length <= 256, 'a code is a byte');
});

test('a row is a name, a severity of syslog and a kind of value; counted events count', (t) => {
  for (const { row, code, words } of rows) {
    t.regex(row, /^[a-z]+(-[a-z]+)* [2-7] [a-z]+$/);
    t.true(kinds.includes(words[2]), row);
    t.is(words[2] === 'count', code < table.firstDistinct, row);
  }
});

test('every cause of a start has a name', (t) => {
  const causes = [table.causePower, table.causeRequest, table.causeReset];
  t.deepEqual(causes, [...table.causeNames.keys()]);
});
