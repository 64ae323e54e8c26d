/**
 * What a configuration is: its types, its keys, its defaults and limits. Data only; the rules are in validate.ts.
 *
 * The lists of keys are what a document may hold, in the order in which it is printed.
 */

/** Protocols of a forward: `both` is TCP and UDP. */
export type ForwardProtocol = 'tcp' | 'udp' | 'both';
export const forwardProtocols: ForwardProtocol[] = ['tcp', 'udp', 'both'];

/** What a forward does with clients on the LAN. */
export type HairpinMode = 'external' | 'lan' | 'dnat-only' | 'none';
/** In the order of the numbers that the firmware uses inside. */
export const hairpinModes: HairpinMode[] = ['external', 'lan', 'dnat-only', 'none'];

/** Addresses: unsigned 32-bit numbers, most significant byte first. `mac`: six bytes. `prefix`: bits. */
export interface PortConfig {
  address: number;
  prefix: number;
  mac: number[];
}

export interface WanConfig extends PortConfig {
  /** The ISP leases address and gateway (`"address": "dhcp"`): both are 0 here, and the prefix is 32. */
  dhcp: boolean;
  gateway: number;
  /** Longest IP packet in bytes. */
  mtu: number;
}

/** A host that always gets the same address from our DHCP server, and a name. */
export interface DhcpHost {
  name: string;
  mac: number[];
  address: number;
}

/** What the LAN's hosts get from us (RFC 2131). */
export interface DhcpConfig {
  /** The pool, both included. */
  first: number;
  last: number;
  /** Seconds. */
  lease: number;
  hosts: DhcpHost[];
}

export interface LanConfig extends PortConfig {
  /** What the names of the LAN's hosts end with. */
  domain: string;
  /** Null: somebody else gives addresses to the LAN, or nobody. */
  dhcp: DhcpConfig | null;
}

/** Who answers the names that are not the LAN's; none: those that the ISP's lease names. */
export interface DnsConfig {
  servers: number[];
}

/** Seconds a flow may be idle. */
export interface Timeouts {
  udp: number;
  tcpEstablished: number;
  tcpTransitory: number;
  icmp: number;
}

export interface Forward {
  name: string;
  proto: ForwardProtocol;
  /** Public ports, both included; equal for a single port. */
  firstPort: number;
  lastPort: number;
  /** The server on the LAN. */
  to: number;
  /** The server's port that answers `firstPort`; the others follow in step. */
  toPort: number;
  /** Subnet that a client from the Internet must be in, host bits clear; prefix 0 is everyone. */
  from: number;
  fromPrefix: number;
  hairpin: HairpinMode;
}

/**
 * Who on the Internet may send to a LAN host's dynamic mapping (RFC 4787 REQ-8): those whose address it has sent to, or
 * everybody.
 */
export type FilterMode = 'address-dependent' | 'endpoint-independent';
export const filterModes: FilterMode[] = ['address-dependent', 'endpoint-independent'];

export interface NatConfig {
  filterUdp: FilterMode;
  filterTcp: FilterMode;
  /** Whether a LAN client reaches another one through its dynamic mapping. */
  hairpinDynamic: boolean;
  /** Whether the Internet is told by ICMP about more than TTL and MTU (RFC 5508 REQ-9). */
  wanIcmpErrors: boolean;
  /** Whether hosts of the LAN may map ports for themselves (RFC 6886). */
  natPmp: boolean;
  timeouts: Timeouts;
}

export interface Config {
  wan: WanConfig;
  lan: LanConfig;
  nat: NatConfig;
  forwards: Forward[];
  /** The LAN host that gets what is for P and for nobody else; 0 when there is none. */
  dmz: number;
  /** Null: the LAN's hosts ask whom they like, and we do not answer. */
  dns: DnsConfig | null;
  /** The LAN host that is sent what is logged (RFC 5424); 0 when there is none. */
  syslog: number;
}

export const documentKeys = ['wan', 'lan', 'nat', 'forwards', 'dmz', 'dns', 'log'];
export const wanKeys = ['address', 'gateway', 'mac', 'mtu'];
export const lanKeys = ['address', 'mac', 'domain', 'dhcp'];
export const dhcpKeys = ['first', 'last', 'lease', 'hosts'];
export const hostKeys = ['name', 'mac', 'address'];
export const dnsKeys = ['servers'];
export const logKeys = ['syslog'];
export const natKeys = ['filterUdp', 'filterTcp', 'hairpinDynamic', 'wanIcmpErrors', 'natPmp', 'timeouts'];
export const forwardKeys = ['name', 'proto', 'port', 'to', 'from', 'hairpin'];

/** One idle timeout: its default and its floor in seconds, and where the floor comes from. */
export interface TimeoutRule {
  key: keyof Timeouts;
  initial: number;
  least: number;
  source: string;
}

export const timeoutRules: TimeoutRule[] = [
  { key: 'udp', initial: 300, least: 120, source: 'RFC 4787 REQ-5' },
  { key: 'tcpEstablished', initial: 7440, least: 7440, source: 'RFC 5382 REQ-5' },
  { key: 'tcpTransitory', initial: 240, least: 240, source: 'RFC 5382 REQ-5' },
  { key: 'icmp', initial: 60, least: 60, source: 'RFC 5508 REQ-2' },
];
/** Seconds: half the range of the router's 16-bit clock. */
export const maxTimeout = 32767;

/** Bytes: what every host must accept (RFC 791 section 3.1), and what an Ethernet frame carries. */
export const minMtu = 576;
export const maxMtu = 1500;

/** Hosts of `lan.dhcp.hosts`, and servers of `dns`, that the router has room for. */
export const maxHosts = 16;
export const maxResolvers = 3;

/** Characters of a host's name, and of the LAN's domain: what tables and messages have room for. */
export const maxHostName = 15;
export const maxDomain = 24;
export const usualDomain = 'lan';

/** Seconds of a lease: more often than every minute nobody need renew, and a device that has gone frees its address within a week. */
export const minLease = 120;
export const maxLease = 604800;
export const usualLease = 43200;
/** Addresses of a pool that is not said. */
export const usualPool = 100;

/** Prefix lengths in bits. */
export const minWanPrefix = 8;
export const minLanPrefix = 16;
export const maxPrefix = 30;

/** Forwards that the router has room for. */
export const maxForwards = 31;
/** Characters. */
export const maxNameLength = 24;
