/*
 * Measurements for tests of the judge and the report: the cast's router at its best, and every test says only what is
 * different.
 */
import type {
  FirstHop,
  Measurements,
  TcpMeasurements,
  TcpTry,
  UdpMeasurements,
  UdpTry,
} from '../../host-tools/bench/measurements.ts';
import type { Sighting, SightingKind } from '../../host-tools/bench/protocol.ts';

export const P = '12.0.0.1';
export const R = '192.168.0.1';
export const S = '192.168.0.2';
export const C = '192.168.0.3';
export const ID = '0123456789abcdef';

/** First local ports of each kind of try: no two tries share one. */
const PORTS = { tcpDirect: 20_000, tcpThrough: 21_000, udpDirect: 22_000, udpThrough: 23_000 };

type Way = keyof typeof PORTS;

/** `count` tries that went the same, from ports of their own. */
export function times<T>(count: number, way: Way, rest: T, from = 0): (T & { localPort: number })[] {
  return Array.from({ length: count }, (_, index) => ({ ...rest, localPort: PORTS[way] + from + index }));
}

export const tcpFine = (seenAs: string) =>
  ({ end: 'responder', id: ID, seenAs: `${seenAs}:40000`, confirmed: true, handshake: 1.5 }) as const;
export const udpFine = (seenAs: string) =>
  ({ end: 'answered', id: ID, seenAs: `${seenAs}:40000`, milliseconds: 1.2 }) as const;

/** Sightings of what came from the client's ports of one way. */
export function arrived(count: number, way: Way, kind: SightingKind, address = C): Sighting[] {
  return Array.from({ length: count }, (_, index) => ({ kind, from: `${address}:${PORTS[way] + index}` }));
}

export function tcp(through: TcpTry[], rest: Partial<TcpMeasurements> = {}): TcpMeasurements {
  return {
    direct: times(4, 'tcpDirect', tcpFine(C)),
    through: [through],
    service: null,
    held: null,
    firstHop: null,
    ...rest,
  };
}

export function udp(through: UdpTry[], rest: Partial<UdpMeasurements> = {}): UdpMeasurements {
  return { direct: times(8, 'udpDirect', udpFine(C)), through: [through], refusals: [], held: null, ...rest };
}

export const firstHop = (rest: Partial<FirstHop>): FirstHop => ({
  completed: 0,
  refused: 0,
  exceeded: 0,
  tried: 5,
  controlExceeded: 5,
  ...rest,
});

export const SILENT_TCP = times(12, 'tcpThrough', { end: 'silent' } as const);
export const SILENT_UDP = times(16, 'udpThrough', { end: 'silent' } as const);

/** A router that does everything right, asked by an ordinary user. */
export function measured(rest: Partial<Measurements> = {}): Measurements {
  return {
    public: { address: P, port: 25 },
    server: { address: S, port: 8025 },
    client: C,
    lan: '192.168.0.0/24',
    gateway: R,
    gatewayIsThere: null,
    self: false,
    gatewayWord: { said: 'not asked' },
    tcp: tcp(times(6, 'tcpThrough', tcpFine(P)), {
      held: { seconds: 5, through: ['alive', 'alive', 'alive', 'alive'], direct: ['alive', 'alive'] },
    }),
    udp: udp(times(8, 'udpThrough', udpFine(P)), {
      held: { seconds: 5, through: ['alive', 'alive', 'alive', 'alive'], direct: ['alive', 'alive'] },
    }),
    recall: { watching: false, sightings: [] },
    strays: null,
    outside: null,
    numbers: {
      direct: { handshakes: [0.4, 0.5, 0.6, 0.5], throughput: 94 },
      through: { handshakes: [1.5, 1.4, 1.6, 1.5, 1.5, 1.7], throughput: 61 },
    },
    ...rest,
  };
}
