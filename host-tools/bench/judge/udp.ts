/*
 * What the UDP measurements mean. Pure: measurements in, judgement out.
 *
 * UDP shows what TCP hides: an answer that comes from the server's own address reaches an unconnected socket. It is
 * the proof that the router rewrote the destination and not the source.
 */
import { show } from '../endpoint.ts';
import type { Measurements, UdpMeasurements, UdpTry } from '../measurements.ts';
import { arrivalsOf } from './arrivals.ts';
import { judgeHeld } from './held.ts';
import { PROOFS, addressOf, counted, distinct, nearlyAll, tally } from './rules.ts';
import type { Evidence, ProtocolJudgement, Reason, Verdict } from './verdicts.ts';

/** Refusals are few: they are limited by who sends them, and lost like anything else. */
const REFUSALS = 2;

class UdpCase {
  private readonly udp: UdpMeasurements;
  private readonly tries: UdpTry[];
  private readonly evidence: Evidence[] = [];

  constructor(private readonly m: Measurements) {
    this.udp = m.udp as UdpMeasurements;
    this.tries = counted(this.udp.through);
  }

  private end(verdict: Verdict, reason: Reason | null = null): ProtocolJudgement {
    return { verdict, reason, evidence: this.evidence };
  }

  judge(): ProtocolJudgement {
    return this.directComplaint() ?? this.judgeThrough();
  }

  private directComplaint(): ProtocolJudgement | null {
    const { direct } = this.udp;
    if (!direct) return null;
    const count = direct.filter(({ end }) => end === 'answered').length;
    this.evidence.push({ saw: count > 0 ? 'direct-works' : 'direct-fails', count, of: direct.length });
    if (count === 0) return this.end('inconclusive', 'server-silent');
    return nearlyAll(count, direct.length) ? null : this.end('inconclusive', 'server-unreliable');
  }

  /** Answers by the responder we know, or by any where we know none. */
  private isFine(tried: UdpTry): boolean {
    const known = this.udp.direct?.find(({ end }) => end === 'answered');
    return tried.end === 'answered' && (known?.end !== 'answered' || known.id === tried.id);
  }

  private judgeThrough(): ProtocolJudgement {
    if (
      this.m.gatewayIsThere === false &&
      this.tries.every(({ end }) => end === 'silent' || end === 'refused')
    ) {
      this.evidence.push({ saw: 'no-router', gateway: this.m.gateway! });
      return this.end('inconclusive', 'no-router');
    }
    const of = this.tries.length;
    const fine = this.tries.filter((tried) => this.isFine(tried));
    const ends = tally(this.tries.map(({ end }) => end));
    const { stray = 0, local = 0, answered = 0 } = ends;
    const refused = [...this.tries, ...this.udp.refusals].filter(({ end }) => end === 'refused').length;
    if (local === of) {
      const error = this.tries.find((tried) => tried.end === 'local')!.error;
      this.evidence.push({ saw: 'cannot-send', error });
      return this.end('inconclusive', 'cannot-send');
    }
    if (nearlyAll(fine.length, of) && stray + refused === 0) return this.answered(fine);
    if (answered === 0 && stray >= PROOFS && refused === 0) return this.strays();
    if (answered === 0 && stray === 0) return refused > 0 ? this.refused(refused) : this.silent();
    this.evidence.push({ saw: 'mixed', counts: ends as Record<string, number> });
    return this.end('inconclusive', answered > fine.length ? 'someone-else' : 'contradictory');
  }

  private answered(fine: readonly UdpTry[]): ProtocolJudgement {
    const seen = fine.flatMap((tried) => (tried.end === 'answered' ? [addressOf(tried.seenAs)] : []));
    const seenAs = distinct(seen);
    this.evidence.push({ saw: 'answered', count: fine.length, of: this.tries.length, seenAs });
    const later = judgeHeld(this.udp.held, this.evidence);
    if (later) return this.end(later.verdict, later.reason);
    return this.end(
      seenAs.every((address) => address === this.m.public.address) ? 'works-external' : 'works-lan',
    );
  }

  private strays(): ProtocolJudgement {
    const from = distinct(this.tries.flatMap((tried) => (tried.end === 'stray' ? [tried.from] : [])));
    const count = this.tries.filter(({ end }) => end === 'stray').length;
    this.evidence.push({ saw: 'stray-answers', from: from.join(', '), count, of: this.tries.length });
    const { server } = this.m;
    if (!server || from.every((one) => one === show(server))) return this.end('dnat-without-snat');
    return this.end('inconclusive', 'someone-else');
  }

  private refused(count: number): ProtocolJudgement {
    this.evidence.push({ saw: 'refused', count, of: this.udp.refusals.length });
    return count >= REFUSALS ? this.end('refused') : this.end('inconclusive', 'contradictory');
  }

  private silent(): ProtocolJudgement {
    const { m } = this;
    const of = this.tries.length;
    this.evidence.push({ saw: 'silent', count: of, of });
    const { unchanged, changed, watched, known } = arrivalsOf(m, 'udp');
    if (unchanged.length >= PROOFS) {
      const by = watched ? 'wire' : 'program';
      this.evidence.push({ saw: 'arrived-unchanged', from: m.client, count: unchanged.length, by });
      return this.end('dnat-without-snat');
    }
    if (changed.length >= PROOFS) {
      const from = distinct(changed.map(addressOf)).join(', ');
      this.evidence.push({ saw: 'arrived-changed', from, count: changed.length });
      return this.end('inconclusive', 'answer-lost');
    }
    if (!known)
      return this.end('inconclusive', this.udp.direct === null ? 'no-server-named' : 'server-unreliable');
    if (unchanged.length + changed.length > 0) return this.end('inconclusive', 'contradictory');
    // A packet that came back to the host it left, with that host's own address as source, is not given to programs.
    if (m.self && !watched) return this.end('no-answer');
    this.evidence.push({ saw: 'nothing-arrived', by: watched ? 'wire' : 'program', of });
    return this.end('no-dnat');
  }
}

/** Judges UDP; `m.udp` must have been measured. */
export function judgeUdp(m: Measurements): ProtocolJudgement {
  return new UdpCase(m).judge();
}
