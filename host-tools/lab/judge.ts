/*
 * Decides whether a scene went as it must, from what was measured and captured. Every condition is named and says
 * what was seen, so that a failure explains itself.
 *
 * Pure: no lab, no clock, no printing; every verdict can be tested without a network.
 */
import { tcpAck, tcpRst, tcpSyn } from '../../firmware/wire/frame.ts';
import {
  CAST,
  type ConnectResult,
  type HttpResult,
  type LabFrame,
  type PingResult,
  type ServerInfo,
  type TtlResult,
  type UdpResult,
  type Wire,
} from './lab.ts';
import { describePacket, nameOfAddress, nameOfEndpoint, readPacket, type Packet } from './packet.ts';
import type { Story } from './story.ts';

/** One thing that had to be so. */
export interface Condition {
  /** What had to be so: "the greeting arrived". */
  what: string;
  holds: boolean;
  /** What was seen instead or as well. */
  seen: string;
}

export interface Verdict {
  /** All conditions hold. */
  asExpected: boolean;
  conditions: Condition[];
}

/** An echo request with a small TTL, and who had to say what about it. */
export interface Probe {
  target: string;
  ttl: number;
  expected: Exclude<TtlResult, { outcome: 'timeout' }>;
  result: TtlResult;
}

/** What was measured in a scene in which the forward has to work (1 and 3). */
export interface WorkingScene {
  server: ServerInfo;
  /** Address the server must see as the source of everything. */
  expectedSource: string;
  story: Story;
  connect: ConnectResult;
  http: HttpResult;
  echo: { sent: string; result: UdpResult };
  pings: { target: string; result: PingResult }[];
  probes: Probe[];
}

/** Scenes 1 and 3: every service answers, and the server sees who it has to see. */
export function judgeWorking(scene: WorkingScene): Verdict {
  const expected = nameOfAddress(scene.expectedSource);
  const saw = scene.story.serverSaw;
  return verdict([
    judgeGreeting(scene),
    {
      what: `the packets on the server's wire come from ${expected}`,
      holds: saw !== null && saw.startsWith(`${expected}:`),
      seen: saw ?? 'no packet there',
    },
    judgeHttp(scene),
    judgeEcho(scene),
    ...scene.pings.map(judgePing),
    ...scene.probes.map(judgeProbe),
  ]);
}

function judgeGreeting({ connect, expectedSource, server }: WorkingScene): Condition {
  const greeting = connect.outcome === 'connected' ? connect.greeting : null;
  return {
    what: `TCP ${server.greetingPort} greets ${nameOfAddress(expectedSource)}`,
    holds: greeting !== null && isEndpointOf(expectedSource, greeting.replace(/^220 you are /, '')),
    seen: greeting === null ? connect.outcome : `"${greeting}"`,
  };
}

function judgeHttp({ http, server, expectedSource }: WorkingScene): Condition {
  const what = `HTTP delivers ${server.bodyBytes} identical bytes to ${nameOfAddress(expectedSource)}`;
  if (http.outcome !== 'ok') {
    return { what, holds: false, seen: `${http.outcome} after ${http.bytes} bytes: ${http.error}` };
  }
  const difference =
    http.firstDifference === null ? 'all identical' : `the first difference at byte ${http.firstDifference}`;
  return {
    what,
    holds:
      http.status === 200 &&
      http.bytes === server.bodyBytes &&
      http.firstDifference === null &&
      isEndpointOf(expectedSource, http.seenAs),
    seen: `status ${http.status}, ${http.bytes} bytes, ${difference}, for ${nameOfEndpoint(http.seenAs)}`,
  };
}

function judgeEcho({ echo: { sent, result }, server, expectedSource }: WorkingScene): Condition {
  const asked = `${CAST.P.address}:${server.echoPort}`;
  const answered = result.outcome === 'answered' ? result : null;
  return {
    what: `UDP ${server.echoPort} echoes, from the address that was asked, what ${nameOfAddress(expectedSource)} sent`,
    holds:
      answered !== null &&
      answered.from === asked &&
      answered.text === sent &&
      isEndpointOf(expectedSource, answered.seenAs),
    seen: answered
      ? `"${answered.text}" from ${nameOfEndpoint(answered.from)}, for ${nameOfEndpoint(answered.seenAs)}`
      : 'no answer',
  };
}

function judgePing({ target, result }: { target: string; result: PingResult }): Condition {
  return {
    what: `${nameOfAddress(target)} answers every ping itself`,
    holds: result.sent > 0 && result.received === result.sent && result.from.every((from) => from === target),
    seen: `${result.received} of ${result.sent}${result.from.length ? ` from ${result.from.map(nameOfAddress).join(', ')}` : ''}`,
  };
}

function judgeProbe({ target, ttl, expected, result }: Probe): Condition {
  const saying = ({ outcome, from }: { outcome: string; from: string }): string =>
    outcome === 'reached' ? `reached ${nameOfAddress(from)}` : `${outcome}, says ${nameOfAddress(from)}`;
  return {
    what: `an echo request to ${nameOfAddress(target)} with TTL ${ttl}: ${saying(expected)}`,
    holds:
      result.outcome !== 'timeout' && result.outcome === expected.outcome && result.from === expected.from,
    seen: result.outcome === 'timeout' ? 'no answer' : saying(result),
  };
}

