/*
 * What the TCP measurements mean. Pure: measurements in, judgement out.
 *
 * A dead TCP connection is silence, whatever killed it: the two commonest faults look alike to an ordinary user. They
 * are told apart here only by proof - what reached the responder, what the wire showed, what the first hop did.
 */
import { show } from '../endpoint.ts';
import type { Measurements, TcpMeasurements, TcpTry } from '../measurements.ts';
import { arrivalsOf } from './arrivals.ts';
import { judgeHeld } from './held.ts';
import { PROOFS, addressOf, counted, distinct, nearlyAll, tally } from './rules.ts';
import { compareServices, isTheGateways } from './service.ts';
import type { Evidence, ProtocolJudgement, Reason, Verdict } from './verdicts.ts';

/** Of packets that may live for one hop only, so many must have met the router itself. */
const FIRST_HOP_PROOFS = 2;

/** How a try counts: `fine` reached the server and was answered by it. */
type Kind = 'fine' | 'mute' | 'other' | 'refused' | 'silent' | 'local';

class TcpCase {
  private readonly tcp: TcpMeasurements;
  private readonly tries: TcpTry[];
  private readonly evidence: Evidence[] = [];

  constructor(private readonly m: Measurements) {
    this.tcp = m.tcp!;
    this.tries = counted(this.tcp.through);
  }

  private end(verdict: Verdict, reason: Reason | null = null): ProtocolJudgement {
    return { verdict, reason, evidence: this.evidence };
  }

  private saw(evidence: Evidence): void {
    this.evidence.push(evidence);
  }

  judge(): ProtocolJudgement {
    return this.directComplaint() ?? this.judgeThrough();
  }

  /** The id of the responder at the server's own address. */
  private get responder(): string | null {
    return this.tcp.direct?.find((tried) => tried.end === 'responder')?.id ?? null;
  }

  private get isService(): boolean {
    return this.responder === null && this.tcp.direct?.some(({ end }) => end === 'other') === true;
  }

  private directComplaint(): ProtocolJudgement | null {
    const { direct } = this.tcp;
    if (!direct) return null;
    const count = direct.filter(({ end }) => end === 'responder' || end === 'other').length;
    const error = direct.find((tried) => tried.end === 'local')?.error;
    if (count === 0 && error !== undefined) {
      this.saw({ saw: 'cannot-send', error });
      return this.end('inconclusive', 'cannot-send');
    }
    this.saw({ saw: count > 0 ? 'direct-works' : 'direct-fails', count, of: direct.length });
    if (count === 0) return this.end('inconclusive', 'server-silent');
    return count * 2 > direct.length ? null : this.end('inconclusive', 'server-unreliable');
  }

  private kindOf(tried: TcpTry): Kind {
    if (tried.end === 'unreachable') return 'refused';
    if (tried.end === 'responder') {
      const { responder } = this;
      if (this.isService || (responder !== null && tried.id !== responder)) return 'other';
      return tried.confirmed ? 'fine' : 'mute';
    }
    if (tried.end !== 'other') return tried.end;
    if (this.isService) return 'other';
    return tried.greeting === '' ? 'mute' : 'other';
  }

  private judgeThrough(): ProtocolJudgement {
    if (
      this.m.gatewayIsThere === false &&
      this.tries.every(({ end }) => end === 'silent' || end === 'unreachable')
    ) {
      this.saw({ saw: 'no-router', gateway: this.m.gateway! });
      return this.end('inconclusive', 'no-router');
    }
    const kinds = this.tries.map((tried) => this.kindOf(tried));
    const of = kinds.length;
    const counts = tally(kinds);
    const count = (kind: Kind) => counts[kind] ?? 0;
    // Silence, and a connection on which nothing comes, is what loss makes of anything.
    const onlyLossBeside = (kind: Kind) => of === count(kind) + count('silent') + count('mute');
    if (nearlyAll(count('fine'), of) && onlyLossBeside('fine')) return this.answered();
    if (count('fine') === 0) {
      const connected = count('other') + count('mute');
      if (nearlyAll(connected, of) && connected + count('silent') === of) return this.connected(connected);
      if (nearlyAll(count('refused'), of) && onlyLossBeside('refused')) return this.refused(count('refused'));
      if (count('silent') === of) return this.silent();
      if (count('local') === of) {
        const error = this.tries.find((tried) => tried.end === 'local')!.error;
        this.saw({ saw: 'cannot-send', error });
        return this.end('inconclusive', 'cannot-send');
      }
    }
    this.saw({ saw: 'mixed', counts: counts as Record<string, number> });
    return this.end('inconclusive', 'contradictory');
  }

  private answered(): ProtocolJudgement {
    const seen = this.tries.flatMap((tried) =>
      tried.end === 'responder' && this.kindOf(tried) === 'fine' ? [addressOf(tried.seenAs)] : [],
    );
    this.saw({ saw: 'answered', count: seen.length, of: this.tries.length, seenAs: distinct(seen) });
    const later = judgeHeld(this.tcp.held, this.evidence);
    if (later) return this.end(later.verdict, later.reason);
    const external = distinct(seen).every((address) => address === this.m.public.address);
    return this.end(external ? 'works-external' : 'works-lan');
  }

