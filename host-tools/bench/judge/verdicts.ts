/*
 * The verdicts, what each is called, and the exit code it gives. Data only.
 */

export const VERDICTS = [
  'works-external',
  'works-lan',
  'works',
  'dnat-without-snat',
  'no-dnat',
  'no-answer',
  'router-answered',
  'refused',
  'protocols-differ',
  'fails-later',
  'inconclusive',
] as const;

/**
 * - `works-external`: it works, and the server sees the router's public address as the client's.
 * - `works-lan`: it works, and the server sees another address: the router's LAN address, or the client's own.
 * - `works`: it works; which address the server sees, only a responder could say.
 * - `dnat-without-snat`: the router rewrites only the destination; answers pass it by.
 * - `no-dnat`: what LAN clients send to the public address does not reach the server.
 * - `no-answer`: silence over TCP; one of the two before, and an ordinary user's sockets cannot tell which.
 * - `router-answered`: the connection ends in the router itself, not at the server.
 * - `refused`: the connection is refused.
 * - `protocols-differ`: one of TCP and UDP works, the other does not.
 * - `fails-later`: it begins to work and then dies.
 * - `inconclusive`: the measurements do not say; the reason does.
 */
export type Verdict = (typeof VERDICTS)[number];

/** Whether the public address works from inside: yes, no, or not known. */
const ANSWERS: Record<Verdict, 'yes' | 'no' | 'unknown'> = {
  'works-external': 'yes',
  'works-lan': 'yes',
  works: 'yes',
  'dnat-without-snat': 'no',
  'no-dnat': 'no',
  'no-answer': 'no',
  'router-answered': 'no',
  refused: 'no',
  'protocols-differ': 'no',
  'fails-later': 'no',
  inconclusive: 'unknown',
};

const EXIT_CODES = { yes: 0, no: 1, unknown: 3 };

export function works(verdict: Verdict): boolean {
  return ANSWERS[verdict] === 'yes';
}

/** 0 it works, 1 it does not, 3 not known. */
export function exitCodeOf(verdict: Verdict): number {
  return EXIT_CODES[ANSWERS[verdict]];
}

/** Why a verdict is `inconclusive`, or what else has to be said about one; sentences are the report's business. */
export type Reason =
  /** The server does not answer directly, or not reliably. */
  | 'server-silent'
  | 'server-unreliable'
  /** Tries ended in different ways. */
  | 'contradictory'
  /** Something answers or nothing does, and without --server nobody knows whether the server would. */
  | 'no-server-named'
  /** The router itself does not answer this host at all. */
  | 'no-router'
  /** Something answers that is neither the server nor the router. */
  | 'someone-else'
  /** What the service says differs every time. */
  | 'service-varies'
  /** It arrived with a replaced source, and the answer was lost all the same. */
  | 'answer-lost'
  /** This host could not send. */
  | 'cannot-send'
  /** The same pause kills direct connections, too. */
  | 'pause-kills-direct'
  /** The other protocol is broken for sure, this one is only silent. */
  | 'only-other-known'
  /** Only a real service was there to be asked over TCP. */
  | 'not-asked';

/** What is said of one protocol. */
export interface ProtocolJudgement {
  verdict: Verdict;
  reason: Reason | null;
  /** Proofs and observations that led there, in the order they count. */
  evidence: Evidence[];
}

/** One observation, with what the sentence about it needs. Counts are of `of` tries. */
export type Evidence =
  | { saw: 'direct-works'; count: number; of: number }
  | { saw: 'direct-fails'; count: number; of: number }
  | { saw: 'answered'; count: number; of: number; seenAs: string[] }
  | { saw: 'same-service'; by: 'greeting' | 'certificate' | 'http'; text: string }
  | { saw: 'other-service'; direct: string; through: string }
  | { saw: 'other-greeting'; text: string; count: number; of: number }
  | { saw: 'first-hop-answers'; count: number; of: number }
  | { saw: 'first-hop-refuses'; count: number; of: number }
  | { saw: 'first-hop-keeps'; controls: number; of: number }
  | { saw: 'like-the-gateway'; text: string }
  | { saw: 'refused'; count: number; of: number }
  | { saw: 'silent'; count: number; of: number }
  | { saw: 'stray-answers'; from: string; count: number; of: number }
  | { saw: 'stray-on-the-wire'; from: string; count: number }
  | { saw: 'arrived-unchanged'; from: string; count: number; by: 'program' | 'wire' }
  | { saw: 'arrived-changed'; from: string; count: number }
  | { saw: 'no-strays'; of: number }
  | { saw: 'nothing-arrived'; by: 'program' | 'wire'; of: number }
  | { saw: 'mixed'; counts: Record<string, number> }
  | { saw: 'held'; seconds: number; alive: number; of: number }
  | { saw: 'died'; when: 'early' | 'late'; seconds: number; count: number; of: number }
  | { saw: 'cannot-send'; error: string }
  | { saw: 'no-router'; gateway: string };

export interface Judgement {
  verdict: Verdict;
  reason: Reason | null;
  exitCode: number;
  tcp: ProtocolJudgement | null;
  udp: ProtocolJudgement | null;
}
