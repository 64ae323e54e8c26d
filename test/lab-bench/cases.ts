/*
 * What bench must say about which router, seen with which means. Data only: `make test-lab` runs each three times,
 * `make test-nightly` a hundred times without loss and a hundred times with 5 %.
 */
import type { Verdict } from '../../host-tools/bench/judge/verdicts.ts';
import type { RouterName } from './routers.ts';

export interface Case {
  router: RouterName;
  expect: Verdict;
  /** What the server runs on the forwarded port. Default: the responder. */
  server?: 'responder' | 'greeting' | 'page';
  protocols?: readonly ('tcp' | 'udp')[];
  /** Who is root; the others are ordinary users. Default: nobody. */
  root?: 'client' | 'server';
  /** The prober runs on the server's own host. */
  self?: boolean;
  /** Without --server. */
  blind?: boolean;
}

const tcp = ['tcp'] as const;

export const CASES: readonly Case[] = [
  { router: 'source P', expect: 'works-external' },
  { router: 'source R', expect: 'works-lan' },
  { router: 'DNAT only', expect: 'dnat-without-snat' },
  { router: 'DNAT only', protocols: tcp, expect: 'no-answer' },
  { router: 'DNAT only', protocols: tcp, root: 'client', expect: 'dnat-without-snat' },
  { router: 'DNAT only', protocols: tcp, root: 'server', expect: 'dnat-without-snat' },
  { router: 'no DNAT from inside, packets dropped', expect: 'no-dnat' },
  { router: 'no DNAT from inside, nothing listens', expect: 'refused' },
  { router: 'DNAT, then dropped by the firewall', expect: 'no-answer' },
  { router: 'DNAT, then dropped by the firewall', root: 'server', expect: 'no-dnat' },
  { router: 'DNAT, then dropped by the firewall', protocols: tcp, root: 'client', expect: 'no-dnat' },
  { router: 'its own page on the port', expect: 'router-answered' },
  { router: 'refuses with reset and ICMP', expect: 'refused' },
  { router: 'TCP only', expect: 'protocols-differ' },
  { router: 'UDP only', expect: 'protocols-differ' },
  { router: 'forgets within a second', expect: 'fails-later' },
  { router: 'source P', server: 'greeting', expect: 'works' },
  { router: 'source R', server: 'page', expect: 'works' },
  { router: 'DNAT only', server: 'greeting', expect: 'no-answer' },
  { router: 'its own page on the port', server: 'page', expect: 'router-answered' },
  { router: 'source P', self: true, expect: 'works-external' },
  { router: 'DNAT only', self: true, expect: 'no-answer' },
  { router: 'source P', blind: true, expect: 'works-external' },
  { router: 'DNAT only', blind: true, expect: 'dnat-without-snat' },
  { router: 'switched off', expect: 'inconclusive' },
  { router: 'this firmware, external', expect: 'works-external' },
  { router: 'this firmware, lan', expect: 'works-lan' },
  { router: 'this firmware, dnat-only', expect: 'dnat-without-snat' },
  { router: 'this firmware, none', expect: 'refused' },
];

/** "DNAT only; TCP only; root on the client". */
export function titleOf({ router, server, protocols, root, self, blind }: Case): string {
  return [
    router,
    ...(protocols ? [`asked over ${protocols.join(' and ')} only`] : []),
    ...(server && server !== 'responder' ? [`a real service (${server})`] : []),
    ...(root ? [`root on the ${root}`] : []),
    ...(self ? ['client and server on one host'] : []),
    ...(blind ? ['without --server'] : []),
  ].join('; ');
}
