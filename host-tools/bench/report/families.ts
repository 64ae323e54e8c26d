/*
 * Where common routers keep the setting that makes a port forward work from inside. Data only. Menus move between
 * versions; the names of the settings are what to look for.
 */
import type { FamilyRemedy } from './context.ts';

/** What the table needs to name: the forward that is wanted. */
export interface Wanted {
  /** The server's address, or a word for it. */
  server: string;
  serverPort: string;
  publicAddress: string;
  /** The LAN in prefix notation, or a word for it. */
  lan: string;
  /** Those that fail: "tcp", "udp" or both. */
  protocols: readonly string[];
}

/** A family, and its text with {server}, {serverPort}, {public}, {lan} and {protocol} for the forward's own. A line with {protocol} stands once for each. */
const FAMILIES: readonly (readonly [family: string, text: string])[] = [
  [
    'OpenWrt',
    'Network > Firewall > Port Forwards, edit the forward, Advanced: tick "Enable NAT Loopback" ' +
      "(in /etc/config/firewall: option reflection '1'). If the server sits in another zone than the clients, " +
      'add their zone to "Loopback zones".',
  ],
  [
    'pfSense',
    'System > Advanced > Firewall & NAT: set "NAT Reflection mode for port forwards" to "Pure NAT" and tick ' +
      '"Enable automatic outbound NAT for Reflection". The second one is what replaces the source.',
  ],
  [
    'OPNsense',
    'Firewall > Settings > Advanced: tick "Reflection for port forwards" and ' +
      '"Automatic outbound NAT for Reflection". The second one is what replaces the source.',
  ],
  [
    'MikroTik RouterOS',
    'The dst-nat rule must match dst-address={public} and not in-interface=<WAN>. Then add:\n/ip firewall nat add ' +
      'chain=srcnat action=masquerade src-address={lan} dst-address={server} protocol={protocol} dst-port={serverPort}',
  ],
  [
    'FRITZ!Box',
    'Its port sharing works from inside without a setting. If it does not, make the forward anew under Internet > ' +
      'Permit Access > Port Sharing, for the device itself, and update the firmware. For split DNS name the ' +
      'server under Home Network > Network > Network Settings > DNS Rebind Protection.',
  ],
  [
    'Consumer routers (ASUS, TP-Link, Netgear, D-Link, ...)',
    'Look for a switch called "NAT loopback", "NAT reflection" or "hairpin", near the port forwards or in the ' +
      'firewall settings. Where there is none, a newer firmware may do it by itself.',
  ],
  [
    "Provider's box",
    'Many have no such setting. Use split DNS (above), or put a router of your own behind it and the box into ' +
      'bridge mode.',
  ],
  [
    'Linux with nftables',
    'The dnat rule must not be limited to the WAN interface; and in a postrouting chain:\n' +
      'ip saddr {lan} ip daddr {server} {protocol} dport {serverPort} masquerade',
  ],
  [
    'Hairpin (this project)',
    'In hairpin.json give the forward "hairpin": "external", or leave the key out: that is the default.',
  ],
];

/** The table for one forward. */
export function familiesFor({ server, serverPort, publicAddress, lan, protocols }: Wanted): FamilyRemedy[] {
  const values: Record<string, string> = { server, serverPort, public: publicAddress, lan };
  const filled = (line: string, protocol: string) =>
    line.replace(/\{(\w+)\}/g, (whole, name: string) => ({ ...values, protocol })[name] ?? whole);
  return FAMILIES.map(([family, text]) => {
    const lines = text.split('\n').flatMap((line) => {
      const each = line.includes('{protocol}') ? protocols : [''];
      return each.map((protocol) => filled(line, protocol));
    });
    return { family, text: lines.join('\n') };
  });
}
