/** Section 13 of the checklist, DNS and port control. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const dns: Cells[] = [
  { id: 'dp-1', level: 'M/S', decision: 'DO', demand: 'Queries and answers pass whole.' },
  {
    id: 'dp-2',
    level: 'S',
    decision: 'DIFF',
    demand: 'Large answers pass.',
    note: 'up to 1472 bytes, with the mark of what was cut',
  },
  {
    id: 'dp-3',
    level: 'M',
    decision: 'DIFF',
    demand: 'DNS by TCP passes.',
    note: 'not served; clients reach real resolvers',
  },
  { id: 'dp-4', level: 'S', decision: 'DO', demand: 'Clients may ask whom they like.' },
  { id: 'dp-5', level: 'S', decision: 'DO', demand: 'Queries upstream are hard to guess.' },
  { id: 'dp-6', level: 'S', decision: 'DO', demand: 'The WAN is not served.' },
  {
    id: 'dp-7',
    level: 'S',
    decision: 'DIFF',
    demand: 'The owner sets what clients are told.',
    note: 'the domain is free; who answers names is R with `dns`, else the ISP’s, and whom R asks is free',
  },
  {
    id: '6886-1',
    level: '-',
    decision: 'DO',
    demand: 'NAT-PMP is served on the LAN.',
    note: 'off unless asked for',
  },
  {
    id: '6886-2',
    level: '-',
    decision: 'DO',
    demand: 'It maps ports for a while.',
    note: 'two hours at most; eight of a host, sixteen in all',
  },
  {
    id: '6886-3',
    level: '-',
    decision: 'DO',
    demand: 'Mapped ports hairpin too.',
    note: 'one table of forwards',
  },
  { id: '6886-4', level: '-', decision: 'DO', demand: 'A new address is announced.' },
  {
    id: '6887-1',
    level: '-',
    decision: 'DO',
    demand: 'A question by PCP is told the older version.',
    note: 'PCP itself never',
  },
  { id: 'upnp', level: '-', decision: 'NA', demand: 'UPnP.', note: 'memory' },
];