  /** Connected, but not to the responder we know. */
  private connected(count: number): ProtocolJudgement {
    const { tcp, m } = this;
    const of = this.tries.length;
    const service = tcp.service;
    if (this.isService && service) {
      const comparison = compareServices(service.direct, service.through);
      const { same, by, direct, through } = comparison ?? {
        same: 'unclear',
        by: 'http',
        direct: '',
        through: '',
      };
      if (same === 'yes') {
        this.saw({ saw: 'same-service', by, text: through });
        return this.end('works');
      }
      if (comparison) this.saw({ saw: 'other-service', direct, through });
      if (same === 'unclear') return this.end('inconclusive', 'service-varies');
    } else {
      const greeting = this.tries.find((tried) => tried.end === 'other' && tried.greeting !== '');
      const text = greeting?.end === 'other' ? greeting.greeting : '';
      this.saw({ saw: 'other-greeting', text, count, of });
      if (tcp.direct === null && !service?.gateway.length && !tcp.firstHop?.completed)
        return this.end('inconclusive', 'no-server-named');
    }
    if (tcp.firstHop && tcp.firstHop.completed >= FIRST_HOP_PROOFS) {
      this.saw({ saw: 'first-hop-answers', count: tcp.firstHop.completed, of: tcp.firstHop.tried });
      return this.end('router-answered');
    }
    if (service && isTheGateways(service.through, service.gateway)) {
      this.saw({ saw: 'like-the-gateway', text: m.gateway ?? '' });
      return this.end('router-answered');
    }
    // The responder itself took these connections, and what it said was lost.
    const accepted = arrivalsOf(m, 'tcp').accepted;
    if (accepted.length >= PROOFS) {
      this.saw({ saw: 'died', when: 'early', seconds: 0, count: accepted.length, of });
      return this.end('fails-later');
    }
    return this.end('inconclusive', tcp.direct === null ? 'no-server-named' : 'someone-else');
  }

  private refused(count: number): ProtocolJudgement {
    this.saw({ saw: 'refused', count, of: this.tries.length });
    const { firstHop } = this.tcp;
    if (firstHop && firstHop.refused >= FIRST_HOP_PROOFS)
      this.saw({ saw: 'first-hop-refuses', count: firstHop.refused, of: firstHop.tried });
    return this.end('refused');
  }

  private silent(): ProtocolJudgement {
    const { m } = this;
    this.saw({ saw: 'silent', count: this.tries.length, of: this.tries.length });
    const strays = (m.strays ?? []).filter(({ protocol }) => protocol === 'tcp').map(({ from }) => from);
    const fromServer = m.server ? strays.filter((from) => from === show(m.server!)) : strays;
    if (fromServer.length >= PROOFS) {
      this.saw({ saw: 'stray-on-the-wire', from: fromServer[0], count: fromServer.length });
      return this.end('dnat-without-snat');
    }
    const { unchanged, changed, watched } = arrivalsOf(m, 'tcp');
    if (unchanged.length >= PROOFS) {
      this.saw({ saw: 'arrived-unchanged', from: m.client, count: unchanged.length, by: 'wire' });
      return this.end('dnat-without-snat');
    }
    if (changed.length >= PROOFS) {
      this.saw({ saw: 'arrived-changed', from: distinct(changed).join(', '), count: changed.length });
      return this.end('inconclusive', 'answer-lost');
    }
    if (watched && unchanged.length === 0 && changed.length === 0) {
      this.saw({ saw: 'nothing-arrived', by: 'wire', of: this.tries.length });
      return this.end('no-dnat');
    }
    if (this.firstHopKeeps()) return this.end('no-dnat');
    // On one host the unchanged packet would be thrown away on arrival, and nothing would stray.
    if (m.strays && strays.length === 0 && this.tcp.direct && !m.self) {
      this.saw({ saw: 'no-strays', of: this.tries.length });
      return this.end('no-dnat');
    }
    return this.tcp.direct === null ? this.end('inconclusive', 'no-server-named') : this.end('no-answer');
  }

  /** The router says of other packets that it cannot pass them on, and never of these: it does not try to. */
  private firstHopKeeps(): boolean {
    const { firstHop } = this.tcp;
    if (!firstHop || firstHop.exceeded > 0 || firstHop.completed > 0) return false;
    if (firstHop.controlExceeded < PROOFS || firstHop.tried <= PROOFS) return false;
    this.saw({ saw: 'first-hop-keeps', controls: firstHop.controlExceeded, of: firstHop.tried });
    return true;
  }
}

/** Judges TCP; `m.tcp` must be there. */
export function judgeTcp(m: Measurements): ProtocolJudgement {
  return new TcpCase(m).judge();
}
