/**
 * A difference between the two routers in one step, and the questions that allowed.ts asks about it. Pure.
 */
import type { Flow } from './flows.ts';
import { LOOSE } from './loose.ts';
import { ADDRESS } from './network.ts';
import type { Played } from './play.ts';
import type { SingleStep } from './sequence.ts';

/**
 * `lines`: something else arrived, or elsewhere; `ports`: the same, but no renaming of ports explains the numbers;
 * `silence`: a host had something to say with one router and nothing with the other.
 */
export type Kind = 'lines' | 'ports' | 'silence';

export interface Difference {
  kind: Kind;
  step: SingleStep;
  flow: Flow | null;
  /** All flows as their hosts know them with Linux. */
  flows: readonly Flow[];
  /** The flow had a segment before that no well-behaved host sends. */
  oddBefore: boolean;
  /** The firmware passed nothing of the flow before. */
  fresh: boolean;
  linux: Played;
  firmware: Played;
}

export function words({ outcome }: Played): string[] {
  return outcome.lines.map((line) => line.words);
}

export function silent(played: Played): boolean {
  return played.outcome.lines.length === 0;
}

/** Exactly one datagram, and like this. */
export function onlyLine(played: Played, like: RegExp): boolean {
  return words(played).length === 1 && like.test(words(played)[0]);
}

/** One datagram, forwarded. */
export function passed(played: Played): boolean {
  return onlyLine(played, / id kept/);
}

/** One datagram that came in pieces, forwarded. */
export function passedWhole(played: Played): boolean {
  return onlyLine(played, / ttl 63$/);
}

/** Linux dropped what the firmware forwarded, or the other way round. */
export function onlyFirmwarePassed({ linux, firmware }: Difference): boolean {
  return silent(linux) && passed(firmware);
}

export function onlyLinuxPassed({ linux, firmware }: Difference): boolean {
  return silent(firmware) && passed(linux);
}

/** Both sent the same, but for the parts that a pattern names. */
export function sameBut({ linux, firmware }: Difference, part: RegExp): boolean {
  const [a, b] = [words(linux), words(firmware)];
  return (
    a.length === b.length &&
    a.every((line, index) => line.replaceAll(part, '') === b[index].replaceAll(part, ''))
  );
}

/** The name of a packet beside all flows, or "". */
export function looseName({ step }: Difference): string {
  return step.do === 'loose' ? LOOSE[step.which].name : '';
}

/** What was odd about a segment, or "". */
export function oddOf({ step, flow }: Difference): string {
  return step.do === 'odd' && flow?.spec.proto === 'tcp' ? step.odd : '';
}

/** A segment as it should be, in a connection that had one before that was not. */
export function isTcpAfterOdd({ step, flow, oddBefore }: Difference): boolean {
  return oddBefore && flow?.spec.proto === 'tcp' && step.do !== 'error' && step.do !== 'knock';
}

export function wasSentWrong({ step }: Difference): boolean {
  return step.do === 'say' && step.shape.checksum === 'wrong';
}

/** Pieces of a datagram that come before its first. */
export function earlyPieces({ step, linux }: Difference): number {
  if (step.do !== 'pieces' || !/^(backwards|first last)$/.test(step.order)) return 0;
  return Number(/\((\d+) pieces/.exec(linux.words)?.[1] ?? 0) - 1;
}

/** Whether the inner endpoint of the step's flow has talked to a host of the Internet. */
export function knows({ flow, flows }: Difference, host: string): boolean {
  return flows.some(
    ({ spec, client, server, heard }) =>
      spec.proto === flow!.spec.proto &&
      client.address === flow!.client.address &&
      client.port === flow!.client.port &&
      server.address === ADDRESS[host] &&
      heard[1] !== null,
  );
}

/** Whether another LAN host uses the port of the step's flow, in a flow of its own. */
export function isPortWantedTwice({ flow, flows }: Difference): boolean {
  return flows.some(
    ({ spec, client }) =>
      spec.proto === flow?.spec.proto &&
      spec.route !== 'in' &&
      client.port === flow.client.port &&
      client.address !== flow.client.address,
  );
}

/** Whether who knocks at a flow's public port is the peer of another host's flow that Linux gave the same one. */
export function isKnockAtSharedPort({ step, flow, flows }: Difference): boolean {
  if (step.do !== 'knock' || !flow?.seenAs) return false;
  const { spec, client, seenAs } = flow;
  return flows.some(
    (other) =>
      other.spec.proto === spec.proto &&
      other.client.address !== client.address &&
      other.seenAs?.address === seenAs.address &&
      other.seenAs.port === seenAs.port &&
      other.server.address === ADDRESS[step.from],
  );
}
