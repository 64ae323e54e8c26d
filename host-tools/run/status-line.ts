/* The line `hairpin run` shows every second. Pure: counters in, text out. */
import type { PortReport } from '../lab/kernel/port-report.ts';

/** What the firmware's `status` says, as far as it is shown. */
export interface RouterStatus {
  uptime: number;
  wan: { address: string; link: boolean; lease?: { server: string | null } };
  lan: { address: string; link: boolean };
  flows: number;
}

function port(side: string, link: boolean, now: PortReport, before: PortReport | undefined): string {
  if (!link) return `${side} no link`;
  const rate = (after: number, then: number | undefined) => `${after - (then ?? 0)}`;
  return `${side} ${rate(now.received, before?.received)} in ${rate(now.sent, before?.sent)} out`;
}

/** Named only when they happened: they say that something around the router is not as it should be. */
function remarks(ports: readonly PortReport[]): string[] {
  const total = (pick: (report: PortReport) => number) =>
    ports.reduce((sum, report) => sum + pick(report), 0);
  const counts: [string, number][] = [
    ['checksums completed', total((report) => report.completed)],
    ['oversized', total((report) => report.oversized)],
    ['missed', total((report) => report.missed)],
    ['not sent', total((report) => report.refused)],
  ];
  return counts.filter(([, count]) => count > 0).map(([what, count]) => `${what} ${count}`);
}

/**
 * "wan 812 in 790 out | lan 791 in 812 out frames/s | flows 3 | oversized 2".
 * @param ports WAN's and LAN's report now; @param before the same a second ago
 */
export function statusLine(
  status: RouterStatus,
  ports: readonly PortReport[],
  before: readonly PortReport[],
): string {
  const wan = port('wan', status.wan.link, ports[0], before[0]);
  const lan = port('lan', status.lan.link, ports[1], before[1]);
  return [wan, `${lan} frames/s`, `flows ${status.flows}`, ...remarks(ports)].join(' | ');
}

/** "Oversized: ..." for a port on which the count of oversized frames has just left zero; null otherwise. */
export function oversizedNotice(now: PortReport, before: PortReport | undefined): string | null {
  if (now.oversized === 0 || (before?.oversized ?? 0) > 0) return null;
  return (
    `Dropped on '${now.name}': ${now.oversizedExample}, more than Ethernet's 1514. Something before this interface ` +
    'joins segments (GRO, TSO); switch that off there. Further ones are only counted.'
  );
}

/**
 * What has become of the WAN's leased address, when that is something else than before; null otherwise, and of an
 * address that is not leased.
 * @param before the status a second ago
 */
export function leaseNotice(now: RouterStatus, before: RouterStatus | undefined): string | null {
  const { address, lease } = now.wan;
  if (!lease || (before?.wan.lease && before.wan.address === address)) return null;
  if (address === '0.0.0.0')
    return before
      ? 'The WAN has no address any more: asking for one.'
      : 'Asking for an address on the WAN ...';
  return `The WAN's address is ${address}, leased by ${lease.server ?? 'an unknown server'}.`;
}
