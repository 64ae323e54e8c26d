/*
 * What to do about each verdict, in general words and in the order to try it; and what an inconclusive run needs. Tables.
 */
import type { Reason, Verdict } from '../judge/verdicts.ts';
import type { Cast } from './story.ts';

interface Wish extends Cast {
  /** The command to repeat as root; null where that says nothing new. */
  asRoot: string | null;
  /** Public and inner port are the same. */
  samePorts: boolean;
  publicPort: number;
  serverPort: string;
}

const splitDns = ({ serverAddress, samePorts, publicPort, serverPort }: Wish) =>
  'Or let names do it, which needs nothing of the router ("split DNS"): use a name instead of the public address, and ' +
  `let the name server of this LAN answer it with ${serverAddress}. Then clients here go straight to the server.` +
  (samePorts
    ? ''
    : ` This does not change the port, so the service must be reachable here at ${publicPort} as well, not only at ${serverPort}.`);

const loopback =
  'Switch on what routers call "hairpin NAT", "NAT loopback" or "NAT reflection" for this port forward; the list says ' +
  'where.';

/** The end of every list. */
export const THEN_AGAIN = 'Then run this again: it takes a minute.';

/** A function for each verdict; nothing to do where it works. */
export const REMEDIES: Record<Verdict, (wish: Wish) => string[]> = {
  'works-external': () => [],
  'works-lan': () => [],
  works: () => [],
  'dnat-without-snat': (wish) => [
    'Make the router replace the source, too, for connections from this LAN to the server (source NAT or ' +
      '"masquerading" towards the LAN). The list says where.',
    splitDns(wish),
  ],
  'no-dnat': (wish) => [
    `${loopback} Where it has a choice of interfaces, the forward must not be limited to the WAN.`,
    splitDns(wish),
  ],
  'no-answer': (wish) => [
    wish.asRoot
      ? `Let root run it, who is shown packets that no program is given, and so which of the two it is: ${wish.asRoot}`
      : `Watch on the server's host, as root, while this runs again: tcpdump -n tcp dst port ${wish.serverPort}. ` +
        `Packets from ${wish.client} mean the source is not replaced; none mean the router does not pass them on.`,
    `The cure is often the same for both. ${loopback}`,
    splitDns(wish),
  ],
  'router-answered': (wish) => [
    "Give the router's own page another port, or switch its remote management off; then use the port forward from " +
      'inside as well.',
    loopback,
    splitDns(wish),
  ],
  refused: (wish) => [
    `${loopback} Where it has a choice of interfaces, the forward must not be limited to the WAN.`,
    splitDns(wish),
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
  'server-silent': ({ server }) => ({
    why: `The server does not answer at its own address ${server}, so nothing can be said about the way round.`,
    next:
      'See that the service or the responder runs, that address and port after --server are right, and that no ' +
      "firewall on the server's host shuts this client out.",
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
    next: 'Stop the service for a minute and put the responder in its place: hairpin bench respond --port PORT',
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
    why: 'The answer is for TCP. UDP failed in a way that is known, but perhaps only TCP is forwarded at all.',
    next: '',
  }),
  'not-asked': () => ({
    why: 'Only UDP was wanted, and the port belongs to a real service, which cannot be asked over UDP.',
    next: 'Put the responder in its place: hairpin bench respond --port PORT',
  }),
};

export type { Wish };
