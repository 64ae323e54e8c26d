/** Section 6 of the checklist, ARP. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const arp: Cells[] = [
  {
    id: '826-algo',
    level: 'M',
    decision: 'DO',
    demand:
      'Any ARP refreshes an entry that is there; one comes to be only if the packet is for the router; then requests are answered.',
  },
  {
    id: '826-check',
    level: '-',
    decision: 'DO',
    demand: 'An ARP packet has the right types, lengths and operation, and a sender of this network.',
  },
  {
    id: '1122-2.3.2.1',
    level: 'M,S',
    decision: 'DO',
    demand: 'Old entries go; their time can be set.',
    note: '300 s; asked at 240 s; three misses. A constant, no setting (RFC 1122 says SHOULD)',
  },
  {
    id: '1122-flood',
    level: 'M',
    decision: 'DO',
    demand: 'One request a second for one address at most.',
    note: 'at 0, 1 and 2 s',
  },
  {
    id: '1122-2.3.2.2',
    level: 'S',
    decision: 'DIFF',
    demand: 'While an address is asked for, the newest packet waits.',
    note: 'one for each address, three in all',
  },
  {
    id: 'arp-fail',
    level: 'S',
    decision: 'DO',
    demand: 'No answer: the sender hears 3/1, and what waited is dropped.',
    note: 'then 3 s of peace',
  },
  {
    id: 'arp-size',
    level: '-',
    decision: 'DO',
    demand: 'A fixed cache; the oldest gives way, the gateway never.',
  },
  {
    id: 'arp-both',
    level: '-',
    decision: 'DO',
    demand: 'A LAN address is never learned on the WAN, nor the other way round.',
  },
  {
    id: 'arp-own',
    level: '-',
    decision: 'DO',
    demand: 'An own address claimed by another is not believed.',
    note: 'see 5227-defend',
  },
  {
    id: '5227-probe',
    level: 'S',
    decision: 'DIFF',
    demand: 'The router asks for an address before it takes it.',
    note: 'once or twice within 2 s on the WAN, never for R',
  },
  {
    id: '5227-announce',
    level: 'S',
    decision: 'DO',
    demand: 'It then announces the address twice, two seconds apart.',
  },
  {
    id: '5227-defend',
    level: 'M',
    decision: 'DO',
    demand: 'It defends the address once in ten seconds; at a second claim it gives a leased one up.',
    note: 'R, and a P of the config, are only defended',
  },
  {
    id: 'arp-grat-in',
    level: '-',
    decision: 'DO',
    demand: 'An unasked announcement changes only entries that are there.',
  },
  { id: 'proxy-arp', level: '-', decision: 'NA', demand: 'The router answers for others.', note: 'never' },
  {
    id: 'arp-sender0',
    level: 'M',
    decision: 'DO',
    demand: 'A probe for R or P is answered and nobody is learned from it.',
  },
];
