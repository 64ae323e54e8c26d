/*
 * The lab's network: four network namespaces for the hosts, and virtual cables to the ports of the router and of
 * the LAN switch, which stay in the caller's own namespace.
 *
 *     internet (I, J) --- gateway (G) --- [wan] router [lan] --- [sw-router] switch [sw-client] --- client (C)
 *                                                                                  [sw-server] --- server (S)
 *
 * To be called only inside a mount and network namespace that was made for it (lab-process.ts): it mounts over
 * /run and creates interfaces by fixed names. All of it vanishes with those namespaces.
 */
import { mkdirSync } from 'node:fs';
import { CAST } from '../lab.ts';
import { switchOffloadsOff } from './offloads.ts';
import { runProgram } from './programs.ts';

export type Namespace = 'internet' | 'gateway' | 'client' | 'server';
const NAMESPACES: readonly Namespace[] = ['internet', 'gateway', 'client', 'server'];

/** The router's ports: ends without addresses, so that no kernel answers beside the router. */
export const ROUTER_PORTS = { wan: 'wan', lan: 'lan' } as const;
export const SWITCH_PORTS = { router: 'sw-router', client: 'sw-client', server: 'sw-server' } as const;

/** G's address on the side of I and J. */
const BEHIND_GATEWAY = '198.51.100.1';

/** Cables: both ends, and the namespace and name the far end gets (none: it stays here). */
const CABLES: { near: string; far: string; to?: Namespace; as?: string }[] = [
  { near: ROUTER_PORTS.wan, far: 'far-wan', to: 'gateway', as: 'eth0' },
  { near: ROUTER_PORTS.lan, far: SWITCH_PORTS.router },
  { near: SWITCH_PORTS.client, far: 'far-client', to: 'client', as: 'eth0' },
  { near: SWITCH_PORTS.server, far: 'far-server', to: 'server', as: 'eth0' },
  { near: 'near-net', far: 'far-net', to: 'gateway', as: 'eth1' },
];

/**
 * @param routed false leaves the router out: C and G are set up as neighbours, for the comparison in which frames
 *   are only copied between the two ports.
 */
export function buildTopology(routed: boolean): void {
  runProgram('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  mkdirSync('/run/netns');
  kernelSettings([]);
  ip(NAMESPACES.map((name) => `netns add ${name}`));
  for (const name of NAMESPACES) kernelSettings(['ip', 'netns', 'exec', name], name === 'gateway');
  layCables();
  for (const [name, commands] of Object.entries(hostCommands(routed)))
    ip(['link set lo up', ...commands], name);
}

function ip(commands: string[], namespace?: string): void {
  runProgram('ip', [...(namespace ? ['-n', namespace] : []), '-batch', '-'], commands.join('\n') + '\n');
}

/** What a new namespace may have inherited from the machine, or must not do in a lab. */
function kernelSettings(inside: string[], forwards = false): void {
  const settings = [
    // Kernels without IPv6 have no such file, and nothing to switch off.
    'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ -e $f ] && echo 1 > $f; done',
    `echo ${forwards ? 1 : 0} > /proc/sys/net/ipv4/ip_forward`,
    // Every probe gets its answer, however many come in a second.
    'echo 0 > /proc/sys/net/ipv4/icmp_ratelimit',
  ];
  const [program, ...options] = [...inside, 'sh', '-ec', settings.join('\n')];
  runProgram(program, options);
}

function layCables(): void {
  ip(CABLES.map(({ near, far }) => `link add ${near} type veth peer name ${far}`));
  // A frame that leaves a card-less interface must be finished: nobody after it completes checksums or cuts segments.
  for (const { near, far } of CABLES) for (const end of [near, far]) switchOffloadsOff(end);
  ip([
    ...CABLES.flatMap(({ far, to, as }) => (to ? [`link set ${far} netns ${to} name ${as}`] : [])),
    'link set near-net netns internet name eth0',
    ...[...Object.values(ROUTER_PORTS), ...Object.values(SWITCH_PORTS)].map(
      (port) => `link set ${port} arp off up`,
    ),
  ]);
}

function hostCommands(routed: boolean): Record<Namespace, string[]> {
  const { G, R, S, C, I, J } = CAST;
  const lanHost = (host: { address: string; mac: string }) => [
    `link set eth0 address ${host.mac} up`,
    `addr add ${host.address}/24 dev eth0`,
    routed ? `route add default via ${R.address}` : `route add default via ${G.address} dev eth0 onlink`,
  ];
  return {
    internet: [
      'link set eth0 up',
      `addr add ${I.address}/24 dev eth0`,
      `addr add ${J.address}/24 dev eth0`,
      `route add default via ${BEHIND_GATEWAY}`,
    ],
    gateway: [
      `link set eth0 address ${G.mac} up`,
      'link set eth1 up',
      `addr add ${G.address}/24 dev eth0`,
      `addr add ${BEHIND_GATEWAY}/24 dev eth1`,
      // A router's WAN never carries the LAN's addresses; only the comparison without a router needs this.
      routed ? `route add unreachable 192.168.0.0/16` : `route add 192.168.0.0/24 dev eth0`,
    ],
    client: lanHost(C),
    server: lanHost(S),
  };
}
