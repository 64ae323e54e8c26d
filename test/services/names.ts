/**
 * The router in miniature (test/control/table.ts) with its services at work, and who asks it for names. The config's part
 * is written into the arena, where the firmware looks for it.
 */
import {
  asked,
  askedSlots,
  domainAt,
  leaseBound,
  leaseFixed,
  leaseHost,
  leaseName,
  leaseNameBytes,
  leaseState,
  policyDns,
  policySwitch,
  resolvers,
  switches,
} from '../../firmware/layout/arena.ts';
import { openServices } from '../../firmware/control/local.ts';
import { serveDatagram } from '../../firmware/services/datagrams.ts';
import { serveSecond } from '../../firmware/services/second.ts';
import { lan, lastLeft, pause, router, wan, type Wish } from '../control/table.ts';
import { udp, word, type Shape } from '../wire/packets.ts';
import { seeded } from '../wire/random.ts';
import { answerTo } from './resolver.ts';

/** What a test may ask for beside what `router` has. */
export interface NamesWish extends Wish {
  /** I alone by default. */
  resolvers?: string[];
  /** Hosts with names: by the config where the name ends with `!`. */
  hosts?: Record<string, string>;
  domain?: string;
  /** Without the forwarder. */
  off?: boolean;
  /** Seed of ports and ids. */
  seed?: number;
}

/** The platform's random numbers; other tests of the same thread may need its other globals. */
let random = seeded(1);
const platform = globalThis as { E?: object };

/** Starts over. */
export function names(wish: NamesWish = {}): void {
  router(wish);
  random = seeded(wish.seed ?? 1);
  platform.E = { ...platform.E, hwRand: () => random(2 ** 32) | 0 };
  openServices(serveDatagram);
  if (!wish.off) switches[policySwitch] |= policyDns;
  (wish.resolvers ?? ['I']).forEach((host, i) => (resolvers[i] = word(host)));
  leaseName.fill(0, domainAt);
  [...(wish.domain ?? 'lan')].forEach((letter, i) => (leaseName[domainAt + i] = letter.charCodeAt(0)));
  Object.entries(wish.hosts ?? {}).forEach(([name, address], lease) => {
    const plain = name.replace('!', '');
    leaseState[lease] = plain === name ? leaseBound : leaseFixed;
    leaseHost[lease] = Number(address.split('.')[3]);
    [...plain].forEach((letter, i) => (leaseName[leaseNameBytes * lease + i] = letter.charCodeAt(0)));
  });
}

/** Queries that wait for an answer. */
export function pending(): number {
  return Array.from(asked.subarray(0, askedSlots)).filter((key) => key !== 0).length;
}

/** A host asks R. @param from host and port @returns what left, in words */
export function ask(from: string, message: Uint8Array, shape: Shape = {}): string[] {
  return lan(udp(from, 'R:53', { data: message, ...shape }));
}

/** The payload of the only datagram that left last. */
export function messageLeft(): Uint8Array {
  if (lastLeft.length !== 1) throw new Error(`${lastLeft.length} frames left, not one`);
  const packet = lastLeft[0].frame.subarray(14);
  return packet.slice(28, (packet[2] << 8) | packet[3]);
}

/** How a query left: from which of our ports, to whom, and what it says. */
export interface Upstream {
  own: string;
  port: number;
  to: string;
  message: Uint8Array;
}

/** Reads how a query left. @param words what `ask` returned */
export function upstream(words: string[]): Upstream {
  const found = words.length === 1 && /^(?:wan|lan) \S+ \| udp ([PR]):(\d+) > (\S+):53$/.exec(words[0]);
  if (!found) throw new Error(`no query left, but ${JSON.stringify(words)}`);
  return { own: found[1], port: Number(found[2]), to: found[3], message: messageLeft() };
}

/** The resolver answers a query that left. @returns what left for the client */
export function reply(
  left: Upstream,
  message = answerTo(left.message, [[192, 0, 2, 1]]),
  shape: Shape = {},
): string[] {
  const packet = udp(`${left.to}:53`, `${left.own}:${left.port}`, { data: message, ...shape });
  return left.own === 'R' ? lan(packet) : wan(packet);
}

/** Lets seconds pass, the services' among them. @returns what left */
export function wait(seconds: number): string[] {
  const left: string[] = [];
  for (let i = 0; i < seconds; i++) {
    left.push(...pause(1));
    serveSecond(i);
  }
  return left;
}
