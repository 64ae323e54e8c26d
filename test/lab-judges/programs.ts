/*
 * The programs that judge the router, none of them ours, and the Debian package each comes in. `make lab-deps` installs
 * them: its list in the Makefile holds the same pairs (test/structure/lab-deps.test.ts). Data only.
 */

/** Program: package. */
export const PACKAGES = {
  curl: 'curl',
  dhclient: 'isc-dhcp-client',
  dig: 'bind9-dnsutils',
  dnsmasq: 'dnsmasq-base',
  hping3: 'hping3',
  iperf3: 'iperf3',
  mtr: 'mtr-tiny',
  natpmpc: 'natpmpc',
  nmap: 'nmap',
  ping: 'iputils-ping',
  socat: 'socat',
  stun: 'stun-client',
  stund: 'stun-server',
  syslogd: 'inetutils-syslogd',
  tracepath: 'iputils-tracepath',
  traceroute: 'traceroute',
  turnserver: 'coturn',
  turnutils_natdiscovery: 'coturn',
  udhcpc: 'udhcpc',
  udhcpd: 'udhcpd',
  vsftpd: 'vsftpd',
} as const;

export type Program = keyof typeof PACKAGES;
