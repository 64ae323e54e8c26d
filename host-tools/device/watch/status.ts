/*
 * `hairpin status`: does the router run, and are both sides up? Judgement and texts are pure; only `runStatus` asks.
 */
import { UserError } from '../../cli/user-error.ts';
import type { Answer, LeaseStatus, SideStatus, StatusAnswer } from '../console/answers.ts';
import { standstillText } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { type ForwardRow, readForwards } from './forwards.ts';
import { counted, durationText } from './table.ts';

export interface StatusOptions extends PortOption {
  json: boolean;
}

const schema = 'hairpin.status/1';

/** What the answer comes to. `problems`: sentences, none when all is well. */
export interface StatusReport {
  running: boolean;
  problems: string[];
  /** Null when the router does not run. */
  status: StatusAnswer | null;
}

/** Asks and prints; 0 all is up, 1 not. @throws UserError when nobody can be asked */
export async function runStatus(options: StatusOptions, edges: Edges = terminal): Promise<number> {
  return withRouter(options, edges, async (router) => {
    const report = judgeStatus(await router.ask('status'));
    if (options.json) {
      const forwards = report.running ? await forwardsOf(router) : null;
      edges.print(JSON.stringify(statusJson(report, router.path, forwards)));
    } else edges.print(statusText(report).join('\n'));
    return report.problems.length === 0 ? 0 : 1;
  });
}

/** The forwards that run; null when the router does not tell them, as when its stored config was changed since it started. */
async function forwardsOf(router: Router): Promise<ForwardRow[] | null> {
  try {
    return (await readForwards(router)).forwards;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** Whether the router runs, and what is not as it should be. */
export function judgeStatus(answer: Answer): StatusReport {
  if (!answer.ok) return { running: false, problems: [standstillText(String(answer.error))], status: null };
  const status = answer as StatusAnswer;
  return {
    running: true,
    problems: [...troublesOf('WAN', status.wan), ...troublesOf('LAN', status.lan), ...noAddress(status)],
    status,
  };
}

function troublesOf(name: string, side: SideStatus): string[] {
  if (!side.chip)
    return [`The ${name} chip does not answer: hairpin doctor looks at its wires and its power.`];
  if (!side.link)
    return [`The ${name} side has no link: is its cable in at both ends, and the other device switched on?`];
  return [];
}

/** Seconds after a start in which no address is no reason to look for a fault: three questions to the ISP, and a link. */
const leasePatience = 30;

/** What is wrong when the ISP has leased nothing although its cable is in. */
function noAddress({ wan: { address, chip, link, lease }, uptime }: StatusAnswer): string[] {
  if (!lease || !chip || !link || address !== '0.0.0.0') return [];
  if (uptime < leasePatience)
    return [
      'The ISP has not leased an address yet. The router has just been started: ask again in a minute.',
    ];
  return [
    'The ISP has not leased an address: is its modem ready, and does it know this router? Some take a MAC address only after a restart of theirs.',
  ];
}

/** Who leased the address of the WAN and for how long; or how far the router has come with asking. */
function leaseLines(lease: LeaseStatus | undefined): string[] {
  if (!lease) return [];
  if (!lease.server) return [`     asking the ISP for an address (${lease.state})`];
  const left = lease.secondsLeft === null ? 'for ever' : `for another ${durationText(lease.secondsLeft)}`;
  const names = lease.resolvers.length > 0 ? `, resolvers ${lease.resolvers.join(', ')}` : '';
  return [
    `     leased by ${lease.server} ${left} (${lease.state}), gateway ${lease.gateway ?? 'none'}${names}`,
  ];
}

/** For people. */
export function statusText({ status, problems }: StatusReport): string[] {
  if (!status) return problems;
  const state = ({ chip, link }: SideStatus) => (!chip ? 'chip silent' : link ? 'link up' : 'no link');
  return [
    `Hairpin ${status.version}, running for ${durationText(status.uptime)}`,
    `WAN  ${status.wan.address.padEnd(15)}  ${state(status.wan)}`,
    ...leaseLines(status.wan.lease),
    `LAN  ${status.lan.address.padEnd(15)}  ${state(status.lan)}`,
    `${counted(status.flows, 'flow')}, ${counted(status.endpoints, 'public port')} in use, ${counted(status.held, 'packet')} waiting for ARP`,
    ...problems,
  ];
}

/** For programs. */
export function statusJson(
  { running, problems, status }: StatusReport,
  port: string,
  forwards: ForwardRow[] | null,
): object {
  if (!status) return { schema, port, running, problems };
  const { version, uptime, wan, lan, flows, endpoints, held } = status;
  return { schema, port, running, problems, version, uptime, wan, lan, flows, endpoints, held, forwards };
}
