/*
 * What each verdict means to somebody who has never heard of NAT: the headline, the way the packet took, and the
 * explanation. One entry for each verdict, in one table; nothing here judges.
 */
import { show, type Endpoint } from '../endpoint.ts';
import type { Measurements } from '../measurements.ts';
import type { ProtocolJudgement, Verdict } from '../judge/verdicts.ts';
import type { Hop } from './context.ts';

/** The names the stories need. */
export interface Cast {
  /** The public address with its port, and without. */
  there: string;
  publicAddress: string;
  server: string;
  serverAddress: string;
  client: string;
  /** Addresses the server saw. */
  seenAs: string;
  /** "TCP", "UDP", "TCP and UDP". */
  protocols: string;
  /** It is proved that the router itself refuses. */
  routerRefuses: boolean;
  /** How long a mapping was left alone, in seconds. */
  pause: number;
}

export interface Story {
  headline: (cast: Cast) => string;
  meaning: (cast: Cast) => string[];
  hops: (cast: Cast) => Hop[];
}

const ok = (who: string, text: string): Hop => ({ who, text, mark: 'ok' });
const broken = (who: string, text: string): Hop => ({ who, text, mark: 'broken' });
const lost = (who: string, text: string): Hop => ({ who, text, mark: 'lost' });
const unknown = (who: string, text: string): Hop => ({ who, text, mark: 'unknown' });

const youAsk = ({ client, there }: Cast) =>
  ok('you', `send a packet from ${client} to ${there}. It goes to the router.`);
/** What a reader should take away who reads no further. */
const MISSING_SETTING =
  'What is missing is one setting, which most routers call "NAT loopback", "NAT reflection" or "hairpin NAT".';
const forYourself = (what: string) => `Nothing has to be changed. ${what}`;

function workingWay(cast: Cast, source: string): Hop[] {
  return [
    youAsk(cast),
    ok('router', `sends it on to ${cast.server}, and writes ${source} as the sender.`),
    ok('server', `answers that sender, so the answer comes to the router.`),
    ok('router', `passes the answer on to you, from ${cast.there}: from where you asked.`),
  ];
}

