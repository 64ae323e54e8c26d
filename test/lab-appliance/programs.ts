/*
 * Scripts and settings for the unmodified software around the router: what an ISP's DHCP server and a household's
 * clients need to run in the lab. Texts only; household.ts starts the programs.
 */
import { CAST } from '../../host-tools/lab/lab.ts';

const { G } = CAST;

/** A TXT record that is longer than a datagram of DNS without EDNS may be (512 bytes), in strings of 200 characters. */
export const BIG = Array.from({ length: 4 }, (_, i) => String.fromCharCode(97 + i).repeat(200));

/** dnsmasq as the ISP: addresses for two minutes, the shortest it gives, and names. */
export const DNSMASQ = [
  'dnsmasq',
  '--conf-file=/dev/null',
  '--keep-in-foreground',
  '--log-facility=-',
  '--log-dhcp',
  '--user=root',
  '--pid-file=/run/isp.pid',
  '--dhcp-leasefile=/run/isp.leases',
  '--interface=eth0',
  '--bind-interfaces',
  '--no-resolv',
  '--no-hosts',
  '--local-service',
  '--edns-packet-max=4096',
  '--dhcp-authoritative',
  '--dhcp-range=12.0.0.50,12.0.0.60,255.255.255.0,120',
  `--dhcp-option=option:router,${G.address}`,
  `--dhcp-option=option:dns-server,${G.address}`,
  `--address=/site.example/${CAST.I.address}`,
  `--txt-record=big.example,${BIG.join(',')}`,
  '--dns-rr=odd.example,65280,cafe0123',
];

/** busybox's udhcpd as the ISP. */
export const UDHCPD_CONF = `
start 12.0.0.70
end 12.0.0.79
interface eth0
lease_file /run/udhcpd.leases
pidfile /run/udhcpd.pid
option subnet 255.255.255.0
option router ${G.address}
option dns ${G.address}
option lease 600
`;

/** What udhcpc does with a lease: puts it on the interface, and notes what it was given. */
export const UDHCPC_SCRIPT = `#!/bin/sh
case "$1" in bound | renew) ;; *) exit 0 ;; esac
ip addr flush dev "$interface"
ip addr add "$ip/$mask" dev "$interface"
ip route add default via "$router"
echo "ip=$ip mask=$mask router=$router dns=$dns domain=$domain lease=$lease hostname=$hostname" >/run/udhcpc.given
`;

/** The same for dhclient. */
export const DHCLIENT_SCRIPT = `#!/bin/sh
case "$reason" in BOUND | RENEW | REBIND | REBOOT) ;; *) exit 0 ;; esac
ip addr flush dev "$interface"
ip addr add "$new_ip_address/24" dev "$interface"
ip route add default via "$new_routers"
echo "ip=$new_ip_address mask=$new_subnet_mask router=$new_routers dns=$new_domain_name_servers domain=$new_domain_name lease=$new_dhcp_lease_time server=$new_dhcp_server_identifier" >/run/dhclient.given
`;

export const DHCLIENT_CONF = `
send host-name "Printer";
request subnet-mask, routers, domain-name, domain-name-servers, host-name;
timeout 20;
retry 2;
`;
