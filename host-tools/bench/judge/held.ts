/*
 * What it means when a mapping that worked is left alone for a while. Pure.
 */
import type { Held } from '../measurements.ts';
import { tally } from './rules.ts';
import type { Evidence, Reason, Verdict } from './verdicts.ts';

/** Null while all is well; otherwise what is wrong. Adds what was seen to `evidence`. */
export function judgeHeld(
  held: Held<'alive' | 'early' | 'late' | 'lost'> | null,
  evidence: Evidence[],
): { verdict: Verdict; reason: Reason | null } | null {
  if (!held) return null;
  const { seconds } = held;
  // Those that never came to be say nothing about what comes later.
  const begun = held.through.filter((fate) => fate !== 'lost');
  const { alive = 0, early = 0, late = 0 } = tally(begun);
  const of = begun.length;
  if (alive * 2 > of) {
    evidence.push({ saw: 'held', seconds, alive, of });
    return null;
  }
  // Half of them, or fewer than two, decide nothing.
  if (alive > 0 || of < 2) {
    evidence.push({ saw: 'mixed', counts: { alive, early, late } });
    return { verdict: 'inconclusive', reason: 'contradictory' };
  }
  const controls = held.direct.filter((fate) => fate !== 'lost');
  if (controls.length > 0 && !controls.includes('alive')) {
    evidence.push({ saw: 'died', when: 'late', seconds, count: of, of });
    return { verdict: 'inconclusive', reason: 'pause-kills-direct' };
  }
  const when = early > late ? 'early' : 'late';
  evidence.push({ saw: 'died', when, seconds, count: early + late, of });
  return { verdict: 'fails-later', reason: null };
}
