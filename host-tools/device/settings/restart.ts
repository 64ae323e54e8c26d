/*
 * What is left to do when a change has been saved: where it takes effect at the next start only, the router is restarted,
 * unless somebody wants that for himself, and what it then says is told.
 */
import type { Router } from '../console/router.ts';
import type { Edges } from '../console/session.ts';
import { type StatusReport, judgeStatus, statusText } from '../watch/status.ts';

/** What became of the router. Null: it was not restarted. */
export type Restarted = StatusReport | null;

/** Restarts, if `wanted`. */
export async function restartIf(wanted: boolean, router: Router): Promise<Restarted> {
  return wanted ? judgeStatus(await router.restart()) : null;
}

/** 1 when a restarted router does not run. */
export function exitCodeOf(restarted: Restarted): number {
  return restarted && !restarted.running ? 1 : 0;
}

/** For people: how the router is, or what is still to be done. @param due it takes a restart */
export function tellRestart(restarted: Restarted, due: boolean, edges: Edges): void {
  if (restarted) edges.print(statusText(restarted).join('\n'));
  else if (due) edges.print('It takes effect at the next start of the router.');
}
