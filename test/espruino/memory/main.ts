// `make memory-espruino`: what the firmware takes of a board's memory, as a table, into docs/memory.md. Needs an
// interpreter with the board's variables of 14 bytes among those in ESPRUINO. Exit code 1 when it is over the budget.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { boardBlock, findInterpreters } from '../interpreters.ts';
import type { Measurement } from './measure.ts';
import { budget, measure } from './measure.ts';

/** Variables free on a stock build with Bluetooth off. */
const stockFree = 5800;
const page = 'docs/memory.md';
const begin = '<!-- memory-espruino writes from here -->';
const end = '<!-- to here -->';

const number = (value: number) => value.toLocaleString('en-US');

function table({ moments, parts, fewest }: Measurement): string {
  const rows = [...parts].sort((a, b) => b.variables - a.variables);
  const verdict = (value: number, limit: number) =>
    value > limit ? `${number(value - limit)} over ${number(limit)}` : `within ${number(limit)}`;
  return [
    '| moment | variables | |',
    '| --- | --: | --- |',
    `| all defined, arena included | ${number(moments.defined)} | |`,
    `| both files read | ${number(moments.read)} | |`,
    `| both chips up | ${number(moments.up)} | |`,
    `| in service | ${number(moments.served)} | ${verdict(moments.served, budget)} |`,
    `| fewest free variables with which it boots and serves | ${number(fewest.serving)} | ${verdict(fewest.serving, stockFree)} |`,
    `| the same, and answers every request with full tables | ${number(fewest.answering)} | ${verdict(fewest.answering, stockFree)} |`,
    '',
    '| part, in service | how many | variables | bytes |',
    '| --- | --: | --: | --: |',
    ...rows.map(
      ({ what, count, variables }) =>
        `| ${what} | ${count} | ${number(variables)} | ${number(variables * boardBlock)} |`,
    ),
    '',
  ].join('\n');
}

async function main(): Promise<number> {
  const {
    small: [binary],
    smallReason,
  } = findInterpreters();
  if (!binary) {
    console.log(`*** SKIPPED: memory-espruino. Nothing was measured: ${smallReason}.`);
    console.log(`*** ${page} says how to build an interpreter with the board's.`);
    return 0;
  }
  const [code, map] = [
    readFileSync('dist/firmware.js', 'latin1'),
    readFileSync('dist/firmware.js.map', 'utf8'),
  ];
  const measurement = measure(binary, { code, map });
  const text = table(measurement);
  console.log(text);
  const old = readFileSync(page, 'utf8');
  const [from, to] = [old.indexOf(begin), old.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has lost the marks between which the table goes.`);
  const written = `${old.slice(0, from)}${begin}\n\n${text}\n${old.slice(to)}`;
  writeFileSync(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
  return measurement.moments.served > budget ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
