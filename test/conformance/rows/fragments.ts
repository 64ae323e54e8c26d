/** Section 11 of the checklist, fragments. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const fragments: Cells[] = [
  {
    id: 'fr-1',
    level: '-',
    decision: 'DO',
    demand: 'A first piece finds its flow, and the later ones are remembered by it.',
  },
  { id: 'fr-2', level: '-', decision: 'DO', demand: 'Of a later piece only the IP header changes.' },
  {
    id: 'fr-3',
    level: '-',
    decision: 'DIFF',
    demand: 'A later piece that came early waits for the first.',
    note: 'three frames, two seconds; more are lost',
  },
  {
    id: 'fr-4',
    level: '-',
    decision: 'DO',
    demand: "The oldest memory of pieces gives way, and traffic's buffers are left alone.",
  },
  {
    id: 'fr-5',
    level: '-',
    decision: 'DO',
    demand: 'A first piece too short for its ports, or one that would overwrite them, is dropped.',
  },
  { id: 'fr-6', level: '-', decision: 'DO', demand: 'No error is made about a later piece.' },
  {
    id: 'fr-7',
    level: '-',
    decision: 'DO',
    demand: 'A piece too big for its way is cut again, or its sender told.',
  },
  {
    id: 'fr-8',
    level: '-',
    decision: 'DO',
    demand: 'Pieces of two hosts with one identification stay apart.',
  },
  {
    id: 'fr-9',
    level: '-',
    decision: 'cannot',
    demand: 'Pieces are put together first.',
    note: '64 kB for each packet do not fit',
  },
];
