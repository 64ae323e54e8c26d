/* What `make bench` shows: results in, text out. */
import { labBudget, type LabThroughput } from './lab.ts';
import { probeBudget, type Probes } from './probes.ts';
import { speedLength } from './speed.ts';
import { spiBudget, withinSpiBudget, type SpiCost, type SpiMeasurement } from './spi.ts';

/** Frames a second with so many flows taking turns. */
export interface Speed {
  flows: number;
  throughModels: number;
  throughBundle: number;
}

/** The object in out/bench.json. */
export interface MeasureResult {
  schema: 'hairpin.measure/1';
  /** The firmware's version, and the machine's. */
  version: string;
  node: string;
  flowPath: { length: number; speed: Speed[]; probes: Probes };
  spi: SpiMeasurement[];
  /** In a second without traffic. */
  idle: SpiCost;
  lab: LabThroughput;
  /** Whether everything that is counted, not timed, is within its budget. */
  withinBudget: boolean;
}

const thousands = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/** Columns lined up: the first one left, the others right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('   ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

export function flowPathText({ speed, probes }: MeasureResult['flowPath']): string {
  const rows = speed.map(({ flows, throughModels, throughBundle }) => [
    String(flows),
    thousands(throughModels),
    thousands(throughBundle),
  ]);
  const { flows, mean, worst } = probes;
  return `Forwarding under Node, packets of ${speedLength} bytes a second on this machine

${table([['flows', 'bundle and both models', 'bundle, prepared SPI answers'], ...rows])}

  rows compared in a lookup, ${flows} flows: mean ${mean.toFixed(2)} (budget ${probeBudget.mean}), worst ${worst} (budget ${probeBudget.worst})`;
}

export function spiText(lines: readonly SpiMeasurement[], idle: SpiCost): string {
  const rows = lines.map((line) => {
    const { length, burst, forwarding, housekeeping } = line;
    return [
      `${length} bytes, ${burst === 1 ? 'alone' : `${burst} together`}`,
      short(forwarding.frames),
      short(forwarding.transfers),
      short(forwarding.bytes),
      `${burst === 1 ? '<= ' : '< '}${spiBudget.frames}, ${spiBudget.transfers}, ${spiBudget.bytes(length)}`,
      withinSpiBudget(line) ? 'yes' : 'NO',
      `${short(housekeeping.frames)}, ${short(housekeeping.bytes)}`,
    ];
  });
  const head = [
    'frame',
    'selects',
    'transfers',
    'bytes',
    'budget',
    'within',
    'clears and empty looks: selects, bytes',
  ];
  return `SPI for each forwarded frame, both chips, from the status read that shows it

${table([head, ...rows])}

  idle, both ports, each second: ${idle.frames} selects, ${idle.bytes} bytes`;
}

export function labText(lab: LabThroughput): string {
  const title = 'TCP through the lab, Internet to LAN';
  if (!lab.measured) return `${title}\n\n  not measured: ${lab.reason}`;
  const row = (name: string, { runs, median }: { runs: number[]; median: number }) => [
    name,
    `${median.toFixed(0)} Mbit/s`,
    runs.map((run) => run.toFixed(0)).join(' '),
  ];
  return `${title}

${table([['', 'median', 'runs'], row('through models and firmware', lab.router), row('same ports, frames only copied', lab.copy)])}

  at least ${labBudget} Mbit/s are asked for: ${lab.router.median >= labBudget ? 'yes' : 'NO'}; ${(lab.ratio * 100).toFixed(0)} % of copying`;
}
