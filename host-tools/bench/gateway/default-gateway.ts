/*
 * This host's way into the Internet: its default gateway, and its own address on the way to a server. Asks the
 * system; sends nothing.
 */
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** From the text of Linux's /proc/net/route: hexadecimal, in the machine's byte order. */
export function gatewayFromProc(text: string): string | null {
  for (const line of text.split('\n')) {
    const [, destination, gateway, , , , , mask] = line.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway)) continue;
    if (gateway === '00000000') continue;
    return [6, 4, 2, 0].map((at) => parseInt(gateway.slice(at, at + 2), 16)).join('.');
  }
  return null;
}

/** From the text of `netstat -rn`, as macOS, the BSDs and Windows print it. */
export function gatewayFromNetstat(text: string): string | null {
  const address = String.raw`(\d{1,3}(?:\.\d{1,3}){3})`;
  const found = new RegExp(String.raw`^\s*(?:default|0\.0\.0\.0(?:\s+0\.0\.0\.0)?)\s+${address}`, 'm').exec(
    text,
  );
  return found?.[1] ?? null;
}

/**
 * From the text of Linux's /proc/net/arp: whether `address` has told its hardware address. Null where nobody asked for
 * it, or it needs none.
 */
export function answersArp(text: string, address: string): boolean | null {
  const entry = text.split('\n').find((line) => line.split(/\s+/)[0] === address);
  if (entry === undefined) return null;
  /** Bit 1 of the flags, ATF_COM in <net/if_arp.h>: the entry is complete. */
  return (parseInt(entry.split(/\s+/)[2], 16) & 2) !== 0;
}

/** The router's LAN address, or null if this host names none. */
export async function defaultGateway(): Promise<string | null> {
  try {
    if (process.platform === 'linux') return gatewayFromProc(readFileSync('/proc/net/route', 'latin1'));
    const { stdout } = await promisify(execFile)('netstat', ['-rn'], { timeout: 3000 });
    return gatewayFromNetstat(stdout);
  } catch {
    return null;
  }
}

/** The address this host would send from to reach `address`; null without a route. */
export async function ownAddressTowards(address: string): Promise<string | null> {
  const socket = createSocket('udp4');
  try {
    // Connecting a UDP socket chooses a route and sends nothing.
    socket.connect(9, address);
    await once(socket, 'connect');
    return socket.address().address;
  } catch {
    return null;
  } finally {
    socket.close();
  }
}
