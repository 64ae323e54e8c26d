/**
 * Holds the stories of one sequence with two routers against each other, step by step. Pure.
 *
 * Ports the routers chose may have other numbers, but always the same for the same: the pairs seen so far must stay a
 * one-to-one renaming for each protocol, and those of the forwards stay as they are. A difference must be allowed by a row of allowed.ts; what happens to the same
 * flow, or to another of the same inner endpoint, after that may follow from it and is counted with it.
 */
import { ALLOWED } from './allowed.ts';
import type { Difference, Kind } from './difference.ts';
import { FORWARDS } from './network.ts';
import type { Line, Outcome } from './outcome.ts';
import type { Played, Story } from './play.ts';

export type Verdict =
  { same: true } | { same: false; row: string; follows: boolean } | { same: false; row: null };

export interface Comparison {
  verdicts: Verdict[];
  /** Steps that sent a packet to at least one router. */
  packets: number;
}

export function compare(linux: Story, firmware: Story): Comparison {
  const renaming = new Renaming();
  const rowOfEndpoint = new Map<string, string>();
  const odd = new Set<number>();
  const begun = new Set<number>();
  const verdicts = linux.played.map((played, index): Verdict => {
    const other = firmware.played[index];
    const { step } = played;
    const number = 'flow' in step ? step.flow % linux.flows.length : null;
    const flow = number === null ? null : linux.flows[number];
    const endpoint = flow ? `${flow.spec.proto} ${flow.client.address}:${flow.client.port}` : 'loose';
    const kind = differenceOf(played, other, renaming);
    const oddBefore = number !== null && odd.has(number);
    const fresh = number !== null && !begun.has(number);
    if (number !== null && step.do === 'odd') odd.add(number);
    if (number !== null && other.outcome.lines.length > 0) begun.add(number);
    if (kind === null) return { same: true };
    const known = rowOfEndpoint.get(endpoint);
    if (known !== undefined && flow) return { same: false, row: known, follows: true };
    const difference: Difference = {
      kind,
      step,
      flow,
      flows: linux.flows,
      oddBefore,
      fresh,
      linux: played,
      firmware: other,
    };
    const row = ALLOWED.find(({ allows }) => kind !== 'silence' && allows(difference));
    if (!row) return { same: false, row: null };
    if (flow) rowOfEndpoint.set(endpoint, row.id);
    return { same: false, row: row.id, follows: false };
  });
  const packets = linux.played.filter(({ sent }, index) => sent || firmware.played[index].sent).length;
  return { verdicts, packets };
}

function differenceOf(linux: Played, firmware: Played, renaming: Renaming): Kind | null {
  if ((linux.sent === null) !== (firmware.sent === null)) return 'silence';
  if (!sameWords(linux.outcome, firmware.outcome)) return 'lines';
  const pairs = linux.outcome.lines.flatMap((line, index) => pairsOf(line, firmware.outcome.lines[index]));
  return pairs.every(([a, b]) => renaming.accepts(a, b)) ? null : 'ports';
}

function sameWords(linux: Outcome, firmware: Outcome): boolean {
  const words = ({ lines }: Outcome) => lines.map((line) => line.words).join('\n');
  return words(linux) === words(firmware);
}

function pairsOf(linux: Line, firmware: Line): [string, string][] {
  return linux.ports.map((port, index) => [port, firmware.ports[index]]);
}

/** Ports that nobody chooses: those of the forwards, as an outcome notes them. */
const FIXED = new Set(FORWARDS.map(({ proto, port }) => `${proto === 'tcp' ? 6 : 17}:${port}`));

/** Which number of the one router stands for which of the other; both ways. */
class Renaming {
  private readonly there = new Map<string, string>();
  private readonly back = new Map<string, string>();

  accepts(a: string, b: string): boolean {
    if (FIXED.has(a) || FIXED.has(b)) return a === b;
    const known = this.there.get(a);
    if (known !== undefined || this.back.has(b)) return known === b;
    this.there.set(a, b);
    this.back.set(b, a);
    return true;
  }
}
