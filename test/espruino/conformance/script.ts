/**
 * The conformance script: all subjects, and what they have in common. It is what the firmware does under Node, what the
 * interpreter is held against, and what the coverage of the firmware is measured by.
 */
import { readFileSync } from 'node:fs';
import { arp } from './arp.ts';
import { boot } from './boot.ts';
import { capture } from './capture.ts';
import { chips } from './chips.ts';
import { config } from './config.ts';
import { console } from './console.ts';
import { drops } from './drops.ts';
import { filter } from './filter.ts';
import { fragments } from './fragments.ts';
import { hairpin } from './hairpin.ts';
import { icmpErrors } from './icmp-errors.ts';
import { icmp } from './icmp.ts';
import { lease } from './lease.ts';
import { leases } from './leases.ts';
import { log } from './log.ts';
import { natPmp } from './nat-pmp.ts';
import { names } from './names.ts';
import { neighbours } from './neighbours.ts';
import { ping } from './ping.ts';
import { ring } from './ring.ts';
import { seam } from './seam.ts';
import { stored } from './stored.ts';
import { Stage } from './subject.ts';
import type { Subject } from './subject.ts';
import { table } from './table.ts';
import { tcp } from './tcp.ts';
import { trace } from './trace.ts';
import { twoBuses } from './two-buses.ts';
import { udp } from './udp.ts';

export const script: readonly Subject[] = [
  ...[boot, ...config, seam, arp, neighbours, drops, icmp, icmpErrors],
  ...[
    fragments,
    hairpin,
    tcp,
    udp,
    filter,
    table,
    trace,
    capture,
    ping,
    lease,
    natPmp,
    log,
    names,
    chips,
    ring,
    twoBuses,
    console,
    stored,
    leases,
  ],
];

const boardText = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

/** Plays a subject with a bundle. @throws where the firmware does not do what the subject says */
export function play(subject: Subject, bundle: string): Stage {
  const stage = new Stage(bundle, boardText);
  subject.play(stage);
  return stage;
}
