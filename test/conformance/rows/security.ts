/** Section 14 of the checklist, security. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const security: Cells[] = [
  {
    id: 'sec-1',
    level: '-',
    decision: '-',
    demand: 'A flood of SYNs to a forward leaves room for others, and is over in five seconds.',
  },
  { id: 'sec-2', level: '-', decision: '-', demand: 'A host that opens thousands of flows harms no other.' },
  { id: 'sec-3', level: '-', decision: '-', demand: 'Outsiders cannot fill the table through a mapping.' },
  {
    id: 'sec-4',
    level: '-',
    decision: '-',
    demand: 'LAN sources on the WAN, LAN targets on the WAN and P as a source on the LAN go nowhere.',
  },
  {
    id: 'sec-5',
    level: '-',
    decision: '-',
    demand: 'Blind resets and errors end no flow, and the router itself heeds no MTU they name.',
  },
  {
    id: 'sec-6',
    level: '-',
    decision: '-',
    demand: 'A flood of errors about nothing costs one lookup each.',
  },
  { id: 'sec-7', level: '-', decision: '-', demand: 'Floods of pieces and pieces that overlap are bounded.' },
  { id: 'sec-8', level: '-', decision: '-', demand: 'Floods and lies by ARP are bounded.' },
  {
    id: 'sec-9',
    level: '-',
    decision: '-',
    demand: 'Floods of DHCP and options that lie about their length are bounded.',
  },
  {
    id: 'sec-10',
    level: '-',
    decision: '-',
    demand: 'Lengths that lie cause no exception, no hang and no growth.',
  },
  {
    id: 'sec-11',
    level: '-',
    decision: '-',
    demand: 'A scan from the WAN finds the forwards and nothing else.',
  },
  {
    id: 'sec-12',
    level: '-',
    decision: '-',
    demand: "A guessed port of somebody's mapping is no way in.",
    note: 'address-dependent filter',
  },
];
