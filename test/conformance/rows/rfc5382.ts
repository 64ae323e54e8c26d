/** Section 2 of the checklist, RFC 5382: TCP. Data only: ../cells.ts says what the fields mean. */
import type { Cells } from '../cells.ts';

export const rfc5382: Cells[] = [
  {
    id: '5382-1',
    level: 'M',
    decision: 'DO',
    demand: 'TCP from one inner address and port leaves with one public port, whoever it goes to.',
  },
  {
    id: '5382-2',
    level: 'M',
    decision: 'DO',
    demand: 'Every legal course of a connection passes, whichever side began it.',
  },
  { id: '5382-2a', level: 'M', decision: 'DO', demand: 'Two SYNs that cross open a connection.' },
  {
    id: '5382-3,3a,3b',
    level: 'S,m',
    decision: 'DO',
    demand: 'The filter for TCP is chosen like that for UDP, and may differ from it.',
    note: 'address-dependent; a setting for each protocol',
  },
  {
    id: '5382-4',
    level: 'M,S',
    decision: 'DO',
    demand:
      'An unexpected SYN from outside meets silence for six seconds, so that a crossing SYN can still win.',
    note: 'silence for good, no late error',
  },
  {
    id: '5382-4a',
    level: 'M',
    decision: 'DO',
    demand: 'A policy of silence is kept.',
    note: 'costs neither timer nor memory',
  },
  {
    id: '5382-5',
    level: 'M',
    decision: 'DO',
    demand: 'Established connections may idle 2 h 4 min, opening and closing ones 4 min.',
    note: '7440 s and 240 s',
  },
  { id: '5382-5a', level: 'm', decision: 'DO', demand: 'The TCP timers can be set.' },
  {
    id: '5382-5 text',
    level: '-',
    decision: 'POL',
    demand: 'Left free: TIME_WAIT, segments without a flow, telling the ends of an abandoned one.',
    note: 'section 9',
  },
  {
    id: '5382-6',
    level: 'S',
    decision: 'DO',
    demand: 'Contents of TCP are left alone.',
    note: 'no gateway; passive FTP works',
  },
  {
    id: '5382-7',
    level: 'M',
    decision: 'DO',
    demand: 'No two inner endpoints own a public TCP port at once.',
  },
  {
    id: '5382-8,8a',
    level: 'M',
    decision: 'DO',
    demand: "TCP hairpins, under the sender's public address and port.",
  },
  {
    id: '5382-9',
    level: 'S',
    decision: 'DO',
    demand: 'ICMP errors of type 3 about a TCP flow are translated.',
  },
  { id: '5382-10', level: 'M', decision: 'DO', demand: 'No ICMP message ends a TCP mapping or connection.' },
];
