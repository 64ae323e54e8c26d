/**
 * The rules of `forwards`: each one by itself, and all of them against each other.
 * Part of validate.ts, which calls it once the subnets are known to be right.
 */
import {
  broadcastOf,
  formatAddress,
  formatCidr,
  networkOf,
  parseAddress,
  parseCidr,
  parseDecimal,
} from './address.ts';
import { isWord, member, quote, readChoice, readObject, readText, refuse, refuseValue } from './expect.ts';
import type { Check } from './expect.ts';
import type { JsonValue } from './json.ts';
import { forwardKeys, forwardProtocols, hairpinModes, maxForwards, maxNameLength } from './schema.ts';
import type { Config, Forward, LanConfig } from './schema.ts';

const maxPort = 65535;

/** Where an ISP's answers arrive when it leases our address (RFC 2131 section 4.1): UDP, so no forward may have it then. */
const leasePort = 68;

function readName(check: Check, path: string, value: JsonValue | undefined): string {
  const expected =
    'a name of 1 to ' +
    maxNameLength +
    ' characters a-z, 0-9 and - that does not start with -, such as "web"';
  const name = readText(check, path, value, expected);
  if (!isWord(name, maxNameLength)) refuseValue(check, path, expected, value);
  return name;
}

function readPorts(check: Check, path: string, value: JsonValue | undefined, forward: Forward): void {
  if (typeof value === 'number') {
    forward.firstPort = forward.lastPort = value <= maxPort ? value : 0;
  } else if (typeof value === 'string') {
    const ends = value.split('-');
    forward.firstPort = parseDecimal(ends[0], maxPort);
    forward.lastPort = ends.length === 2 ? parseDecimal(ends[1], maxPort) : -1;
  }
  if (forward.firstPort < 1 || forward.lastPort < forward.firstPort)
    refuseValue(check, path, 'a port from 1 to 65535, such as 25, or a range, such as "5000-5010"', value);
}

/** A server that could stand in `to`, for a sentence: a host of the LAN that is not the router. */
function example(lan: LanConfig, port: number): string {
  const first = networkOf(lan.address, lan.prefix) + 1;
  return formatAddress(first === lan.address ? first + 1 : first) + ':' + port;
}

/** `to`: the server's address, and the port there if it is not the public one. */
function readTarget(
  check: Check,
  path: string,
  value: JsonValue | undefined,
  forward: Forward,
  lan: LanConfig,
): void {
  const network = networkOf(lan.address, lan.prefix);
  const expected =
    'an address on the LAN (' +
    formatCidr(network, lan.prefix) +
    '), such as "' +
    example(lan, forward.firstPort) +
    '"';
  const text = readText(check, path, value, expected);
  const parts = text.split(':');
  forward.to = parseAddress(parts[0]);
  forward.toPort = parts.length > 1 ? parseDecimal(parts[1], maxPort) : forward.firstPort;
  if (
    parts.length > 2 ||
    forward.toPort < 1 ||
    forward.to < 0 ||
    networkOf(forward.to, lan.prefix) !== network ||
    forward.to === network ||
    forward.to === broadcastOf(network, lan.prefix)
  )
    refuseValue(check, path, expected, value);
  else if (forward.to === lan.address)
    refuse(check, path, 'expected the address of a server, but ' + quote(text) + " is the router's own");
  else if (forward.toPort + forward.lastPort - forward.firstPort > maxPort)
    refuse(
      check,
      path,
      'expected a first port that leaves room for the whole range below 65536, but got ' + quote(text),
    );
}

function readSource(check: Check, path: string, value: JsonValue | undefined, forward: Forward): void {
  if (value === undefined) return;
  const expected = 'the subnet that may use this forward, such as "198.51.100.0/24"';
  const cidr = parseCidr(readText(check, path, value, expected));
  if (!cidr) {
    refuseValue(check, path, expected, value);
    return;
  }
  const network = networkOf(cidr.address, cidr.prefix);
  if (network !== cidr.address)
    refuseValue(check, path, 'a subnet without host bits: "' + formatCidr(network, cidr.prefix) + '"', value);
  forward.from = network;
  forward.fromPrefix = cidr.prefix;
}

