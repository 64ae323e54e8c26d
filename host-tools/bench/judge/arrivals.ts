/*
 * What the responder says reached it of the packets sent to the public address, sorted by whose address they carried.
 * Pure.
 */
import type { Measurements } from '../measurements.ts';
import { addressOf } from './rules.ts';

export interface Arrivals {
  /** With the client's own address and port: one entry for each port. The router replaced no source. */
  unchanged: string[];
  /** With an address of the router: one entry for each source. */
  changed: string[];
  /** Of those, and of connections the responder accepted: any that came by the public address. */
  accepted: string[];
  /** Whether a packet could have arrived without the responder noticing: not where it watches the wire. */
  watched: boolean;
  /** Whether the responder was asked at all. */
  known: boolean;
}

export function arrivalsOf(m: Measurements, protocol: 'tcp' | 'udp'): Arrivals {
  const measured = m[protocol];
  const ports = (tries: readonly { localPort: number }[]) => tries.map(({ localPort }) => localPort);
  const ways = measured && 'through' in measured ? measured : { through: [], direct: null };
  const direct = new Set(ports(ways.direct ?? []));
  // A port that was used both ways proves nothing.
  const ours = new Set(
    ports(ways.through.flat())
      .filter((port) => port !== 0 && !direct.has(port))
      .map((port) => `${m.client}:${port}`),
  );
  const sightings = (m.recall?.sightings ?? []).filter(({ kind }) => kind.startsWith(protocol));
  const from = (wanted: (source: string) => boolean, kinds = /./) => [
    ...new Set(sightings.filter((one) => kinds.test(one.kind) && wanted(one.from)).map((one) => one.from)),
  ];
  const isOurs = (source: string) => ours.has(source);
  const isRouters = (source: string) => [m.public.address, m.gateway].includes(addressOf(source));
  return {
    unchanged: from(isOurs),
    changed: from(isRouters),
    accepted: from((source) => isOurs(source) || isRouters(source), /accepted/),
    watched: m.recall?.watching ?? false,
    known: m.recall !== null,
  };
}
