/** Section 7 of the checklist, hairpin. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const hairpin: Cells[] = [
  {
    id: 'hp-1',
    level: 'M',
    decision: 'DO',
    demand: 'A LAN client reaches a forwarded port of P by TCP and UDP.',
  },
  {
    id: 'hp-2',
    level: 'M',
    decision: 'DO',
    demand: "The server sees P and the client's ordinary public port.",
  },
  {
    id: 'hp-3',
    level: 'M',
    decision: 'DO',
    demand: "The server answers P, and the client sees P's port answer.",
  },
  { id: 'hp-4', level: 'M', decision: 'DO', demand: 'So it does where the forward changes the port.' },
  { id: 'hp-5', level: 'M', decision: 'DO', demand: 'The server itself can be the client.' },
  {
    id: 'hp-6',
    level: 'M',
    decision: 'DO',
    demand: 'Two clients with one source port differ in their public ports.',
  },
  {
    id: 'hp-7',
    level: 'M',
    decision: 'DO',
    demand: 'Hosts with nothing but dynamic mappings reach each other.',
  },
  {
    id: 'hp-8',
    level: '-',
    decision: 'POL',
    demand: 'The filter does not concern the LAN.',
    note: 'senders there are exempt',
  },
  {
    id: 'hp-9',
    level: '-',
    decision: 'DO',
    demand: 'Only a LAN source that came by the LAN is turned back.',
  },
  {
    id: 'hp-10',
    level: '-',
    decision: 'DO',
    demand: 'A port of P that nobody owns refuses the LAN.',
    note: 'and is silent to the WAN',
  },
  {
    id: 'hp-11',
    level: '-',
    decision: 'DO',
    demand: 'Services of the router are not reached through P from the WAN.',
  },
  { id: 'hp-12', level: 'M', decision: 'DO', demand: 'ICMP errors inside a hairpinned flow pass both ways.' },
  {
    id: 'hp-13',
    level: '-',
    decision: 'POL',
    demand: 'What of hairpin is left without a WAN address.',
    note: 'P is kept until its lease ends',
  },
  { id: 'hp-14', level: '-', decision: 'DO', demand: 'A new WAN address: old flows end, forwards follow.' },
  {
    id: 'hp-15',
    level: '-',
    decision: 'DO',
    demand: 'Nothing of a hairpin leaves on the WAN, and no redirect anywhere.',
  },
  {
    id: 'hp-16',
    level: 'M',
    decision: 'DIFF',
    demand: 'Pieces pass around the hairpin.',
    note: 'section 11',
  },
  { id: 'hp-17', level: '-', decision: 'DO', demand: "The WAN's MTU does not touch what stays on the LAN." },
  {
    id: 'hp-18',
    level: '-',
    decision: 'DO',
    demand: 'A server with another gateway is reached too.',
    note: 'the setting hairpin lan',
  },
  { id: 'hp-19', level: '-', decision: 'DO', demand: 'A hairpin is one flow, and counts once for its host.' },
];
