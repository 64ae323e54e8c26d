/*
 * What the firmware answers to each request (firmware/services/seam.ts), as types. A newer firmware may answer more.
 */

/** Every answer. `error` is a sentence, and there when `ok` is false. */
export interface Answer {
  ok: boolean;
  error?: string;
}

/** One port of the router. `chip`: the Ethernet chip answers; `link`: its cable is in. */
export interface SideStatus {
  address: string;
  chip: boolean;
  link: boolean;
}

/** The conversation with the ISP, of a WAN whose address is leased. */
export interface LeaseStatus {
  /** By the names of firmware/layout/wan-lease.ts. */
  state: string;
  /** Null without an address, as the gateway. */
  server: string | null;
  gateway: string | null;
  /** Null: it is leased for ever; 0 without an address. */
  secondsLeft: number | null;
  resolvers: string[];
}

export interface StatusAnswer extends Answer {
  version: string;
  /** Seconds since the start. */
  uptime: number;
  /** Without `lease` the config fixes its address. */
  wan: SideStatus & { lease?: LeaseStatus };
  lan: SideStatus;
  flows: number;
  endpoints: number;
  /** Packets that wait for the next hop's MAC address. */
  held: number;
}

export interface CountersAnswer extends Answer {
  /** By the names of firmware/layout/reasons.ts. */
  counters: Record<string, number>;
}

/** A conversation. Tuples are `source:port>target:port`; `idle` is in seconds. */
export interface FlowEntry {
  proto: string;
  original: string;
  reply: string;
  state: string;
  settled: boolean;
  idle: number;
}

export interface FlowsAnswer extends Answer {
  flows: FlowEntry[];
  /** The slot to go on from, or null at the end. */
  next: number | null;
}

/** A public port that a LAN host asked for, and for how many seconds it still has it. */
export interface MappedPort {
  proto: string;
  port: number;
  to: string;
  seconds: number;
  flows: number;
}

export interface ForwardsAnswer extends Answer {
  /** `flows`: let in since the start. */
  forwards: { name: string; flows: number }[];
  /** Ports that LAN hosts asked for (NAT-PMP); not told by a firmware that knows none. */
  mapped?: MappedPort[];
  dmz: number | null;
}

export interface NeighbourEntry {
  side: string;
  address: string;
  mac: string;
  state: string;
  /** Seconds since it was last heard of. */
  age: number;
  tries: number;
}

export interface NeighboursAnswer extends Answer {
  neighbours: NeighbourEntry[];
}

/** An event that was noted; names and severities are those of firmware/layout/events.ts. */
export interface LogEntry {
  /** Seconds since the start, of the last time. */
  second: number;
  /** Seconds from the first time to the last. */
  lasted: number;
  /** 255: at least so often. */
  times: number;
  severity: string;
  event: string;
  value: string | number | null;
}

export interface LogAnswer extends Answer {
  /** Entries from the asked one on that the ring has lost. */
  lost: number;
  log: LogEntry[];
  /** The entry to go on from, and the one to come: the same at the end. */
  next: number;
  end: number;
  /** How often an event was added to an entry that was there: then that one has moved to the end. */
  folds: number;
  uptime: number;
}

/** A host of the LAN. */
export interface ClientEntry {
  address: string;
  mac: string;
  name: string | null;
  /** `leased`, `fixed` by the config, or `static`: it has its address from elsewhere. */
  how: string;
  /** Seconds of its lease. */
  left: number | null;
  /** Seconds since it was last heard of. */
  heard: number | null;
  flows: number;
  /** Bytes, while they are counted. */
  up: number | null;
  down: number | null;
}

export interface ClientsAnswer extends Answer {
  counting: boolean;
  clients: ClientEntry[];
  next: number | null;
}

/** One packet; `sent` and `egress` are missing when nothing left. `second` is the router's clock, 16 bits. */
export interface TraceEntry {
  second: number;
  ingress: string;
  protocol: number;
  reason: string;
  received: string;
  sent?: string;
  egress?: string;
}

export interface TraceAnswer extends Answer {
  trace: TraceEntry[];
  /** Number of the first entry, counted from 0 since the trace was switched on. */
  first: number;
  /** The number to go on from. */
  next: number;
}

export interface CaptureAnswer extends Answer {
  /** The next bytes of the stream of records (firmware/layout/capture.ts), in base64. */
  capture: string;
  /** Bytes behind them that wait. */
  left: number;
  /** Frames lost since the capture was switched on. */
  lost: number;
  /** The router's clock, microseconds, 32 bits. */
  now: number;
}

export interface ConfigAnswer extends Answer {
  config: Record<string, unknown>;
}
