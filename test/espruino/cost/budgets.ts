// The design's budgets in turns beside what was measured. Pure.
import type { Figures } from './measure.ts';

/** One line of the comparison. */
export interface BudgetLine {
  what: string;
  budget: string;
  measured: string;
  met: boolean;
  /** How far from the budget, as a sentence. */
  verdict: string;
}

interface Budget {
  what: string;
  /** Beginning of the names it covers; the dearest one counts. */
  prefix: string;
  suffix?: string;
  turns: number;
}

const turnBudgets: readonly Budget[] = [
  { what: 'translation, dearest direction', prefix: 'translation, ', turns: 25 },
  { what: 'whole path, dearest direction', prefix: 'path, ', turns: 55 },
  { what: 'first packet, few flows, dearest kind', prefix: 'first packet, ', suffix: 'fill 0', turns: 400 },
  { what: 'first packet, 500 flows, dearest kind', prefix: 'first packet, ', suffix: 'fill 500', turns: 400 },
];

/** A full table may cost so much more than one flow. */
const fullTable = 1.1;
const directions = ['UDP LAN to WAN', 'UDP WAN to LAN'];

/** Every budget that instructions can tell about. */
export function againstBudgets(figures: Figures): BudgetLine[] {
  const lines = turnBudgets.map(({ what, prefix, suffix = '', turns }) => {
    const covered = Object.entries(figures).filter(
      ([name]) => name.startsWith(prefix) && name.endsWith(suffix),
    );
    const worst = Math.max(...covered.map(([, figure]) => figure.net));
    return line(what, `<= ${turns} turns`, `${worst.toFixed(1)} turns`, worst / turns);
  });
  const ratios = directions.map((way) => {
    const ratio = figures[`512 flows, ${way}`].net / figures[`1 flow, ${way}`].net;
    const what = `512 flows in turn against one, ${way}`;
    const met = ratio <= fullTable;
    const measured = `${((ratio - 1) * 100).toFixed(1)} % more`;
    return { what, budget: 'within 10 %', measured, met, verdict: met ? 'met' : 'MISSED' };
  });
  return [...lines, ...ratios];
}

/** @param share measured as a share of the budget */
function line(what: string, budget: string, measured: string, share: number): BudgetLine {
  const met = share <= 1;
  const percent = `${(100 * Math.abs(share - 1)).toFixed(0)} %`;
  return { what, budget, measured, met, verdict: met ? `met, ${percent} to spare` : `MISSED by ${percent}` };
}
