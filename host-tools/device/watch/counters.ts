/*
 * `hairpin counters`: what the router has counted since its start, with what each count means. Texts are pure; only
 * `runCounters` asks.
 */
import type { CountersAnswer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { reasonSentence } from '../../explain/reasons.ts';

export interface CountersOptions extends PortOption {
  json: boolean;
}

/** Asks and prints; 0. @throws UserError */
export async function runCounters(options: CountersOptions, edges: Edges = terminal): Promise<number> {
  return withRouter(options, edges, async (router) => {
    await router.mustRun();
    const answer = await router.ask('counters');
    if (!answer.ok) throw refusal(answer);
    const { counters } = answer as CountersAnswer;
    edges.print(
      options.json
        ? JSON.stringify({ schema: 'hairpin.counters/1', counters })
        : countersText(counters).join('\n'),
    );
    return 0;
  });
}

/** For people: what is not zero, traffic before drops before troubles, as the firmware lists it. */
export function countersText(counters: Record<string, number>): string[] {
  const shown = Object.entries(counters).filter(([, count]) => count > 0);
  if (shown.length === 0) return ['Nothing was counted since the start: no frame has arrived.'];
  const width = Math.max(...shown.map(([, count]) => String(count).length));
  const names = Math.max(...shown.map(([name]) => name.length));
  return shown.map(
    ([name, count]) => `${String(count).padStart(width)}  ${name.padEnd(names)}  ${reasonSentence(name)}`,
  );
}
