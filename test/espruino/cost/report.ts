// What the cost of the firmware looks like in tables: rows of text from results. Pure.
import { againstBudgets } from './budgets.ts';
import type { Figures } from './measure.ts';
import {
  clocks,
  frameTime,
  megabits,
  packetsPerSecond,
  stalls,
  total,
  turnMicroseconds,
  type SpiOfFrame,
} from './throughput.ts';
import type { Variant } from './variants.ts';

/** All that was measured on one interpreter. */
export interface InterpreterResult {
  version: string;
  /** Instructions of a turn. */
  turn: number;
  /** Turns of one call of each kind of SPI stub. */
  stubs: Record<string, number>;
  figures: Record<Variant, Figures>;
}

/** SPI of a forwarded frame, counted by the chips' models. */
export interface SpiLine extends SpiOfFrame {
  length: number;
  burst: number;
}

/** The object in out/bench-espruino.json. */
export interface CostResult {
  schema: 'hairpin.bench-espruino/1';
  /** Bytes of dist/firmware.js. */
  bytes: number;
  interpreters: InterpreterResult[];
  spi: SpiLine[];
}

type Rows = string[][];

/** The frame that stands for all others. */
const way = 'TCP LAN to WAN';
/**
 * The timer's interval, and after how many turns its kinds of turn come again: see firmware/router/turn.ts. One turn in
 * a cycle both polls and checks, and counts as one of each, less a plain one.
 */
const timer = { milliseconds: 20, cycle: 15, polled: 5, checked: 3 };

const turns = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(1));

/** Every figure of the bundle as built, without the stubs, a column for each interpreter; then the stubs' share. */
export function figureRows({ interpreters }: CostResult): Rows {
  const [first] = interpreters;
  const rows = Object.keys(first.figures.built).map((name) => [
    name,
    ...interpreters.map(({ figures }) => turns(figures.built[name]?.net)),
    turns(first.figures.built[name].stubs),
  ]);
  return [['turns', ...interpreters.map(({ version }) => version), 'stubs taken off'], ...rows];
}

/** What short names and their order are worth, on one interpreter. */
export function variantRows({ figures }: InterpreterResult): Rows {
  const rows = Object.entries(figures.written).map(([name, { net }]) => [
    name,
    turns(figures.built[name].net),
    turns(net),
    turns(figures.cold[name].net),
  ]);
  return [['turns', 'as built', 'names as written', 'behind 60 cold functions'], ...rows];
}

/** The budgets beside what was measured. */
export function budgetRows({ figures }: InterpreterResult): Rows {
  const rows = againstBudgets(figures.built).map((l) => [l.what, l.budget, l.measured, l.verdict]);
  return [['what', 'budget', 'measured', ''], ...rows];
}

/** Price of the unit and of the stubs. */
export function unitRows({ interpreters }: CostResult): Rows {
  const kinds = Object.keys(interpreters[0].stubs).filter((kind) => kind !== 'loose');
  const rows = interpreters.map(({ version, turn, stubs }) => [
    version,
    turn.toFixed(0),
    ...kinds.map((kind) => stubs[kind].toFixed(2)),
  ]);
  return [['interpreter', 'instructions of a turn', ...kinds.map((kind) => `${kind}, turns`)], ...rows];
}

const gross = ({ figures }: InterpreterResult, burst: number): number =>
  figures.built[burst === 1 ? `path, ${way}` : `in a batch of 8, ${way}`].gross;

/** Packets and bits a second on a board, one way. */
export function throughputRows(result: InterpreterResult, spi: readonly SpiLine[]): Rows {
  const rows = spi.flatMap((line) =>
    clocks.map((clock) => {
      const times = stalls.map((stall) =>
        total(frameTime(gross(result, line.burst), line.length, line, clock, stall)),
      );
      const cells = times.map(
        (time) => `${packetsPerSecond(time).toFixed(0)}/s, ${megabits(time, line.length).toFixed(2)} Mbit/s`,
      );
      const alone = line.burst === 1 ? 'one at a time' : `${line.burst} together`;
      return [`${line.length} bytes, ${alone}, ${(clock / 1e6).toFixed(1)} MHz`, ...cells];
    }),
  );
  return [
    ['frames, SPI clock', ...stalls.map((stall) => (stall === 1 ? 'ideal core' : `x${stall}`))],
    ...rows,
  ];
}

/** What one call with one frame consists of, as far as the figures tell it apart. */
export function partRows({ figures: { built } }: InterpreterResult): Rows {
  const path = built[`path, ${way}`];
  const translation = built[`translation, ${way}`].net;
  const look = built['idle serve'].net;
  const row = (part: string, value: number) => [
    part,
    turns(value),
    `${((100 * value) / path.gross).toFixed(0)} %`,
  ];
  return [
    [`part of a path, ${way}`, 'turns', 'share'],
    row('the call, and a look at the interrupt line', look),
    row('translation', translation),
    row(
      'receiving and sending: lengths, views, pointers, addresses, arguments',
      path.net - translation - look,
    ),
    row('calls of the SPI stubs', path.stubs),
  ];
}

/** The same on a board, in microseconds. */
export function timeRows(result: InterpreterResult, spi: readonly SpiLine[]): Rows {
  const [clock] = clocks;
  const [, stall] = stalls;
  const rows = spi.map((line) => {
    const time = frameTime(gross(result, line.burst), line.length, line, clock, stall);
    const cells = [time.interpretation, time.natives, time.bytes, time.waiting, total(time)];
    return [
      `${line.length} bytes, ${line.burst === 1 ? 'one at a time' : `${line.burst} together`}`,
      ...cells.map((us) => us.toFixed(0)),
    ];
  });
  const head = `us for a frame at ${(clock / 1e6).toFixed(0)} MHz, core x${stall}`;
  return [[head, 'interpretation', 'SPI natives', 'bytes', 'waiting', 'all'], ...rows];
}

/** What the timer takes of the core while nothing arrives. */
export function idleRows({ figures: { built } }: InterpreterResult): Rows {
  const inCycle =
    (timer.cycle - timer.polled - timer.checked) * built['timer turn'].gross +
    timer.polled * built['timer turn, both ports polled'].gross +
    timer.checked * built['timer turn, health checked'].gross;
  const perSecond =
    (1000 / timer.milliseconds / timer.cycle) * inCycle + built['timer turn, new second'].gross;
  const shares = stalls.map((stall) => `${((perSecond * turnMicroseconds * stall) / 1e4).toFixed(0)} %`);
  return [
    ['idle', 'turns a second', ...stalls.map((stall) => `of the core, x${stall}`)],
    [`timer every ${timer.milliseconds} ms`, perSecond.toFixed(0), ...shares],
  ];
}