function refuseLeasePort(check: Check, path: string, forward: Forward): void {
  if (forward.proto !== 'tcp' && forward.firstPort <= leasePort && forward.lastPort >= leasePort)
    refuse(
      check,
      path,
      'expected ports without udp port ' +
        leasePort +
        ', where the ISP answers a router whose wan.address is "dhcp"; with "proto": "tcp" it is free',
    );
}

function readForward(check: Check, path: string, value: JsonValue, config: Config): Forward {
  const object = readObject(check, path, value, '', forwardKeys);
  const forward: Forward = {
    name: readName(check, path + '.name', member(object, 'name')),
    proto: readChoice(check, path + '.proto', member(object, 'proto'), forwardProtocols, ''),
    firstPort: 0,
    lastPort: 0,
    to: 0,
    toPort: 0,
    from: 0,
    fromPrefix: 0,
    hairpin: 'external',
  };
  readPorts(check, path + '.port', member(object, 'port'), forward);
  if (config.wan.dhcp) refuseLeasePort(check, path + '.port', forward);
  readTarget(check, path + '.to', member(object, 'to'), forward, config.lan);
  readSource(check, path + '.from', member(object, 'from'), forward);
  forward.hairpin = readChoice(check, path + '.hairpin', member(object, 'hairpin'), hairpinModes, 'external');
  return forward;
}

/** Whether some port belongs to both. One expression: with many forwards this is called hundreds of times. */
function collide(a: Forward, b: Forward): boolean {
  return (
    a.firstPort <= b.lastPort &&
    b.firstPort <= a.lastPort &&
    (a.proto === b.proto || a.proto === 'both' || b.proto === 'both')
  );
}

function refuseCollision(check: Check, path: string, late: Forward, early: Forward): void {
  const proto = late.proto === 'both' ? early.proto : late.proto;
  const shared =
    (proto === 'both' ? 'tcp and udp' : proto) + ' port ' + Math.max(late.firstPort, early.firstPort);
  const names = quote(late.name) + ' and ' + quote(early.name);
  refuse(check, path, 'expected ports that no other forward has, but ' + names + ' both have ' + shared);
}

/** Refuses what an earlier forward has already. */
function refuseTwin(check: Check, path: string, forward: Forward, earlier: Forward): void {
  if (earlier.name === forward.name) {
    const taken = 'but an earlier forward is called ' + quote(forward.name) + ' too';
    refuse(check, path + '.name', 'expected a name of its own, ' + taken);
  }
  if (collide(forward, earlier)) refuseCollision(check, path + '.port', forward, earlier);
}

/**
 * Reads the list; a config without one has no forwards. Stops at the first that is refused.
 * @param config whose addresses are right
 * @param alive called for each of them
 * @overlay
 */
export function readForwards(
  check: Check,
  value: JsonValue | undefined,
  config: Config,
  alive?: () => void,
): Forward[] {
  const forwards: Forward[] = [];
  if (value === undefined) return forwards;
  if (!Array.isArray(value)) {
    refuseValue(check, 'forwards', 'a list of forwards, [ ... ]', value);
    return forwards;
  }
  const count = value.length;
  if (count > maxForwards)
    refuse(check, 'forwards', 'expected at most ' + maxForwards + ' forwards, but got ' + count);
  for (let i = 0; i < count && !check.error; i++) {
    const path = 'forwards[' + i + ']';
    if (alive) alive();
    const forward = readForward(check, path, value[i], config);
    // On a board what is read makes room for what it becomes.
    value[i] = null;
    for (let j = 0; j < i; j++) refuseTwin(check, path, forward, forwards[j]);
    forwards.push(forward);
  }
  return forwards;
}
