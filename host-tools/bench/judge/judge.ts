/*
 * The judge: from measurements to the verdict. A pure function; its table of cases is test/bench/judge.test.ts.
 */
import type { Measurements } from '../measurements.ts';
import { judgeTcp } from './tcp.ts';
import { judgeUdp } from './udp.ts';
import {
  exitCodeOf,
  works,
  type Judgement,
  type ProtocolJudgement,
  type Reason,
  type Verdict,
} from './verdicts.ts';

type Answer = { verdict: Verdict; reason: Reason | null };

const just = ({ verdict, reason }: ProtocolJudgement): Answer => ({ verdict, reason });

/** One verdict of two. TCP is what most forwards are for, so where both are certain, TCP's is the one. */
function combine(tcp: ProtocolJudgement, udp: ProtocolJudgement): Answer {
  if (works(tcp.verdict) !== works(udp.verdict)) {
    const other = works(tcp.verdict) ? udp : tcp;
    const named: readonly Verdict[] = ['inconclusive', 'fails-later'];
    return named.includes(other.verdict) ? just(other) : { verdict: 'protocols-differ', reason: null };
  }
  if (works(tcp.verdict)) return just(tcp);
  const unsure: readonly (Reason | null)[] = ['contradictory', 'no-server-named'];
  const silentOrUnsure = tcp.verdict === 'no-answer' || unsure.includes(tcp.reason);
  // Silence over TCP is just what the fault looks like that UDP has proved.
  if (udp.verdict === 'dnat-without-snat' && silentOrUnsure) return just(udp);
  // Of anything else over UDP, nothing follows for TCP: perhaps only TCP is forwarded at all.
  if (tcp.verdict === 'no-answer' && udp.verdict !== 'no-answer')
    return { verdict: 'no-answer', reason: 'only-other-known' };
  return just(tcp);
}

/** What it all means. */
export function judge(m: Measurements): Judgement {
  const tcp = m.tcp && judgeTcp(m);
  const udp = m.udp && 'through' in m.udp ? judgeUdp(m) : null;
  const nothing: Answer = { verdict: 'inconclusive', reason: 'not-asked' };
  const answer = tcp && udp ? combine(tcp, udp) : tcp ? just(tcp) : udp ? just(udp) : nothing;
  return { ...answer, exitCode: exitCodeOf(answer.verdict), tcp, udp };
}
