/*
 * The object of `--json`: a contract that only grows.
 */
import type { Measurements } from '../measurements.ts';
import type { Judgement, Verdict } from '../judge/verdicts.ts';
import type { Report } from './context.ts';

export interface BenchResult {
  schema: 'hairpin.bench/1';
  verdict: Verdict;
  /** Why it is inconclusive, or null. */
  reason: string | null;
  /** 0 it works, 1 it does not, 3 not known: the command's own. */
  exitCode: number;
  tcp: { verdict: Verdict; reason: string | null } | null;
  udp: { verdict: Verdict; reason: string | null } | null;
  report: Report;
  measurements: Measurements;
}

export function benchResult(report: Report, judgement: Judgement, measurements: Measurements): BenchResult {
  const short = (one: Judgement['tcp']) => one && { verdict: one.verdict, reason: one.reason };
  const { verdict, reason, exitCode } = judgement;
  return {
    schema: 'hairpin.bench/1',
    verdict,
    reason,
    exitCode,
    tcp: short(judgement.tcp),
    udp: short(judgement.udp),
    report,
    measurements,
  };
}
