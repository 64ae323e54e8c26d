/*
 * What the kernel says about a network interface, asked through ioctls: no external program needed.
 * Answers questions and refuses unsuitable interfaces with a sentence; changes nothing.
 *
 * Linux only. Looks in the network namespace of the calling thread.
 */
import { networkInterfaces } from 'node:os';
import * as libc from './libc.ts';

/** struct ifreq on 64-bit Linux: name[16], then a union of 24 bytes. */
const IFREQ_BYTES = 40;
export const IFREQ_VALUE = 16;
const NAME_BYTES = 16;

const SIOCGIFFLAGS = 0x8913;
const SIOCGIFADDR = 0x8915;
const SIOCGIFMTU = 0x8921;
const SIOCGIFHWADDR = 0x8927;
const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;
/** linux/if_arp.h: the hardware type of Ethernet. */
const ARPHRD_ETHER = 1;
/** The chip carries 1514-byte frames: 14 bytes of header and this much. */
const CHIP_MTU = 1500;

/** A refusal the user should read as it is. */
export class InterfaceRefused extends Error {}

/** A struct ifreq for interface `name`; the union starts at IFREQ_VALUE. */
export function interfaceRequest(name: string): Buffer {
  const request = Buffer.alloc(IFREQ_BYTES);
  request.write(name.slice(0, NAME_BYTES - 1), 0, 'latin1');
  return request;
}

/** Runs `ask` with a socket that ioctls about interfaces can be asked on. */
export function withControlSocket<T>(ask: (fd: number) => T): T {
  const fd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM | libc.SOCK_CLOEXEC, 0);
  if (fd < 0) throw new Error(`no socket to ask about interfaces: ${libc.errorName(libc.lastError())}`);
  try {
    return ask(fd);
  } finally {
    libc.close(fd);
  }
}

function asked(name: string, question: number): Buffer | null {
  const request = interfaceRequest(name);
  return withControlSocket((fd) => (libc.ioctl(fd, question, request) < 0 ? null : request));
}

/** True while the interface is up and has a carrier; false too once it is gone. */
export function linkUp(name: string): boolean {
  const flags = asked(name, SIOCGIFFLAGS)?.readUInt16LE(IFREQ_VALUE) ?? 0;
  return (flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) !== 0;
}

/**
 * The IP addresses that make the kernel answer on this interface. IPv6 link-local ones do not count:
 * every interface has one, and the router speaks IPv4 only.
 */
function addressesOf(name: string): string[] {
  const found = new Set<string>();
  const first = asked(name, SIOCGIFADDR);
  if (first) found.add([...first.subarray(IFREQ_VALUE + 4, IFREQ_VALUE + 8)].join('.'));
  for (const [label, entries] of Object.entries(networkInterfaces()))
    if (label === name || label.startsWith(name + ':'))
      for (const entry of entries ?? []) if (!entry.address.startsWith('fe80:')) found.add(entry.address);
  return [...found];
}

/**
 * Throws InterfaceRefused unless the router can have this interface to itself: it exists, is Ethernet,
 * is up, carries full-size frames, and has no IP address.
 */
export function checkInterface(name: string): void {
  if (libc.interfaceIndex(name) === 0) {
    const there = Object.keys(networkInterfaces()).join(', ');
    throw new InterfaceRefused(
      `There is no interface '${name}' (up and with an address: ${there || 'none'}).`,
    );
  }
  const hardware = asked(name, SIOCGIFHWADDR);
  if (hardware?.readUInt16LE(IFREQ_VALUE) !== ARPHRD_ETHER)
    throw new InterfaceRefused(`Interface '${name}' is not an Ethernet interface.`);
  const flags = asked(name, SIOCGIFFLAGS)?.readUInt16LE(IFREQ_VALUE) ?? 0;
  if ((flags & IFF_UP) === 0)
    throw new InterfaceRefused(`Interface '${name}' is down; bring it up with: ip link set ${name} up`);
  const addresses = addressesOf(name);
  if (addresses.length > 0)
    throw new InterfaceRefused(
      `Interface '${name}' has the address ${addresses.join(', ')}: this machine would answer beside the router. ` +
        `Remove it with: ip addr flush dev ${name}`,
    );
  const mtu = asked(name, SIOCGIFMTU)?.readInt32LE(IFREQ_VALUE) ?? 0;
  if (mtu < CHIP_MTU)
    throw new InterfaceRefused(
      `Interface '${name}' has an MTU of ${mtu}, the router sends up to ${CHIP_MTU}; ` +
        `set it with: ip link set ${name} mtu ${CHIP_MTU}`,
    );
}
