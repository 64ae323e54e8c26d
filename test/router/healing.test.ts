/**
 * Every fault of faults.ts on either side of a busy household, at moments that differ in how soon the next look at the
 * chip comes: it is counted, mended within its limit, the other side is answered meanwhile, and no frame comes twice or
 * changed. docs/self-healing.md shows what was measured; `UPDATE_README=1` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import type { Side } from '../w5500/rig.ts';
import { otherSide } from '../w5500/rig.ts';
import { settled, start } from './breakable.ts';
import { faults } from './faults.ts';
import type { Fault } from './faults.ts';
import type { Household } from './household.ts';
import { household, sides } from './household.ts';

const seed = 5;
const page = 'docs/self-healing.md';
/** Microseconds between two looks at a chip; faults are made at these moments of that time. */
const look = 200_000;
const moments = [0, 0.15, 0.35, 0.55, 0.65, 0.95];
/** Microseconds in which a question on the side without the fault is answered: half a turn's time. */
const answerLimit = 10_000;
/** Time in which every fault must be over, whatever its limit says; after it the chip is well for so long. */
const watched = 1_500_000;
const calm = 12_000_000;

const homes: Record<Side, Promise<Household>> = { wan: household(seed), lan: household(seed + 1) };

interface Found {
  /** Milliseconds, see `outage` in household.ts. */
  outage: number;
  wrong: readonly string[];
  /** Counters that did not move although they should have. */
  silent: readonly string[];
  resets: number;
  slowest: number;
  well: boolean;
}

async function happen(fault: Fault, side: Side, moment: number): Promise<Found> {
  const home = await homes[side];
  const { rig } = home;
  home.rest(moment * look);
  home.live(50_000);
  const counts = () => fault.counters.map((name) => rig.counter(name));
  const before = counts();
  const resetsBefore = rig.chips[side].counters.resets;
  const since = fault.make(home, side);
  home.live(watched);
  const after = counts();
  const { chip, link } = rig.ask('status')[side] as { chip: boolean; link: boolean };
  const found = {
    outage: home.outage(since),
    wrong: [...home.wrong],
    silent: fault.counters.filter((_, i) => after[i] === before[i]),
    resets: rig.chips[side].counters.resets - resetsBefore,
    slowest: home.slowest[otherSide[side]],
    well: chip && link,
  };
  home.rest(calm);
  return found;
}

/** The longest outage of each fault, in whole hundredths of a second. */
const measured = new Map<string, number>();
const rounded = (milliseconds: number) => 10 * Math.ceil(milliseconds / 10);

for (const fault of faults) {
  test.serial(`${fault.name}: everything flows again within ${fault.limit} ms (seed ${seed})`, async (t) => {
    let longest = 0;
    for (const side of sides) {
      for (const moment of moments) {
        const found = await happen(fault, side, moment);
        const where = `on the ${side}, ${moment} of a look`;
        t.true(found.outage <= fault.limit, `${found.outage} ms ${where}`);
        t.deepEqual(found.wrong, [], where);
        t.deepEqual(found.silent, [], `counters ${where}`);
        t.is(found.resets, fault.resets, where);
        t.true(found.slowest <= answerLimit, `the other side waited ${found.slowest} us, ${where}`);
        t.true(found.well, where);
        longest = Math.max(longest, found.outage);
      }
    }
    measured.set(fault.name, rounded(longest));
  });
}

const watchdog = 'a loop that does not go on: the interval removed, a turn without end, an exception in each';
/** The watchdog's 10 s, the second before its last kick, and boot. */
const watchdogLimit = 11_500;

test.serial(`${watchdog}: the board restarts within ${watchdogLimit} ms`, async (t) => {
  const rig = await settled();
  const since = rig.clock.now();
  rig.board.hairpin('test clearInterval(loop)');
  while (rig.board.restarts.length === 0 && rig.clock.now() - since < 20_000_000) rig.run(10_000);
  const took = (rig.clock.now() - since) / 1000;
  t.deepEqual(rig.board.restarts, ['watchdog']);
  t.true(took <= watchdogLimit, `${took} ms`);
  rig.board.boot();
  t.notThrows(() => start(rig), 'and traffic flows');
  measured.set(watchdog, rounded(took));
});

/** A table as prettier leaves it differs in spaces and dashes only. */
const bare = (content: string) => content.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

function table(): string {
  const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const counters = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ') || '-';
  return [
    row('fault', 'noticed by', 'mended by', 'counters', 'limit, ms', 'measured, ms'),
    '| --- | --- | --- | --- | ---: | ---: |',
    ...faults.map((fault) =>
      row(
        fault.name,
        fault.noticed,
        fault.steps,
        counters(fault.counters),
        `${fault.limit}: ${fault.why}`,
        measured.get(fault.name) ?? 'not measured',
      ),
    ),
    row(
      watchdog,
      'the watchdog, which only a whole turn kicks',
      'restart of the board',
      '-',
      `${watchdogLimit}: 10 s of patience and a second between kicks`,
      measured.get(watchdog) ?? 'not measured',
    ),
  ].join('\n');
}

test.serial(`${page} shows what was measured`, (t) => {
  const block = /(<!-- faults: [^\n]*-->\n\n)[^]*?(\n\n<!-- end of faults -->)/;
  const text = readFileSync(page, 'utf8');
  t.regex(text, block);
  const wanted = text.replace(block, (_, begin: string, end: string) => begin + table() + end);
  if (process.env.UPDATE_README) writeFileSync(page, wanted);
  else t.is(bare(text), bare(wanted));
});