export const STORIES: Record<Verdict, Story> = {
  'works-external': {
    headline: ({ there }) => `${there} works from inside this LAN.`,
    meaning: ({ publicAddress }) => [
      forYourself(
        `The router does complete hairpin NAT: it replaces destination and source. The server sees every client ` +
          `of this LAN as ${publicAddress}, which is what RFC 4787 asks for.`,
      ),
    ],
    hops: (cast) => workingWay(cast, `its own public address ${cast.publicAddress}`),
  },
  'works-lan': {
    headline: ({ there }) => `${there} works from inside this LAN.`,
    meaning: ({ seenAs }) => [
      forYourself(
        `The server sees the clients of this LAN as ${seenAs}. In its logs, and for its rules about addresses, they ` +
          'are all that one.',
      ),
    ],
    hops: (cast) => workingWay(cast, cast.seenAs),
  },
  works: {
    headline: ({ there }) => `${there} works from inside this LAN.`,
    meaning: () => [
      forYourself(
        'The service there is the very one that runs on the server. Which address it sees you come from, only a ' +
          'responder could say.',
      ),
    ],
    hops: (cast) => [
      youAsk(cast),
      ok('router', `sends it on to ${cast.server}.`),
      ok('server', 'answers, and the answer finds its way back through the router.'),
      ok('router', `passes the answer on to you, from ${cast.there}: from where you asked.`),
    ],
  },
  'dnat-without-snat': {
    headline: ({ there }) =>
      `${there} does not work from inside this LAN: the server's answers do not come back through the router.`,
    meaning: ({ there, serverAddress }) => [
      `The fault is in the router: the server runs, and your computer does what it should. ${MISSING_SETTING}`,
      'What happens: the router passes your packet on to the server, but leaves your own address in it as the sender. ' +
        'So the server answers you directly, by a short cut past the router - and the answer arrives from an address ' +
        'you never asked.',
      `Your computer asked ${there} and gets an answer from ${serverAddress}. It must throw that away: anybody ` +
        'could send such a thing. So a program just waits until it gives up. No refusal, just silence.',
      'From the Internet the same forward can work all the same: there the answer has no other way than through the ' +
        'router.',
      'To look it up: this is destination NAT (the router replaces the address that a packet is for) without source ' +
        'NAT (it does not replace the address that it comes from). Both together make hairpin NAT.',
    ],
    hops: (cast) => [
      youAsk(cast),
      broken('router', `sends it on to ${cast.server}, but leaves ${cast.client} as the sender.`),
      ok('server', `sees a neighbour ask, and answers ${cast.client} directly, past the router.`),
      lost(
        'you',
        `get an answer from ${cast.serverAddress}, asked ${cast.publicAddress}, and throw it away.`,
      ),
    ],
  },
  'no-dnat': {
    headline: ({ there }) =>
      `${there} does not work from inside this LAN: the router does not pass the packets on to the server.`,
    meaning: ({ publicAddress }) => [
      'The fault is in the router. What comes from the Internet it may well forward, but not what comes from inside: ' +
        `packets from this LAN to ${publicAddress} end in the router, or in its firewall. The server never hears of ` +
        `them. ${MISSING_SETTING}`,
      'Should the server have a firewall of its own that admits only addresses of the LAN, look there too: a router ' +
        'that does everything right shows it its public address.',
    ],
    hops: (cast) => [
      youAsk(cast),
      broken('router', 'drops the packet: what comes from inside is not passed on to the server.'),
      ok('server', `at ${cast.server} waits, and never hears of it.`),
    ],
  },
  'no-answer': {
    headline: ({ there }) =>
      `${there} does not work from inside this LAN: silence. One more command tells which of two faults it is.`,
    meaning: () => [
      'The fault is most likely in the router. It can be one of two, and to an ordinary program they look the ' +
        'same. Either the router does not pass packets from inside on to the server at all. Or it does, but leaves ' +
        'your address as the sender: then the ' +
        'server answers you directly, past the router, and your computer throws the answer away because it comes ' +
        'from an address it never asked.',
      'This report does not guess which. The setting that mends it is mostly the same.',
    ],
    hops: (cast) => [
      youAsk(cast),
      unknown(
        'router',
        `either drops it here, or sends it on to ${cast.server} and leaves you as the sender.`,
      ),
      unknown('server', 'so either never hears of it, or answers you directly, past the router.'),
      lost('you', `get no answer from ${cast.there}.`),
    ],
  },
  'router-answered': {
    headline: ({ there }) =>
      `${there} does not lead to the server from inside this LAN: the router answers instead of passing it on.`,
    meaning: ({ publicAddress }) => [
      `To the router, ${publicAddress} is one of its own addresses, and it has something of its own on this port - ` +
        'often its configuration page. From inside, that is what you get. The port forward is not used.',
      MISSING_SETTING,
    ],
    hops: (cast) => [
      youAsk(cast),
      broken('router', 'takes the connection for itself and answers it.'),
      ok('server', `at ${cast.server} never hears of it.`),
    ],
  },
  refused: {
    headline: ({ there }) => `${there} does not work from inside this LAN: the connection is refused.`,
    meaning: ({ publicAddress, routerRefuses }) => [
      `${routerRefuses ? 'The router itself says no' : 'Something says no, usually the router'}: ${publicAddress} is one ` +
        'of its own addresses, nothing of its own listens on this port, and for packets from inside it does not use ' +
        `the port forward. ${MISSING_SETTING}`,
    ],
    hops: (cast) => [
      youAsk(cast),
      cast.routerRefuses
        ? broken('router', 'refuses the connection itself, and does not use the port forward.')
        : unknown('router', 'refuses the connection, or something behind it does.'),
      ok('server', `at ${cast.server} answers when it is asked directly, so it is not down.`),
    ],
  },
  'protocols-differ': {
    headline: ({ there, protocols }) => `${there} works from inside this LAN only in part: ${protocols}.`,
    meaning: () => [
      'If only one of the two is forwarded, and meant to be, all is well: ask for that one alone, with --proto tcp ' +
        'or --proto udp. If both are forwarded, the router treats them differently.',
    ],
    hops: () => [],
  },
  'fails-later': {
    headline: ({ there }) => `${there} works from inside this LAN at first, and then dies.`,
    meaning: ({ pause }) => [
      'For every connection the router must remember whose it is. This one forgets too soon: after ' +
        `${pause > 0 ? `a pause of ${pause} s` : 'the first packets'} what is sent does not arrive any more. ` +
        'Programs hang or lose their connection after a quiet moment.',
    ],
    hops: (cast) => [
      ...workingWay(cast, cast.seenAs || 'another address').slice(0, 2),
      ok('server', 'answers, and the answer reaches you.'),
      broken(
        'router',
        `forgets ${cast.pause > 0 ? `within ${cast.pause} s` : 'at once'} whom it did this for, and drops what comes then.`,
      ),
    ],
  },
  inconclusive: {
    headline: ({ there }) => `Whether ${there} works from inside this LAN could not be found out.`,
    meaning: () => [],
    hops: () => [],
  },
};

/** The server: as it was named, or else as its answers from the wrong address gave it away. */
export function serverOf(m: Measurements, judged: ProtocolJudgement | null): Endpoint | null {
  const stray = judged?.evidence.find(
    (one) => one.saw === 'stray-answers' || one.saw === 'stray-on-the-wire',
  );
  if (m.server || !stray || !('from' in stray) || !/^[\d.]+:\d+$/.test(stray.from)) return m.server;
  const [address, port] = stray.from.split(':');
  return { address, port: Number(port) };
}

/** The addresses in a judgement, for the stories. */
export function castOf(m: Measurements, judged: ProtocolJudgement | null, protocols: string): Cast {
  const answered = judged?.evidence.find((one) => one.saw === 'answered');
  const seen = answered?.saw === 'answered' ? answered.seenAs : [];
  const named = seen.map((address) =>
    address === m.gateway
      ? `the router's LAN address ${address}`
      : address === m.client
        ? `your own address ${address}`
        : address,
  );
  const server = serverOf(m, judged);
  const died = judged?.evidence.find((one) => one.saw === 'died');
  return {
    there: show(m.public),
    publicAddress: m.public.address,
    server: server ? show(server) : 'the server',
    serverAddress: server?.address ?? "the server's own address",
    client: m.client,
    seenAs: named.join(' or '),
    protocols,
    routerRefuses: judged?.evidence.some(({ saw }) => saw === 'first-hop-refuses') ?? false,
    pause: died?.saw === 'died' && died.when === 'late' ? died.seconds : 0,
  };
}
