/*
 * `hairpin neighbours`: whom the router knows by MAC address, and whom it asks for. Texts are pure; only
 * `runNeighbours` asks.
 */
import type { NeighbourEntry, NeighboursAnswer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { counted, durationText, table } from './table.ts';

export interface NeighboursOptions extends PortOption {
  json: boolean;
}

/** Asks and prints; 0. @throws UserError */
export async function runNeighbours(options: NeighboursOptions, edges: Edges = terminal): Promise<number> {
  return withRouter(options, edges, async (router) => {
    await router.mustRun();
    const answer = await router.ask('neighbours');
    if (!answer.ok) throw refusal(answer);
    const { neighbours } = answer as NeighboursAnswer;
    edges.print(
      options.json
        ? JSON.stringify({ schema: 'hairpin.neighbours/1', neighbours })
        : neighboursText(neighbours).join('\n'),
    );
    return 0;
  });
}

/** For people. */
export function neighboursText(neighbours: readonly NeighbourEntry[]): string[] {
  if (neighbours.length === 0) return ['The router knows no neighbours yet: nobody has spoken to it.'];
  const rows = neighbours.map(({ side, address, mac, state, age, tries }) => [
    side,
    address,
    // While it asks there is no address to show.
    state === 'reachable' ? mac : '-',
    state === 'asking' ? `asking, ${counted(tries, 'try', 'tries')}` : state,
    durationText(age),
  ]);
  return table(['side', 'address', 'MAC address', 'state', 'last heard'], rows);
}
