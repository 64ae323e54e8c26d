/* Measurements that lead to each verdict: what every report, on paper or in a browser, is tried with. */
import type { Verdict } from '../../host-tools/bench/judge/verdicts.ts';
import type { Measurements } from '../../host-tools/bench/measurements.ts';
import { P, R, S, SILENT_TCP, SILENT_UDP, firstHop, tcp, tcpFine, times, udp, udpFine } from './measured.ts';

export const stray = { end: 'stray', id: 'x', from: `${S}:8025` } as const;
const other = { end: 'other', greeting: '', handshake: 1 } as const;
const page = { greeting: '220 mail ready', certificate: null, http: null };

export const LEADS_TO: Record<Verdict, Partial<Measurements>> = {
  'works-external': {},
  'works-lan': {
    tcp: tcp(times(6, 'tcpThrough', tcpFine(R))),
    udp: udp(times(8, 'udpThrough', udpFine(R))),
  },
  works: {
    udp: { skipped: 'a real service has the port' },
    tcp: tcp(times(6, 'tcpThrough', other), {
      direct: times(4, 'tcpDirect', other),
      service: { direct: [page, page], through: [page, page], gateway: [] },
    }),
  },
  'dnat-without-snat': { tcp: tcp(SILENT_TCP), udp: udp(times(16, 'udpThrough', stray)) },
  'no-dnat': { tcp: tcp(SILENT_TCP, { firstHop: firstHop({}) }), udp: udp(SILENT_UDP) },
  'no-answer': { tcp: tcp(SILENT_TCP), udp: null },
  'router-answered': {
    tcp: tcp(times(12, 'tcpThrough', other), { firstHop: firstHop({ completed: 5 }) }),
    udp: null,
  },
  refused: { tcp: tcp(times(12, 'tcpThrough', { end: 'refused' } as const)), udp: null },
  'protocols-differ': { udp: udp(SILENT_UDP) },
  'fails-later': {
    tcp: tcp(times(6, 'tcpThrough', tcpFine(P)), {
      held: { seconds: 5, through: ['late', 'late', 'late', 'late'], direct: ['alive', 'alive'] },
    }),
    udp: null,
  },
  inconclusive: { tcp: tcp([...times(3, 'tcpThrough', tcpFine(P)), ...SILENT_TCP]), udp: null },
};
