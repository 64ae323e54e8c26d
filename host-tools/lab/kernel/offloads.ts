/*
 * Switches off what a network card does to frames on their way (segmentation, coalescing, checksums left
 * for later), and puts everything back exactly as it was. The two chips of the router see frames as they
 * are on a wire, and so must these ports.
 *
 * Linux only; needs the network administrator's privilege. Touches the named interface and nothing else.
 */
import * as libc from './libc.ts';
import { IFREQ_VALUE, InterfaceRefused, interfaceRequest, withControlSocket } from './interface.ts';

const SIOCETHTOOL = 0x8946;

/* linux/ethtool.h: the old commands switch a whole family without naming its bits ... */
const ETHTOOL_STXCSUM = 0x17;
const ETHTOOL_SSG = 0x19;
const ETHTOOL_STSO = 0x1f;
const ETHTOOL_SGSO = 0x24;
const ETHTOOL_SGRO = 0x2c;
const ETHTOOL_GFLAGS = 0x25;
const ETHTOOL_SFLAGS = 0x26;
const ETH_FLAG_LRO = 1 << 15;
/* ... and the new ones read and write all bits, which is what putting back needs. */
const ETHTOOL_GFEATURES = 0x3a;
const ETHTOOL_SFEATURES = 0x3b;

/** struct ethtool_gfeatures: command, number of blocks, then blocks of available, requested, active, never_changed. */
const FEATURE_HEADER = 8;
const GET_BLOCK = 16;
const SET_BLOCK = 8;
/** More blocks than any kernel has; it answers how many there are. */
const BLOCKS_ASKED = 8;

/** Which features an interface had been asked to use; opaque to everybody but `restoreOffloads`. */
export interface Features {
  available: number[];
  requested: number[];
  active: number[];
}

/**
 * One ethtool request; `body` is what struct ifreq points at. Returns the body as the kernel left it, or null if the
 * driver does not know the request or the interface is gone. Throws InterfaceRefused without the privilege.
 */
function ethtool(name: string, body: Uint8Array): Buffer | null {
  const pinned = new libc.Pinned(body.length);
  pinned.write(body);
  const request = interfaceRequest(name);
  request.writeBigUInt64LE(pinned.address, IFREQ_VALUE);
  return withControlSocket((fd) => {
    if (libc.ioctl(fd, SIOCETHTOOL, request) >= 0) return Buffer.from(pinned.read());
    if (libc.lastError() === libc.EPERM)
      throw new InterfaceRefused(`Setting up '${name}' needs root (or the capability CAP_NET_ADMIN).`);
    return null;
  });
}

/** A request of two 32-bit words, command and value. False when the driver does not know it: then there is nothing to switch. */
function setValue(name: string, command: number, value: number): boolean {
  const body = Buffer.alloc(8);
  body.writeUInt32LE(command, 0);
  body.writeUInt32LE(value, 4);
  return ethtool(name, body) !== null;
}

/** Null when the interface is gone or its driver has no features at all. */
export function readFeatures(name: string): Features | null {
  const body = Buffer.alloc(FEATURE_HEADER + BLOCKS_ASKED * GET_BLOCK);
  body.writeUInt32LE(ETHTOOL_GFEATURES, 0);
  body.writeUInt32LE(BLOCKS_ASKED, 4);
  const answer = ethtool(name, body);
  if (!answer) return null;
  const features: Features = { available: [], requested: [], active: [] };
  for (let block = 0; block < answer.readUInt32LE(4); block++) {
    const at = FEATURE_HEADER + block * GET_BLOCK;
    features.available.push(answer.readUInt32LE(at));
    features.requested.push(answer.readUInt32LE(at + 4));
    features.active.push(answer.readUInt32LE(at + 8));
  }
  return features;
}

/** Switches every offload off that changes frames, and returns what `restoreOffloads` needs to undo it. */
export function switchOffloadsOff(name: string): Features | null {
  const before = readFeatures(name);
  // Checksums first: scatter/gather and segmentation depend on them and go with them.
  for (const command of [ETHTOOL_STXCSUM, ETHTOOL_SSG, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO])
    setValue(name, command, 0);
  const flags = Buffer.alloc(8);
  flags.writeUInt32LE(ETHTOOL_GFLAGS, 0);
  const now = ethtool(name, flags)?.readUInt32LE(4) ?? 0;
  if (now & ETH_FLAG_LRO) setValue(name, ETHTOOL_SFLAGS, (now & ~ETH_FLAG_LRO) >>> 0);
  return before;
}

/** Asks for exactly the features of `before`. False if the kernel refused (an interface that has gone needs none). */
export function restoreOffloads(name: string, before: Features): boolean {
  const body = Buffer.alloc(FEATURE_HEADER + before.available.length * SET_BLOCK);
  body.writeUInt32LE(ETHTOOL_SFEATURES, 0);
  body.writeUInt32LE(before.available.length, 4);
  before.available.forEach((available, block) => {
    body.writeUInt32LE(available, FEATURE_HEADER + block * SET_BLOCK);
    body.writeUInt32LE((before.requested[block] & available) >>> 0, FEATURE_HEADER + block * SET_BLOCK + 4);
  });
  return ethtool(name, body) !== null;
}
