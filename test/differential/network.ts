/**
 * The one network both routers stand in: who lives where, which forwards there are, and the same wishes written down
 * twice - as this firmware's configuration and as rules for nftables. Data and texts only.
 */

/** Where a frame is on a wire: outside the router's WAN port or its LAN port. */
export type Side = 'wan' | 'lan';

/** Addresses by name. G is the gateway, I and J are behind it; S, C and D are LAN hosts; M and K carry markers. */
export const ADDRESS: Readonly<Record<string, string>> = {
  P: '12.0.0.1',
  G: '12.0.0.254',
  R: '192.168.0.1',
  S: '192.168.0.2',
  C: '192.168.0.3',
  D: '192.168.0.4',
  M: '192.168.0.9',
  I: '198.51.100.10',
  J: '198.51.100.11',
  K: '203.0.113.9',
};

/** MAC addresses by name; hosts of the Internet are reached by G's. */
export const MAC: Readonly<Record<string, string>> = {
  P: '020000000c01',
  G: '020000000cfe',
  R: '02000000a801',
  S: '02000000a802',
  C: '02000000a803',
  D: '02000000a804',
  M: '02000000a809',
};

/** Hosts of the LAN whose ARP questions are answered. */
export const LAN_HOSTS = ['S', 'C', 'D'] as const;

export function macBytes(name: string): Uint8Array {
  return new Uint8Array(Buffer.from(MAC[name], 'hex'));
}

export function addressBytes(name: string): Uint8Array {
  return Uint8Array.from((ADDRESS[name] ?? name).split('.').map(Number));
}

/** The letter of an address, or its digits. */
export function nameOf(address: ArrayLike<number>): string {
  const dotted = Array.from(address).join('.');
  return Object.keys(ADDRESS).find((name) => ADDRESS[name] === dotted) ?? dotted;
}

export type Protocol = 'tcp' | 'udp';

export interface Forward {
  proto: Protocol;
  port: number;
  to: 'S' | 'C';
  toPort: number;
  /** Only this host of the Internet may use it. */
  from?: 'I';
  hairpin: 'external' | 'lan';
}

/** Port kept, port translated, both protocols on one port, a range shifted, one with a source filter, one that hairpins in R's name. */
export const FORWARDS: readonly Forward[] = [
  { proto: 'tcp', port: 25, to: 'S', toPort: 25, hairpin: 'external' },
  { proto: 'udp', port: 5000, to: 'S', toPort: 5000, hairpin: 'external' },
  { proto: 'tcp', port: 8080, to: 'S', toPort: 80, hairpin: 'external' },
  { proto: 'udp', port: 8080, to: 'C', toPort: 8081, hairpin: 'external' },
  { proto: 'tcp', port: 2222, to: 'S', toPort: 22, from: 'I', hairpin: 'external' },
  { proto: 'tcp', port: 8443, to: 'S', toPort: 443, hairpin: 'lan' },
];

/** MTU of the WAN in the two networks that are tried. */
export const WAN_MTUS = [1500, 1400] as const;
export type WanMtu = (typeof WAN_MTUS)[number];

/** MAC address as `ip` takes it. */
export function macText(name: string): string {
  return MAC[name].match(/../g)!.join(':');
}

/** This firmware's configuration, a document of the keys of docs/configuration.md. */
export function firmwareConfig(mtu: WanMtu): Record<string, unknown> {
  return {
    wan: { address: ADDRESS.P + '/24', gateway: ADDRESS.G, mac: macText('P'), mtu },
    lan: { address: ADDRESS.R + '/24', mac: macText('R') },
    forwards: FORWARDS.map(({ proto, port, to, toPort, from, hairpin }, index) => ({
      name: 'f' + index,
      proto,
      port,
      to: `${ADDRESS[to]}:${toPort}`,
      ...(from ? { from: ADDRESS[from] + '/32' } : {}),
      hairpin,
    })),
  };
}

/** The same for `nft -f`: hairpin to P as in the reference rules, and what any careful administrator drops. */
export function nftRules(mtu: WanMtu): string {
  const lan = 'ip saddr 192.168.0.0/24';
  const dnat = ({ proto, port, to, toPort, from }: Forward) => {
    const rule = `ip daddr ${ADDRESS.P} ${proto} dport ${port} dnat to ${ADDRESS[to]}:${toPort}`;
    return from ? [`iifname "wan" ip saddr ${ADDRESS[from]} ${rule}`, `iifname "lan" ${rule}`] : [rule];
  };
  const inRouterName = FORWARDS.filter(({ hairpin }) => hairpin === 'lan').map(
    ({ proto, port }) =>
      `oifname "lan" ${lan} meta l4proto ${proto} ct status dnat ct original proto-dst ${port} snat to ${ADDRESS.R}`,
  );
  const clamp =
    mtu < 1500
      ? ['iifname', 'oifname'].map(
          (way) => `${way} "wan" tcp flags syn tcp option maxseg size set ${mtu - 40}`,
        )
      : [];
  return table({
    'destination { type nat hook prerouting priority dstnat;': FORWARDS.flatMap(dnat),
    'source { type nat hook postrouting priority srcnat;': [
      ...inRouterName,
      `oifname "lan" ${lan} ct status dnat snat to ${ADDRESS.P}`,
      `oifname "wan" ${lan} masquerade`,
    ],
    'through { type filter hook forward priority filter; policy drop;': [
      'ct state invalid drop',
      `iifname "wan" ${lan} drop`,
      ...clamp,
      'ct state established,related accept',
      'iifname "lan" accept',
      'iifname "wan" ct status dnat accept',
    ],
    'itself { type filter hook input priority filter; policy drop;': [
      'ct state invalid drop',
      'iifname "lan" accept',
      'iifname "wan" icmp type echo-request accept',
    ],
  });
}

function table(chains: Record<string, readonly string[]>): string {
  const text = Object.entries(chains).map(
    ([head, rules]) => `  chain ${head}\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`,
  );
  return `table ip router {\n${text.join('')}}\n`;
}
