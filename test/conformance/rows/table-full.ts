/** Section 10 of the checklist, a full table. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const tableFull: Cells[] = [
  {
    id: 'ev-1',
    level: '-',
    decision: 'DO',
    demand:
      'Who gives way, in order: what expired, closed and reset TCP, queries, answered DNS and NTP, UDP not assured, opening TCP, half-closed TCP idle above 240 s, assured UDP idle above 120 s; the oldest of each.',
  },
  {
    id: 'ev-2',
    level: '-',
    decision: 'DO',
    demand: 'Established TCP, assured UDP younger than 120 s, and forwards never give way.',
  },
  {
    id: 'ev-3',
    level: '-',
    decision: 'DO',
    demand: 'Making room looks at 16 slots at most.',
    note: 'then it refuses',
  },
  {
    id: 'ev-4',
    level: '-',
    decision: 'DO',
    demand: 'Flows that outsiders opened and nobody answered have an eighth of the slots among themselves.',
  },
  { id: 'ev-5', level: '-', decision: 'DO', demand: 'One LAN host has 60 % of the slots at most.' },
  {
    id: 'ev-6',
    level: '-',
    decision: 'DO',
    demand: 'A public port is free only when the last flow of its endpoint is gone.',
  },
  { id: 'ev-7', level: '-', decision: 'DO', demand: 'A refusal is counted where the owner sees it.' },
  { id: 'ev-8', level: '-', decision: 'DO', demand: 'Slots end before ports do.', note: 'by their numbers' },
  {
    id: 'ev-9',
    level: '-',
    decision: 'DO',
    demand: 'No packet takes memory.',
    note: 'one arena; 512 flows, endpoints and indexes in 30 kB',
  },
];
