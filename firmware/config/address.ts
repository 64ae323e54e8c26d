/**
 * IPv4 and MAC addresses between text and numbers, and the arithmetic of subnets.
 *
 * An IPv4 address is an unsigned 32-bit number, most significant byte first (192.168.0.1 is 0xC0A80001); a MAC
 * address is a list of six bytes in the order they are written. Pure; no errors, only "is not one".
 */

/** The number written as plain decimal digits without leading zeros, at most `most`; -1 when it is not that. */
export function parseDecimal(text: string, most: number): number {
  const length = text.length;
  // More digits than a port has could wrap around in the interpreter's parseInt.
  if (length < 1 || length > 5 || (length > 1 && text[0] === '0')) return -1;
  for (let i = 0; i < length; i++) if (text[i] < '0' || text[i] > '9') return -1;
  const value = parseInt(text, 10);
  return value > most ? -1 : value;
}

/** The address written as four decimal numbers; -1 when it is not that. */
export function parseAddress(text: string): number {
  const parts = text.split('.');
  if (parts.length !== 4) return -1;
  let address = 0;
  for (let i = 0; i < 4; i++) {
    const byte = parseDecimal(parts[i], 255);
    if (byte < 0) return -1;
    address = address * 256 + byte;
  }
  return address;
}

export function formatAddress(address: number): string {
  return (
    (address >>> 24) + '.' + ((address >>> 16) & 255) + '.' + ((address >>> 8) & 255) + '.' + (address & 255)
  );
}

/** An address with the length of its network prefix in bits. */
export interface Cidr {
  address: number;
  prefix: number;
}

/** `192.168.0.1/24`; null when it is not that. Host bits may be set. */
export function parseCidr(text: string): Cidr | null {
  const parts = text.split('/');
  if (parts.length !== 2) return null;
  const address = parseAddress(parts[0]);
  const prefix = parseDecimal(parts[1], 32);
  return address < 0 || prefix < 0 ? null : { address, prefix };
}

export function formatCidr(address: number, prefix: number): string {
  return formatAddress(address) + '/' + prefix;
}

/** The first `prefix` bits set. A shift by 32 would be one by none. */
export function maskOf(prefix: number): number {
  return prefix ? (-1 << (32 - prefix)) >>> 0 : 0;
}

/** The address with its host bits cleared. */
export function networkOf(address: number, prefix: number): number {
  return (address & maskOf(prefix)) >>> 0;
}

/** The last address of the subnet. */
export function broadcastOf(address: number, prefix: number): number {
  return (address | ~maskOf(prefix)) >>> 0;
}

/** Whether one subnet contains the other. */
export function overlap(a: Cidr, b: Cidr): boolean {
  const prefix = a.prefix < b.prefix ? a.prefix : b.prefix;
  return networkOf(a.address, prefix) === networkOf(b.address, prefix);
}

/** Six pairs of hex digits joined by colons, in either case; null when it is not that. */
export function parseMac(text: string): number[] | null {
  const parts = text.split(':');
  if (parts.length !== 6) return null;
  const mac: number[] = [];
  for (let i = 0; i < 6; i++) {
    const high = '0123456789abcdef'.indexOf(parts[i].charAt(0).toLowerCase());
    const low = '0123456789abcdef'.indexOf(parts[i].charAt(1).toLowerCase());
    if (parts[i].length !== 2 || high < 0 || low < 0) return null;
    mac.push(high * 16 + low);
  }
  return mac;
}

/** In lower case, as the config is printed. */
export function formatMac(mac: number[]): string {
  let text = '';
  for (let i = 0; i < 6; i++) text += (i ? ':' : '') + (256 + mac[i]).toString(16).substring(1);
  return text;
}
