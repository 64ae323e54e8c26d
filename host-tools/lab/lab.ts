/*
 * What a lab is, whoever plays the hosts: real Linux hosts in network namespaces
 * (lab/kernel) or scripted hosts on a virtual clock. The scenes, the judge and the
 * figure know a lab only through these shapes, so they tell the same story for both.
 *
 * Types and the cast; nothing here runs, and nothing here may import a platform's code.
 */

/** The wires that are tapped. `client` and `server` are the LAN switch's ports to those hosts. */
export type Wire = 'wan' | 'router-lan' | 'client' | 'server';

export const WIRES: readonly Wire[] = ['wan', 'router-lan', 'client', 'server'];

/** One frame seen on one wire. A frame that crosses two wires is there twice, in order of crossing. */
export interface LabFrame {
  /** Microseconds since the lab started; the same clock for all wires. */
  time: number;
  wire: Wire;
  /** From the destination MAC on, without FCS; at most the lab's snap length, so possibly cut short. */
  bytes: Uint8Array;
  /** The frame's length on the wire, in bytes, without FCS. */
  length: number;
}

/** What came of a TCP connect. `milliseconds` runs from the SYN to the outcome. */
export type ConnectResult =
  | {
      outcome: 'connected';
      milliseconds: number;
      /** First line the server sent, without the line end; '' if none came before the timeout. */
      greeting: string;
      /** The host's own end of the connection, "address:port". */
      local: string;
    }
  | { outcome: 'refused' | 'timeout'; milliseconds: number }
  | { outcome: 'unreachable'; milliseconds: number; error: string };

/** What came of fetching the seeded body over HTTP. */
export type HttpResult =
  | {
      outcome: 'ok';
      milliseconds: number;
      status: number;
      /** Body bytes received. */
      bytes: number;
      /** Offset of the first byte that differs from the seeded body (or of its missing end); null if none does. */
      firstDifference: number | null;
      /** The client's "address:port" as the server saw it. */
      seenAs: string;
    }
  | { outcome: 'refused' | 'timeout' | 'broken'; milliseconds: number; bytes: number; error: string };

/** What came of one UDP datagram to an echo server. */
export type UdpResult =
  | {
      outcome: 'answered';
      milliseconds: number;
      /** Where the answer came from, "address:port". A host that asked P and hears S has a broken router. */
      from: string;
      /** The sender's "address:port" as the server saw it. */
      seenAs: string;
      /** The text that came back. */
      text: string;
    }
  | { outcome: 'timeout'; milliseconds: number };

export interface PingResult {
  sent: number;
  received: number;
  /** Addresses that answered, each once. */
  from: string[];
}

/** What came of one echo request sent with a small TTL. */
export type TtlResult =
  { outcome: 'exceeded' | 'reached' | 'unreachable'; from: string } | { outcome: 'timeout' };

/** A host that can be told to do things. One request at a time per host; a promise is rejected only when the lab itself fails. */
export interface Host {
  /** "C" or "I", as in the cast. */
  readonly name: string;
  readonly address: string;
  /** Opens a TCP connection, waits for one greeting line, closes. */
  connect(address: string, port: number, timeoutMs: number): Promise<ConnectResult>;
  /** GETs `path` ("/8mb") and compares the body byte by byte with the seeded one. */
  httpGet(address: string, port: number, path: string, timeoutMs: number): Promise<HttpResult>;
  udpEcho(address: string, port: number, text: string, timeoutMs: number): Promise<UdpResult>;
  ping(address: string, count: number, timeoutMs: number): Promise<PingResult>;
  /** One echo request with this TTL: whoever says "time exceeded" is that hop. */
  ttlProbe(address: string, ttl: number, timeoutMs: number): Promise<TtlResult>;
}

/** What the servers offer. S and I run the same: a greeting, HTTP with a seeded body, a UDP echo. */
export interface ServerInfo {
  readonly address: string;
  /** TCP port; greets with "220 you are ADDRESS:PORT" and CR LF. */
  readonly greetingPort: number;
  /** TCP port; "/8mb" is a seeded body of `bodyBytes` bytes. */
  readonly httpPort: number;
  /** UDP port; answers "ADDRESS:PORT " followed by what it was sent. */
  readonly echoPort: number;
  readonly bodyBytes: number;
}

export interface Lab {
  readonly mode: 'kernel' | 'scripted';
  /** C, on the LAN. */
  readonly client: Host;
  /** I, behind G. */
  readonly internet: Host;
  /** S, on the LAN; I serves the same ports at its own address. */
  readonly server: ServerInfo;
  /**
   * Every frame captured so far, in time order. Complete up to the moment the last promise
   * of this lab was resolved. The array is the lab's own: read it, don't change it.
   */
  frames(): readonly LabFrame[];
  /** Lets time pass (virtual or real), so that late frames are seen. */
  settle(milliseconds: number): Promise<void>;
  /** One request to the firmware's seam, one line of JSON back. */
  hairpin(line: string): Promise<string>;
  /** Ends everything the lab started. Safe to call twice. */
  close(): Promise<void>;
}

/** The cast. Addresses as text, MACs as text; the same in every lab, test and picture. */
export const CAST = {
  /** P, the router's public side. */
  P: { address: '12.0.0.1', mac: '02:00:00:00:0c:01' },
  /** G, the provider's gateway. */
  G: { address: '12.0.0.254', mac: '02:00:00:00:0c:fe' },
  /** R, the router's LAN side. */
  R: { address: '192.168.0.1', mac: '02:00:00:00:a8:01' },
  /** S, the server on the LAN. */
  S: { address: '192.168.0.2', mac: '02:00:00:00:a8:02' },
  /** C, the client on the LAN. */
  C: { address: '192.168.0.3', mac: '02:00:00:00:a8:03' },
  /** I and J, behind G: no MAC of theirs is ever seen on a tapped wire. */
  I: { address: '198.51.100.10' },
  J: { address: '198.51.100.11' },
} as const;

/** Ports and sizes both kinds of lab serve. */
export const SERVICES = {
  greetingPort: 25,
  httpPort: 80,
  echoPort: 5000,
  bodyBytes: 8 * 1024 * 1024,
} as const;
