/*
 * What to do about each verdict, in general words and in the order to try it; and what an inconclusive run needs. Tables.
 */
import { hairpinCommand } from '../../cli/package-root.ts';
import type { Reason, Verdict } from '../judge/verdicts.ts';
import type { Cast } from './story.ts';

interface Wish extends Cast {
  /** The command to repeat as root; null where that says nothing new. */
  asRoot: string | null;
  /** Client and server are one host. */
  self: boolean;
  /** The router has said that the public address is its own. */
  confirmed: boolean;
  publicPort: number;
  /** Null where the server is not known. */
  serverPort: number | null;
}

const splitDns = ({ serverAddress, publicAddress, publicPort, serverPort }: Wish) =>
  `Or leave the router as it is ("split DNS"): use a name, not ${publicAddress}, and have that name lead to ` +
  `${serverAddress} inside this LAN. Many routers can keep such names ("local DNS", "host names"), and so can Pi-hole ` +
  'or AdGuard Home; for a single computer a line in its hosts file will do. Then clients here go straight to the server.' +
  (serverPort === null || serverPort === publicPort
    ? ''
    : ` This does not change the port, so the service must be reachable here at ${publicPort} as well, not only at ${serverPort}.`);

const loopback =
  'Switch on what routers call "NAT loopback", "NAT reflection" or "hairpin NAT" for this port forward; the list says ' +
  'where.';

const notOnlyWan = 'Where the forward has a choice of interfaces, it must not be limited to the WAN.';

/** What works at once, as it was measured. */
const meanwhile = ({ there, server, serverPort }: Wish) =>
  serverPort === null
    ? []
    : [
        `Until then use ${server} from inside this LAN: that way it answers. Only the way by ${there} does not work.`,
      ];

/** Behind a second translation, the provider's, no setting of this router helps. */
const isItReallyHis = ({ publicAddress, confirmed }: Wish) =>
  confirmed
    ? []
    : [
        `See also that ${publicAddress} is the router's own: its status page shows that address, often as "WAN" or ` +
          '"Internet". If another stands there, the provider translates addresses once more (CGNAT), no setting of ' +
          'this router helps, and the forward cannot be reached from the Internet either.',
      ];

const asRootWords = ({ asRoot, self, serverPort, publicPort, client }: Wish) => {
  if (!asRoot)
    return (
      `Watch on the server's host, as root, while this runs again, what comes. Packets from ${client} mean that the ` +
      `source is not replaced; none, that the router does not pass them on.\ntcpdump -n tcp dst port ${serverPort ?? publicPort}`
    );
  return self
    ? `Run the responder as root, who may watch the wire, and then this once more; it tells which of the two it is.\n${asRoot}`
    : `Run this once more as root, who may watch the wire and so is told which of the two it is.\n${asRoot}`;
};

/** The end of every list. */
export const THEN_AGAIN = 'Then run this again: it takes a minute.';

/** A function for each verdict; nothing to do where it works. */
export const REMEDIES: Record<Verdict, (wish: Wish) => string[]> = {
  'works-external': () => [],
  'works-lan': () => [],
  works: () => [],
  'dnat-without-snat': (wish) => [
    `${loopback} Then the router puts its own address in as the sender, and the answer comes back through it. On ` +
      'routers whose rules are written by hand it is one rule more: source NAT ("masquerading") for connections from ' +
      'this LAN to the server.',
    splitDns(wish),
    ...meanwhile(wish),
  ],
  'no-dnat': (wish) => [
    `${loopback} ${notOnlyWan}`,
    splitDns(wish),
    ...meanwhile(wish),
    ...isItReallyHis(wish),
  ],
  'no-answer': (wish) => [
    asRootWords(wish),
    `Or try the cure, which is often the same for both. ${loopback} ${notOnlyWan}`,
    splitDns(wish),
    ...meanwhile(wish),
    ...isItReallyHis(wish),
  ],
  'router-answered': (wish) => [
    "Give the router's own page another port, or switch its remote management off; then use the port forward from " +
      'inside as well.',
    loopback,
    splitDns(wish),
    ...meanwhile(wish),
  ],
  refused: (wish) => [
    `${loopback} ${notOnlyWan}`,
    splitDns(wish),
    ...meanwhile(wish),
    ...isItReallyHis(wish),
  ],
  'protocols-differ': () => [
    'Look at the port forward: is it made for "TCP", "UDP" or "both"? And at the setting for hairpin NAT: some ' +
      'routers have it for each protocol.',
  ],
  'fails-later': () => [
    "Raise the router's time limit for idle connections (for UDP RFC 4787 asks for at least two minutes, for TCP " +
      'RFC 5382 for more than two hours), or look for a newer firmware.',
    'Until then let the program send something more often than that ("keepalive").',
  ],
  inconclusive: () => [],
};

