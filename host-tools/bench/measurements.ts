/*
 * What the prober measured, and nothing of what it means: the input of the judge, and part of `--json`. Plain data.
 * Times are milliseconds. "Direct" is the way to the server's own address, "through" the way round the public one.
 */
import type { Endpoint } from './endpoint.ts';
import type { CallOutcome, SightingKind } from './protocol.ts';

/** How one TCP connection went. `localPort` is 0 where the system did not say, or where it proves nothing. */
export type TcpTry = { localPort: number } & (
  | {
      /** The responder greeted. `confirmed`: it also answered our nonce on this connection. */
      end: 'responder';
      id: string;
      seenAs: string;
      confirmed: boolean;
      handshake: number;
    }
  | {
      /** Connected to something that is not a responder. `greeting` is its first line, '' if it said nothing. */
      end: 'other';
      greeting: string;
      handshake: number;
    }
  /** Refused by an RST, or by an ICMP error. */
  | { end: 'refused' | 'unreachable' }
  /** Nothing came back. */
  | { end: 'silent' }
  /** This host would not even send: no route, a firewall of its own. */
  | { end: 'local'; error: string }
);

/** How one UDP question, sent up to three times, went. */
export type UdpTry = { localPort: number } & (
  | { end: 'answered'; id: string; seenAs: string; milliseconds: number }
  /** The answer to our nonce came from another address than the one asked. */
  | { end: 'stray'; id: string; from: string }
  | { end: 'refused' | 'silent' }
  | { end: 'local'; error: string }
);

/** A mapping used, left alone for `seconds`, and used again; one entry for each try. */
export interface Held<Fate> {
  seconds: number;
  through: Fate[];
  /** The same, the direct way: the control. */
  direct: Fate[];
}

/** `early`: it died in the first few exchanges. `late`: during the pause. `lost`: it never came to be. */
export type HeldTcp = 'alive' | 'early' | 'late' | 'lost';
export type HeldUdp = 'alive' | 'late' | 'lost';

/** What packets show that may live for one hop only: whatever comes back was sent by the router itself. */
export interface FirstHop {
  /** Connections to the public address and port, of `tried`: completed, refused, or "time exceeded". */
  completed: number;
  refused: number;
  exceeded: number;
  tried: number;
  /** "Time exceeded" for as many packets to an address in the Internet: does the router say such things at all? */
  controlExceeded: number;
}

/** What a service that is not ours says for itself. Each part null where it says nothing of the kind. */
export interface ServicePrint {
  /** First line it says unasked. */
  greeting: string | null;
  /** SHA-256 of its TLS certificate. */
  certificate: string | null;
  /** Its answer to GET /: status code, Server header, names of all headers in their order, hash of the body. */
  http: { status: string; server: string; headers: string; body: string } | null;
}

/** What a service says at one place: several samples, so that what changes every time is known. */
export type ServicePrints = (ServicePrint | 'refused' | 'silent')[];

/** What reached the responder from us, by its own account, the direct way afterwards. */
export interface Recall {
  /** Whether it also saw packets no program is given. */
  watching: boolean;
  sightings: { kind: SightingKind; from: string }[];
}

export interface OutsideView {
  helper: 'reached' | 'not reached' | 'not willing';
  /** The address under which the helper hears us. */
  heardFrom: string | null;
  tcp: { outcome: CallOutcome; id: string } | null;
  udp: { outcome: CallOutcome; id: string } | null;
}

/** The gateway's word on its public address. */
export type GatewayWord =
  | { said: 'address'; address: string; by: 'NAT-PMP' | 'UPnP' }
  /** `not asked`: --mine made it unnecessary. */
  | { said: 'nothing' | 'not asked' };

export interface TcpMeasurements {
  /** Null without --server. */
  direct: TcpTry[] | null;
  /** Rounds of tries, one after the other with a pause. The last two count; of three, the first disagreed. */
  through: TcpTry[][];
  /** Where the service itself answers and no responder: its samples here and there. */
  service: { direct: ServicePrints; through: ServicePrints; gateway: ServicePrints } | null;
  held: Held<HeldTcp> | null;
  firstHop: FirstHop | null;
}

export interface UdpMeasurements {
  direct: UdpTry[] | null;
  through: UdpTry[][];
  /** The same again from connected sockets, which hear of refusals, where nothing was answered. */
  refusals: UdpTry[];
  held: Held<HeldUdp> | null;
}

/** One way measured for the numbers at the end. */
export interface WayNumbers {
  /** Time from SYN to connected, of each connection. */
  handshakes: number[];
  /** Megabits a second, server to client; null where it was not measured. */
  throughput: number | null;
}

export interface Measurements {
  public: Endpoint;
  server: Endpoint | null;
  /** This host's address in the LAN. */
  client: string;
  /** The LAN as this host's interface has it, "192.168.0.0/24"; null where no interface has that address. */
  lan: string | null;
  /** The router's LAN address; null if this host names none. */
  gateway: string | null;
  /** Where nothing came back: whether there is a router at all; null where that was not asked or is not known. */
  gatewayIsThere: boolean | null;
  /** Server and client are one host. */
  self: boolean;
  gatewayWord: GatewayWord;
  tcp: TcpMeasurements | null;
  /** Null where UDP was not wanted; a reason where it could not be asked. */
  udp: UdpMeasurements | { skipped: string } | null;
  recall: Recall | null;
  /** Answers to our own packets from other addresses than asked, seen on the wire; null without the privilege. */
  strays: { protocol: 'tcp' | 'udp'; from: string }[] | null;
  outside: OutsideView | null;
  numbers: { direct: WayNumbers | null; through: WayNumbers };
}
