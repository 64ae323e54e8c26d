/** Section 8 of the checklist, translation of ICMP errors. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const icmpErrors: Cells[] = [
  {
    id: 'ie-1',
    level: '-',
    decision: '-',
    demand: 'An error from the WAN about what an inner host sent reaches that host.',
  },
  {
    id: 'ie-2',
    level: '-',
    decision: '-',
    demand: "An error from the WAN about a server's answer reaches the server.",
  },
  {
    id: 'ie-3',
    level: '-',
    decision: '-',
    demand: "A server's error about a forwarded packet reaches the outsider, from P.",
  },
  {
    id: 'ie-4',
    level: '-',
    decision: '-',
    demand: "A client's error about an answer reaches the outsider, from P.",
  },
  {
    id: 'ie-5',
    level: '-',
    decision: '-',
    demand: "A server's error about a hairpinned packet reaches the client, from P.",
  },
  {
    id: 'ie-6',
    level: '-',
    decision: '-',
    demand: "A client's error about a hairpinned answer reaches the server, from P.",
  },
  {
    id: 'ie-7',
    level: '-',
    decision: '-',
    demand: 'An error from the WAN about a query reaches who asked, with the id it had.',
  },
  {
    id: 'ie-8',
    level: '-',
    decision: '-',
    demand: 'Without a flow, or with less than eight bytes of transport quoted, an error ends here.',
  },
];
