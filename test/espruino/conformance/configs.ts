/**
 * The config of the conformance script: every protocol, a range, a source, one server port behind two forwards.
 */
export const forwards = [
  { name: 'smtp', proto: 'tcp', port: 25, to: '192.168.0.2:25' },
  { name: 'mail', proto: 'tcp', port: 2525, to: '192.168.0.2:25' },
  { name: 'echo', proto: 'udp', port: 5000, to: '192.168.0.2:5000' },
  { name: 'games', proto: 'both', port: '6000-6003', to: '192.168.0.2:7000' },
  { name: 'far', proto: 'udp', port: 256, to: '192.168.0.2:65535' },
  { name: 'friends', proto: 'udp', port: 1194, to: '192.168.0.2', from: '198.51.100.10/32' },
];

/** The parts of a config document; `hairpin` is the mode of every forward that says none. */
export function config({
  hairpin = 'external',
  mtu = 1500,
  rules = forwards as object[],
  nat = {},
  dmz = undefined as string | undefined,
} = {}) {
  return {
    wan: { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01', mtu },
    lan: { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' },
    nat: nat as object,
    forwards: rules.map((rule) => ({ hairpin, ...rule })),
    dmz,
  };
}

export function configText(wish?: Parameters<typeof config>[0]): string {
  return JSON.stringify(config(wish));
}
