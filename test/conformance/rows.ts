/**
 * Every row of the checklist with its section, and which rows a test has to prove. Pure data and arithmetic over it:
 * the tests declare rows by row.ts, page.ts writes them down.
 */
import type { Cells } from './cells.ts';
import { arp } from './rows/arp.ts';
import { dhcp } from './rows/dhcp.ts';
import { dns } from './rows/dns.ts';
import { fragments } from './rows/fragments.ts';
import { hairpin } from './rows/hairpin.ts';
import { icmpErrors } from './rows/icmp-errors.ts';
import { neighbours } from './rows/neighbours.ts';
import { rfc1812 } from './rows/rfc1812.ts';
import { rfc4787 } from './rows/rfc4787.ts';
import { rfc5382 } from './rows/rfc5382.ts';
import { rfc5508 } from './rows/rfc5508.ts';
import { security } from './rows/security.ts';
import { tableFull } from './rows/table-full.ts';
import { tcp } from './rows/tcp.ts';

/** Sections in the order of the checklist, which counts them from 1. */
export const sections: readonly { title: string; rows: readonly Cells[] }[] = [
  { title: 'RFC 4787: UDP', rows: rfc4787 },
  { title: 'RFC 5382: TCP', rows: rfc5382 },
  { title: 'RFC 5508: ICMP', rows: rfc5508 },
  { title: 'RFC 7857, 6888, 3022, 1624, 6056 and their neighbours', rows: neighbours },
  { title: 'RFC 1812: rules for routers', rows: rfc1812 },
  { title: 'ARP', rows: arp },
  { title: 'Hairpin', rows: hairpin },
  { title: 'Translation of ICMP errors', rows: icmpErrors },
  { title: 'TCP tracking', rows: tcp },
  { title: 'A full table', rows: tableFull },
  { title: 'Fragments', rows: fragments },
  { title: 'DHCP', rows: dhcp },
  { title: 'DNS and port control', rows: dns },
  { title: 'Security', rows: security },
];

/** Where a row stands: a test must prove it, or nobody will ask for it. */
export type Scope = 'tested' | 'not meant';

/** Decisions to do something, and the tables that have no decisions because all of them are done. */
const done = ['DO', 'DIFF', 'POL', '-'];

const all = new Map(
  sections.flatMap(({ rows }, index) => rows.map((row) => [row.id, { ...row, section: index + 1 }])),
);

/** The row of this id, or nothing. */
export function rowOf(id: string): (Cells & { section: number }) | undefined {
  return all.get(id);
}

/** Ids of all rows, in the order of the checklist. */
export const rowIds: readonly string[] = [...all.keys()];

/** Where the row of a known id stands. */
export function scopeOf(id: string): Scope {
  return done.includes(all.get(id)!.decision) ? 'tested' : 'not meant';
}
