/*
 * "12.0.0.1:25" and "home.example:25" on the command line: read, refused with a sentence, looked up. Only the
 * look-up of a name leaves this program.
 */
import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { UserError } from '../cli/user-error.ts';

/** Where a service is: an IPv4 address in dotted form and a port. */
export interface Endpoint {
  address: string;
  port: number;
}

/** What the command line named: `name` is an address or a name to be looked up. */
export interface NamedEndpoint {
  name: string;
  port: number;
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

export function show({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

/** A port from text; `option` is what the person typed it for. */
export function parsePort(text: string, option: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535)
    throw new UserError(`${option} wants a port from 1 to 65535, but got '${text}'.`);
  return port;
}

/** "ADDRESS:PORT" or "NAME:PORT". */
export function parseEndpoint(text: string, option: string): NamedEndpoint {
  const colon = text.lastIndexOf(':');
  const name = text.slice(0, Math.max(colon, 0));
  // A name of digits and points only would be an address with a mistake in it.
  if (!isIPv4(name) && (!HOST_NAME.test(name) || /^[\d.]+$/.test(name)))
    throw new UserError(`${option} wants ADDRESS:PORT, such as 12.0.0.1:25 (IPv4), but got '${text}'.`);
  return { name, port: parsePort(text.slice(colon + 1), option) };
}

/** The IPv4 address behind a name; throws a UserError where there is none. */
export async function resolve({ name, port }: NamedEndpoint, option: string): Promise<Endpoint> {
  if (isIPv4(name)) return { address: name, port };
  try {
    return { address: (await lookup(name, { family: 4 })).address, port };
  } catch {
    throw new UserError(`${option}: no IPv4 address was found for the name '${name}'.`);
  }
}