/** What was measured in scene 2, in which nothing may work and nothing may say so. */
export interface SilentScene {
  server: ServerInfo;
  story: Story;
  connect: ConnectResult;
  /** How long connect() had to stay undecided, in milliseconds. */
  patience: number;
  /** Everything captured during the scene. */
  frames: readonly LabFrame[];
}

/** Scene 2: the server's answer and the client's reset pass the router by, and the client's connect() hears nothing. */
export function judgeSilent({ server, story, connect, patience, frames }: SilentScene): Verdict {
  const port = server.greetingPort;
  const clientPort = Number(story.opening?.match(/^C:(\d+) >/)?.[1] ?? -1);
  const answer = (packet: Packet): boolean =>
    isTcp(packet, server.address, port, CAST.C.address, clientPort) && hasFlags(packet, tcpSyn | tcpAck);
  const reset = (packet: Packet): boolean =>
    isTcp(packet, CAST.C.address, clientPort, server.address, port) && hasFlags(packet, tcpRst);
  const onWire = (wire: Wire, wanted: (packet: Packet) => boolean): string[] =>
    frames
      .filter((frame) => frame.wire === wire)
      .map((frame) => readPacket(frame.bytes))
      .filter(wanted)
      .map(describePacket);
  const present = (what: string, seen: string[]): Condition => ({
    what,
    holds: seen.length > 0,
    seen: seen.length > 0 ? seen[0] : 'not there',
  });
  const absent = (what: string, seen: string[]): Condition => ({
    what,
    holds: seen.length === 0,
    seen: seen.length === 0 ? 'none' : seen[0],
  });
  return verdict([
    {
      what: `for ${patience / 1000} s the client's connect() neither succeeds nor is refused`,
      holds: connect.outcome === 'timeout' && connect.milliseconds >= patience,
      seen: `${connect.outcome} after ${(connect.milliseconds / 1000).toFixed(1)} s`,
    },
    {
      what: "C's SYN reaches the server unmasked",
      holds: clientPort >= 0 && story.serverSaw === `C:${clientPort}`,
      seen: story.serverSaw ?? 'no packet there',
    },
    present(`the client's wire shows S:${port} > C SYN/ACK`, onWire('client', answer)),
    present(`the client's wire shows C's RST towards S:${port}`, onWire('client', reset)),
    absent("the router's LAN wire shows no such SYN/ACK", onWire('router-lan', answer)),
    absent("the router's LAN wire shows no such RST", onWire('router-lan', reset)),
    absent(
      'nothing comes from P to C for this connection',
      onWire('client', (packet) => concernsClientFromRouter(packet, clientPort)),
    ),
  ]);
}

/** What the firmware said about itself at two moments: answers to `status` and `config`, parsed. */
export interface BootEvidence {
  status: { uptime?: unknown };
  config: unknown;
}

/**
 * Scene 3 counts only if it ran on the boot of scene 2 and one forward's `hairpin` is all that was changed.
 * @param seconds the least time that passed in between
 */
export function judgeSameBoot(before: BootEvidence, after: BootEvidence, seconds: number): Verdict {
  const [earlier, later] = [Number(before.status.uptime), Number(after.status.uptime)];
  const changed = differences(before.config, after.config, '');
  return verdict([
    {
      what: `the router has been up all the time (${seconds} s or more between two looks)`,
      holds: later - earlier >= seconds,
      seen: `up for ${earlier} s, then for ${later} s`,
    },
    {
      what: "one forward's hairpin setting is all that was changed",
      holds: changed.length === 1 && /^forwards[^ ]*\.hairpin$/.test(changed[0]),
      seen: changed.length === 0 ? 'no difference' : changed.join(', '),
    },
  ]);
}

/** Both verdicts in one. */
export function both(first: Verdict, second: Verdict): Verdict {
  return verdict([...first.conditions, ...second.conditions]);
}

function verdict(conditions: Condition[]): Verdict {
  return { asExpected: conditions.every(({ holds }) => holds), conditions };
}

/** Paths at which two JSON values differ, "forwards.0.hairpin". */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
  }
  return Object.is(a, b) ? [] : [path];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isEndpointOf(address: string, endpoint: string): boolean {
  return endpoint.startsWith(`${address}:`) && /:\d+$/.test(endpoint);
}

function isTcp(
  packet: Packet,
  source: string,
  sourcePort: number,
  target: string,
  targetPort: number,
): boolean {
  return (
    packet.kind === 'tcp' &&
    packet.source === source &&
    packet.sourcePort === sourcePort &&
    packet.target === target &&
    packet.targetPort === targetPort
  );
}

function hasFlags(packet: Packet, flags: number): boolean {
  return packet.kind === 'tcp' && (packet.flags & flags) === flags;
}

/** Anything the router could tell the client about its connection: a segment to its port, or an error quoting it. */
function concernsClientFromRouter(packet: Packet, clientPort: number): boolean {
  if (packet.kind !== 'tcp' && packet.kind !== 'icmp') return false;
  const fromRouter = packet.source === CAST.P.address || packet.source === CAST.R.address;
  if (!fromRouter || packet.target !== CAST.C.address) return false;
  if (packet.kind === 'tcp') return packet.targetPort === clientPort;
  return packet.quoted?.kind === 'tcp' && packet.quoted.sourcePort === clientPort;
}
