/**
 * Takes addresses out of a parsed document: MAC addresses, and those of the LAN's hosts. With the same manners as
 * expect.ts: the first refusal is kept, and what comes back is of the right type. Part of validate.ts.
 */
import { broadcastOf, formatAddress, formatCidr, networkOf, parseAddress, parseMac } from './address.ts';
import { readText, refuse, refuseValue } from './expect.ts';
import type { Check } from './expect.ts';
import type { JsonValue } from './json.ts';
import type { LanConfig } from './schema.ts';

/** A MAC address that one device may have. @param hint what helps to find one, or empty */
export function readMac(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  example: string,
  hint: string,
): number[] {
  const expected = 'a MAC address, such as "' + example + '"' + hint;
  const mac = parseMac(readText(check, path, value, expected));
  if (!mac) refuseValue(check, path, expected, value);
  else if (mac[0] & 1)
    refuseValue(check, path, 'a MAC address of one device (the first byte must be even)', value);
  else if (mac.join('') === '000000') refuseValue(check, path, 'a MAC address that is not all zeros', value);
  return mac || [0, 0, 0, 0, 0, 0];
}

/** An address that another host of the LAN may have. */
export function readLanHost(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  lan: LanConfig,
): number {
  const network = networkOf(lan.address, lan.prefix);
  const expected = 'the address of a host on the LAN (' + formatCidr(network, lan.prefix) + ')';
  const address = parseAddress(readText(check, path, value, expected));
  if (
    address < 0 ||
    networkOf(address, lan.prefix) !== network ||
    address === network ||
    address === broadcastOf(network, lan.prefix)
  )
    refuseValue(check, path, expected, value);
  else if (address === lan.address)
    refuse(
      check,
      path,
      'expected the address of another host, but ' + formatAddress(address) + " is the router's own",
    );
  return address;
}
