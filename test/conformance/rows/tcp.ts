/** Section 9 of the checklist, TCP tracking. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const tcp: Cells[] = [
  { id: '9-1', level: 'M', decision: 'DO', demand: 'A reset is translated and passed on in every state.' },
  {
    id: '9-2',
    level: '-',
    decision: 'DIFF',
    demand: 'A forged reset ends no flow.',
    note: 'sequence numbers are not kept; a flow revives',
  },
  {
    id: '9-3',
    level: '-',
    decision: 'DIFF',
    demand: 'Windows are not followed.',
    note: 'the ends judge the data themselves',
  },
  {
    id: '9-4',
    level: '-',
    decision: 'DO',
    demand: 'A flow is assured once TCP is established, or UDP was answered and went on.',
  },
  {
    id: '9-5',
    level: '-',
    decision: 'DO',
    demand: 'A SYN on a closed or reset flow opens it again, with its port.',
  },
  {
    id: '9-6',
    level: '-',
    decision: 'POL',
    demand: 'A segment without a flow makes one if it comes from the LAN, and ends here if from the WAN.',
  },
  {
    id: '9-7',
    level: '-',
    decision: 'DO',
    demand: 'Sets of flags that cannot be make no flow and pass nowhere.',
    note: 'in a settled flow a segment without SYN, FIN, RST and ACK passes: the fast path does not ask for ACK',
  },
  { id: '9-8', level: 'm', decision: 'NA', demand: 'Who gives a live flow up may send resets.' },
];
