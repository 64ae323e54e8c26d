/*
 * From measurements and judgement to what a report says. Pure: every renderer gets the same model.
 */
import { hairpinCommand } from '../../cli/package-root.ts';
import { show, type Endpoint } from '../endpoint.ts';
import type { Measurements } from '../measurements.ts';
import {
  exitCodeOf,
  works,
  type Judgement,
  type ProtocolJudgement,
  type Verdict,
} from '../judge/verdicts.ts';
import type { NumberRow, Report, ReportContext } from './context.ts';
import { circumstances, evidenceSentence } from './evidence.ts';
import { familiesFor } from './families.ts';
import { REASONS, REMEDIES, THEN_AGAIN, type Wish } from './remedies.ts';
import { STORIES, castOf, serverOf } from './story.ts';
import { wayPicture } from './way-picture.ts';

/** Where a setting of the router can help. */
const SETTING_HELPS: readonly Verdict[] = [
  'dnat-without-snat',
  'no-dnat',
  'no-answer',
  'router-answered',
  'refused',
  'protocols-differ',
];

const SHORT: Record<Verdict, string> = {
  'works-external': 'works',
  'works-lan': 'works',
  works: 'works',
  'dnat-without-snat': 'fails (the source is not replaced)',
  'no-dnat': 'fails (does not reach the server)',
  'no-answer': 'fails (silence)',
  'router-answered': 'fails (the router answers)',
  refused: 'fails (refused)',
  'protocols-differ': 'differs',
  'fails-later': 'dies after a while',
  inconclusive: 'not known',
};

function protocolsText({ tcp, udp }: Judgement): string {
  const said: [string, ProtocolJudgement | null][] = [
    ['TCP', tcp],
    ['UDP', udp],
  ];
  return said.flatMap(([name, one]) => (one ? [`${name} ${SHORT[one.verdict]}`] : [])).join(', ');
}

/** The protocol whose story is told: the one that gave the verdict, or of two that differ the one that fails. */
function told({ verdict, tcp, udp }: Judgement): ProtocolJudgement | null {
  const both = [tcp, udp].filter((one) => one !== null);
  if (verdict === 'protocols-differ') return both.find((one) => !works(one.verdict)) ?? null;
  return both.find((one) => one.verdict === verdict) ?? both[0] ?? null;
}

function answerOf(verdict: Verdict): Report['answer'] {
  if (verdict === 'inconclusive') return 'NOT KNOWN';
  if (verdict === 'protocols-differ') return 'IN PART';
  return works(verdict) ? 'YES' : 'NO';
}

export function buildReport({ measurements: m, judgement, asRoot }: ReportContext): Report {
  const { verdict, reason } = judgement;
  const subject = told(judgement);
  const cast = castOf(m, subject, protocolsText(judgement));
  const server = serverOf(m, subject);
  const story = STORIES[verdict];
  const inner = verdict === 'protocols-differ' && subject ? STORIES[subject.verdict] : story;
  const wish: Wish = {
    ...cast,
    asRoot: stillToSee(m, asRoot),
    self: m.self,
    confirmed: m.gatewayWord.said === 'address' && m.gatewayWord.address === m.public.address,
    publicPort: m.public.port,
    serverPort: server?.port ?? null,
  };
  const because = reason ? REASONS[reason](wish) : null;
  const failing = subject === judgement.udp ? 'UDP' : 'TCP';
  const differing =
    inner === story
      ? []
      : inner.meaning(cast).map((text, at) => (at === 0 ? `Over ${failing}: ${text}` : text));
  return {
    answer: answerOf(verdict),
    headline: story.headline(cast),
    tried:
      `${m.client}, a computer in this local network (LAN), asked ${m.server ? `the server ${show(m.server)}` : 'a server'} ` +
      `by way of ${show(m.public)}: the router's public address and a port it forwards, as people in the Internet do.` +
      (m.self ? SELF : ''),
    meaning: [...story.meaning(cast), ...(because ? [because.why] : []), ...differing],
    hops: inner.hops(cast),
    picture: wayPicture(m, findingOf(judgement, subject, server)),
    evidence: [...protocolEvidence(m, judgement), ...circumstances(m)],
    remedies: [
      ...(because?.next ? [because.next] : []),
      ...(deadOutside(m) ? [forwardFirst(cast.server)] : []),
      ...REMEDIES[verdict](wish),
      ...(inner === story || !subject ? [] : REMEDIES[subject.verdict](wish)),
      ...(exitCodeOf(verdict) === 1 ? [THEN_AGAIN] : []),
    ],
    families: SETTING_HELPS.includes(verdict)
      ? familiesFor({
          server: server?.address ?? 'SERVER',
          serverPort: String(server?.port ?? 'PORT'),
          publicAddress: m.public.address,
          lan: m.lan ?? 'LAN',
          protocols: failingOf(judgement),
        })
      : [],
    numbers: numberRows(m),
  };
}

