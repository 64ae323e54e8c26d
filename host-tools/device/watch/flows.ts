/*
 * `hairpin flows`: every conversation that the router remembers, page by page. Texts are pure; only `runFlows` asks.
 */
import type { FlowEntry, FlowsAnswer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { counted, durationText, table } from './table.ts';

export interface FlowsOptions extends PortOption {
  json: boolean;
}

/** Asks and prints; 0. @throws UserError */
export async function runFlows(options: FlowsOptions, edges: Edges = terminal): Promise<number> {
  return withRouter(options, edges, async (router) => {
    await router.mustRun();
    const flows = await allFlows(router);
    edges.print(
      options.json ? JSON.stringify({ schema: 'hairpin.flows/1', flows }) : flowsText(flows).join('\n'),
    );
    return 0;
  });
}

/** All flows. One that ends and is made again meanwhile may be in a later page too; it is listed once. */
export async function allFlows(router: Router): Promise<FlowEntry[]> {
  const found = new Map<string, FlowEntry>();
  let from: number | null = 1;
  while (from !== null) {
    const answer = await router.ask(`flows ${from}`);
    if (!answer.ok) throw refusal(answer);
    const page = answer as FlowsAnswer;
    for (const flow of page.flows) found.set(`${flow.proto} ${flow.original}`, flow);
    // Backwards it would go on for ever.
    if (page.next !== null && page.next <= from)
      throw new Error(`the router's list of flows goes from slot ${from} back to ${page.next}`);
    from = page.next;
  }
  return [...found.values()];
}

/** For people. */
export function flowsText(flows: readonly FlowEntry[]): string[] {
  if (flows.length === 0) return ['There are no flows: nobody has spoken through the router lately.'];
  const rows = flows.map(({ proto, original, reply, state, settled, idle }) => [
    proto,
    arrow(original),
    arrow(reply),
    settled ? state : `${state}, not settled`,
    durationText(idle),
  ]);
  return [
    ...table(['proto', 'from > to', 'answers from > to', 'state', 'idle'], rows),
    '',
    `${counted(flows.length, 'flow')}`,
  ];
}

/** "a:1>b:2" with room to read. */
function arrow(tuple: string): string {
  return tuple.replace('>', ' > ');
}
