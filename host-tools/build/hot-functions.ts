/**
 * The functions that run for every packet, and those that run for the first one of a flow, by file and name. The build
 * puts the names they use first, in this order, because the interpreter searches a scope from its first name on;
 * nothing else follows from standing here. Finds them in the TypeScript and says so when one is gone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Complaint } from './complaint.ts';
import { isFunction, nameOf, parseTypeScript, walk } from './syntax-tree.ts';

/** File, relative to the project, to the names of functions in it. */
export type HotFunctions = Readonly<Record<string, readonly string[]>>;

/** The packet path of the firmware. */
export const packetPath: HotFunctions = {
  'firmware/datapath/tcp.ts': ['tcpFromLan', 'tcpFromWan', 'tcpHairpin'],
  'firmware/datapath/udp.ts': ['udpFromLan', 'udpFromWan', 'udpHairpin'],
  'firmware/router/drain.ts': ['drainWan', 'drainLan', 'drainToPublic'],
  'firmware/router/serve.ts': ['serveWan', 'serveLan'],
};

/** The way of a packet that is decided on: of a new flow, or of one that is not settled. */
export const firstPacketPath: HotFunctions = {
  'firmware/router/turn.ts': ['turn'],
  'firmware/control/sweep.ts': ['sweepFlows'],
  'firmware/router/slow.ts': ['decideAndSend', 'pass', 'sendToServer', 'send'],
  'firmware/w5500/transmit.ts': ['sendWan', 'sendLan', 'wanRestamp', 'lanRestamp'],
  'firmware/control/decide.ts': [
    'decide',
    'headerFault',
    'segmentIsSound',
    'addressFault',
    'decideFlow',
    'beginFlow',
    'open',
    'track',
  ],
  'firmware/control/admit.ts': [
    'admit',
    'admitToPublic',
    'admitIn',
    'admitHairpin',
    'admitOut',
    'keepSource',
    'translateBoth',
    'openInward',
    'endpointFor',
    'findRoom',
  ],
  'firmware/control/flows.ts': ['findRow', 'findHairpin', 'makeFlow', 'linkHairpin'],
  'firmware/control/endpoints.ts': ['endpointOf', 'endpointAt', 'choosePort', 'openEndpoint'],
  'firmware/control/forwards.ts': ['forwardFor'],
  'firmware/control/hops.ts': ['hopTo'],
  'firmware/control/neighbours.ts': ['hopFor', 'ready'],
  'firmware/control/packet.ts': ['take'],
  'firmware/control/pass.ts': ['mayTravel'],
  'firmware/control/rewrite.ts': ['rewrite'],
  'firmware/control/station.ts': ['isForUs'],
  'firmware/control/tcp.ts': ['next', 'advance'],
};

/** Where the hot functions of the bundled files begin, as `file:line`; and the names that no longer lead anywhere. */
export interface FoundHotFunctions {
  places: Set<string>;
  complaints: Complaint[];
}

/** Looks the functions up in those of the files that are part of the bundle. */
export function findHotFunctions(
  root: string,
  files: readonly string[],
  wanted: HotFunctions,
): FoundHotFunctions {
  const found: FoundHotFunctions = { places: new Set(), complaints: [] };
  for (const file of files) {
    const missing = new Set(wanted[file] ?? []);
    if (missing.size === 0) continue;
    walk(parseTypeScript(readFileSync(join(root, file), 'utf8')), (node) => {
      const name = isFunction(node) ? nameOf(node.id) : undefined;
      if (name === undefined || !missing.delete(name)) return;
      found.places.add(`${file}:${node.loc.start.line}`);
    });
    for (const name of missing) {
      const message = `There is no function '${name}' here, but host-tools/build/hot-functions.ts lists it as hot. Correct that list.`;
      found.complaints.push({ file, line: 1, column: 1, rule: 'hot', message });
    }
  }
  return found;
}