/** What there is to draw: the story of the protocol that is told. */
function findingOf(judgement: Judgement, subject: ProtocolJudgement | null, server: Endpoint | null) {
  const answered = subject?.evidence.find((one) => one.saw === 'answered');
  const seen = answered?.saw === 'answered' ? answered.seenAs : [];
  return {
    verdict: subject?.verdict ?? judgement.verdict,
    server,
    seenAs: seen.length === 1 ? seen[0] : null,
    routerRefuses: subject?.evidence.some(({ saw }) => saw === 'first-hop-refuses') ?? false,
    protocol: subject === judgement.udp ? ('UDP' as const) : ('TCP' as const),
  };
}

const SELF =
  ' Client and server are one host here (the self case): its packet comes back to where it started. Unless the router ' +
  "replaces the sender, it comes with this host's own address as the sender, and systems throw that away unseen. So " +
  'this proves less than asking from another computer in the LAN.';

/** The protocols that do not work, in the words of firewall rules. */
function failingOf({ tcp, udp }: Judgement): string[] {
  const fails = (one: ProtocolJudgement | null) => one !== null && exitCodeOf(one.verdict) === 1;
  return [...(fails(tcp) ? ['tcp'] : []), ...(fails(udp) ? ['udp'] : [])];
}

/** The command that shows more, while there is more to be seen. */
function stillToSee(m: Measurements, asRoot: string | null): string | null {
  if (asRoot === null) return null;
  // On one host nothing strays to the prober; it is the responder that root lets see more.
  if (m.self)
    return m.recall?.watching ? null : `sudo ${hairpinCommand} bench respond --port ${m.server?.port}`;
  return m.strays === null ? asRoot : null;
}

/** The helper in the Internet used the forward, and over no protocol the server answered. */
function deadOutside({ outside }: Measurements): boolean {
  const called = [outside?.tcp, outside?.udp].filter((one) => one != null);
  return called.length > 0 && called.every(({ outcome }) => outcome !== 'answered');
}

function forwardFirst(server: string): string {
  return (
    'It does not work from the Internet either, and that comes first: see that the port forward is there, that its ' +
    `protocol is the right one, and that it leads to ${server}.`
  );
}

function protocolEvidence(m: Measurements, { verdict, tcp, udp }: Judgement): string[] {
  const of = (protocol: 'tcp' | 'udp', judged: ProtocolJudgement | null) =>
    (judged?.evidence ?? []).map((one) => evidenceSentence(one, protocol, m));
  const [tcpSaid, udpSaid] = [of('tcp', tcp), of('udp', udp)];
  // What gave the verdict comes first.
  return verdict !== tcp?.verdict && verdict === udp?.verdict
    ? [...udpSaid, ...tcpSaid]
    : [...tcpSaid, ...udpSaid];
}

/** The middle value; null of nothing. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length > 0 ? sorted[sorted.length >> 1] : null;
}

function numberRows({ numbers: { direct, through }, server }: Measurements): NumberRow[] {
  const rows: NumberRow[] = [];
  const handshakes = { direct: direct?.handshakes ?? [], through: through.handshakes };
  if (handshakes.direct.length + handshakes.through.length > 0)
    rows.push({
      name: 'time to connect, middle value',
      unit: 'ms',
      direct: median(handshakes.direct),
      through: median(handshakes.through),
      absent: { direct: server ? 'no connection' : 'not asked', through: 'no connection' },
      all: handshakes,
    });
  if (server && (direct?.throughput ?? through.throughput) != null)
    rows.push({
      name: 'throughput, server to client',
      unit: 'Mbit/s',
      direct: direct?.throughput ?? null,
      through: through.throughput,
      absent: { direct: 'not measured', through: 'not measured' },
      all: { direct: [], through: [] },
    });
  return rows;
}

/** "192.168.0.2:8025" and "12.0.0.1:25": the columns of the numbers. */
export function columns(m: Measurements): { direct: string; through: string } {
  return { direct: m.server ? show(m.server) : 'the server', through: show(m.public) };
}
