/*
 * Routers to be tested: Linux with nftables, configured right or wrong in every way we know, and this firmware. Each
 * forwards P:25 to S:8025, TCP and UDP, unless its name says otherwise. Data only.
 */
import { CAST } from '../../host-tools/lab/lab.ts';

const { P, S } = CAST;
/** What is forwarded, and where to. */
export const PUBLIC_PORT = 25;
export const SERVER_PORT = 8025;

export interface NftRouter {
  kind: 'nftables';
  /** Rules of the four chains, without the address translation towards the Internet that all have. */
  destination: string[];
  source?: string[];
  input?: string[];
  forward?: string[];
  /** Below /proc/sys/net/netfilter. */
  settings?: Record<string, number>;
  /** The router's own web page on P:25 and R:25. */
  page?: boolean;
}

export interface FirmwareRouter {
  kind: 'firmware';
  hairpin: 'external' | 'lan' | 'dnat-only' | 'none';
}

/** Nobody has the router's address in the LAN: it is switched off, or elsewhere. */
export interface AbsentRouter {
  kind: 'absent';
}

export type Router = NftRouter | FirmwareRouter | AbsentRouter;

const dnat = (protocol: 'tcp' | 'udp', match = '') =>
  `${match} ip daddr ${P.address} ${protocol} dport ${PUBLIC_PORT} dnat to ${S.address}:${SERVER_PORT}`;
const everywhere = [dnat('tcp'), dnat('udp')];
const fromOutsideOnly = [dnat('tcp', 'iifname "wan"'), dnat('udp', 'iifname "wan"')];
const hairpinned = `ip saddr 192.168.0.0/24 ip daddr ${S.address}`;
const externalSource = [`${hairpinned} snat to ${P.address}`];
const lanSource = [`${hairpinned} masquerade`];
const atPublicFromInside = `iifname "lan" ip daddr ${P.address}`;

export const ROUTERS = {
  'source P': { kind: 'nftables', destination: everywhere, source: externalSource },
  'source R': { kind: 'nftables', destination: everywhere, source: lanSource },
  'DNAT only': { kind: 'nftables', destination: everywhere },
  'no DNAT from inside, packets dropped': {
    kind: 'nftables',
    destination: fromOutsideOnly,
    input: [`${atPublicFromInside} drop`],
  },
  'no DNAT from inside, nothing listens': { kind: 'nftables', destination: fromOutsideOnly },
  'DNAT, then dropped by the firewall': {
    kind: 'nftables',
    destination: everywhere,
    source: externalSource,
    forward: ['iifname "lan" oifname "lan" drop'],
  },
  'its own page on the port': { kind: 'nftables', destination: fromOutsideOnly, page: true },
  'refuses with reset and ICMP': {
    kind: 'nftables',
    destination: fromOutsideOnly,
    input: [`${atPublicFromInside} ip protocol tcp reject with tcp reset`, `${atPublicFromInside} reject`],
  },
  'TCP only': {
    kind: 'nftables',
    destination: [dnat('tcp')],
    source: externalSource,
    input: [`${atPublicFromInside} drop`],
  },
  'UDP only': {
    kind: 'nftables',
    destination: [dnat('udp')],
    source: externalSource,
    input: [`${atPublicFromInside} drop`],
  },
  'forgets within a second': {
    kind: 'nftables',
    destination: everywhere,
    source: externalSource,
    settings: {
      nf_conntrack_udp_timeout: 1,
      nf_conntrack_udp_timeout_stream: 1,
      nf_conntrack_tcp_timeout_established: 1,
      nf_conntrack_tcp_loose: 0,
    },
  },
  'switched off': { kind: 'absent' },
  'this firmware, external': { kind: 'firmware', hairpin: 'external' },
  'this firmware, lan': { kind: 'firmware', hairpin: 'lan' },
  'this firmware, dnat-only': { kind: 'firmware', hairpin: 'dnat-only' },
  'this firmware, none': { kind: 'firmware', hairpin: 'none' },
} as const satisfies Record<string, Router>;

export type RouterName = keyof typeof ROUTERS;

/** The ruleset as text for `nft -f`. */
export function ruleset({ destination, source = [], input = [], forward = [] }: NftRouter): string {
  const chain = (name: string, hook: string, rules: readonly string[]) =>
    `  chain ${name} {\n    type ${hook};\n${rules.map((rule) => `    ${rule.trim()}\n`).join('')}  }\n`;
  return (
    'table ip router {\n' +
    chain('destination', 'nat hook prerouting priority dstnat', destination) +
    chain('source', 'nat hook postrouting priority srcnat', ['oifname "wan" masquerade', ...source]) +
    chain('input', 'filter hook input priority filter', input) +
    chain('forward', 'filter hook forward priority filter', forward) +
    '}\n'
  );
}