/** What an inconclusive run met, and what to do next. */
export const REASONS: Record<Reason, (wish: Wish) => { why: string; next: string }> = {
  'server-silent': ({ server, serverPort }) => ({
    why: `The server does not answer at its own address ${server}, so nothing can be said about the way round.`,
    next:
      'See that the service or the responder runs, that address and port after --server are right, and that no ' +
      "firewall on the server's host shuts this client out. Where nothing runs there, start the responder on that " +
      `host.\n${hairpinCommand} bench respond --port ${serverPort ?? 'PORT'}`,
  }),
  'server-unreliable': ({ server }) => ({
    why: `Too much is lost already on the direct way to ${server}.`,
    next: 'Use a cable instead of a weak wireless link, or repeat it when the network is quiet.',
  }),
  contradictory: ({ there }) => ({
    why: `The tries at ${there} ended in different ways, and a verdict asks for agreement.`,
    next: 'Run it again. If it stays like this, the network loses packets or the router is not consistent.',
  }),
  'no-server-named': ({ there }) => ({
    why: `Without --server nobody knows whether the server would answer, or what it would say, so what happens at ${there} proves nothing.`,
    next: "Add --server with the server's own address and port.",
  }),
  'no-router': ({ there }) => ({
    why: `The router does not answer this host at all, so what is meant for ${there} never leaves this host.`,
    next:
      'See that the router is on, that the cable or the wireless link to it works, and that the address above is the ' +
      "router's own: it is the one this host has as its default gateway.",
  }),
  'someone-else': ({ there, server }) => ({
    why: `Something else than ${server} answers at ${there}, and it is not certain that it is the router.`,
    next: `See where the port forward leads: it has to be ${server}. If the real service holds that port, name it with --server, and no responder is needed.`,
  }),
  'service-varies': ({ there }) => ({
    why: `Something answers at ${there}, but what the service says differs from one time to the next, so it cannot be recognised.`,
    next: `Stop the service for a minute and put the responder in its place.\n${hairpinCommand} bench respond --port PORT`,
  }),
  'answer-lost': ({ publicAddress }) => ({
    why: 'The router does replace the source and the packets reach the server, yet the answers do not come back.',
    next: `Look at the server: does it answer to ${publicAddress} through this router, or has it another way out or a firewall of its own?`,
  }),
  'cannot-send': () => ({
    why: 'This host would not send the packets at all.',
    next: 'See its routes and its own firewall.',
  }),
  'pause-kills-direct': () => ({
    why: 'After the pause the direct connections were dead as well, so it is not the router.',
    next: "See whether the responder still runs, and whether this host or the server's has a firewall that forgets.",
  }),
  'only-other-known': () => ({
    why:
      'All this is about TCP. What went wrong over UDP is known, see below, but need not be what is wrong with TCP: ' +
      'perhaps only TCP is forwarded at all.',
    next: '',
  }),
  'not-asked': () => ({
    why: 'Only UDP was wanted, and the port belongs to a real service, which cannot be asked over UDP.',
    next: `Put the responder in its place.\n${hairpinCommand} bench respond --port PORT`,
  }),
};

export type { Wish };
