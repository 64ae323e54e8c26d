/*
 * The frames of three worked examples - A from the Internet, B with DNAT only, C2 with the hairpin - byte for byte, as
 * the four taps would have captured them. Where an example gives only the beginning of a conversation, the rest is
 * derived from its bytes.
 */
import { CAST, type LabFrame, type Wire } from '../../host-tools/lab/lab.ts';

type Name = 'P' | 'G' | 'R' | 'S' | 'C';

/** One frame from MAC to MAC, seen on these wires one after the other. */
export function sighting(at: number, from: Name, to: Name, wires: Wire[], ip: string): LabFrame[] {
  const mac = (name: Name): string => CAST[name].mac.replaceAll(':', '');
  const bytes = Buffer.from(mac(to) + mac(from) + '0800' + ip.replaceAll(' ', ''), 'hex');
  // Short frames are padded on the wire.
  const frame = Buffer.concat([bytes, Buffer.alloc(Math.max(0, 60 - bytes.length))]);
  return wires.map((wire, index) => ({
    time: at + index * 10,
    wire,
    bytes: Uint8Array.from(frame),
    length: frame.length,
  }));
}

const lanFromClient: Wire[] = ['client', 'router-lan'];
const lanToServer: Wire[] = ['router-lan', 'server'];
const lanFromServer: Wire[] = ['server', 'router-lan'];
const lanToClient: Wire[] = ['router-lan', 'client'];

/** A: from the Internet. */
export const fromTheInternet: LabFrame[] = [
  ...sighting(
    1000,
    'G',
    'P',
    ['wan'],
    '450000281111400040 06f380c633640a0c000001 ad9c001910000000000000005002faf0c0fd0000',
  ),
  ...sighting(
    1100,
    'R',
    'S',
    lanToServer,
    '45000028111140003f063fd7c633640ac0a80002 ad9c001910000000000000005002faf00c540000',
  ),
  ...sighting(
    1200,
    'S',
    'R',
    lanFromServer,
    '4500002822224000 40062dc6c0a80002c633640a 0019ad9c20000000100000015012fe88e8aa0000',
  ),
  ...sighting(
    1300,
    'P',
    'G',
    ['wan'],
    '45000028222240003f06e36f0c000001c633640a 0019ad9c20000000100000015012fe889d540000',
  ),
  ...sighting(
    1400,
    'G',
    'P',
    ['wan'],
    '4500002811124000 4006f37fc633640a0c000001 ad9c001910000001200000015010faf0a0ed0000',
  ),
  ...sighting(
    1500,
    'R',
    'S',
    lanToServer,
    '45000028111240003f063fd6c633640ac0a80002 ad9c001910000001200000015010faf0ec430000',
  ),
];

const clientSyn = '450000281111400040065d13c0a800030c000001 8235001910000000000000005002faf055f70000';
const bareSyn = '45000028111140003f06a969c0a80003c0a80002 8235001910000000000000005002faf0a14d0000';
const straightAnswer = '450000282222400040069758c0a80002c0a80003 0019823520000000100000015012fe887da40000';
/** The example names the reset without its bytes: RFC 9293 section 3.10.7.3, sequence = what the SYN/ACK acknowledged. */
const reset = '45000028000040004006b97ac0a80003c0a80002 823500191000000100000000500400009c3b0000';

/** B: from the LAN with DNAT only; the client repeats its SYN after a second. */
export const dnatOnly: LabFrame[] = [0, 1_000_000].flatMap((later) => [
  ...sighting(later + 1000, 'C', 'R', lanFromClient, clientSyn),
  ...sighting(later + 1100, 'R', 'S', lanToServer, bareSyn),
  ...sighting(later + 1200, 'S', 'C', ['server', 'client'], straightAnswer),
  ...sighting(later + 1300, 'C', 'S', ['client', 'server'], reset),
]);

/** C2: from the LAN, both rewritten. */
export const hairpinned: LabFrame[] = [
  ...sighting(1000, 'C', 'R', lanFromClient, clientSyn),
  ...sighting(
    1100,
    'R',
    'S',
    lanToServer,
    '45000028111140003f065e140c000001c0a80002 8235001910000000000000005002faf055f80000',
  ),
  ...sighting(
    1200,
    'S',
    'R',
    lanFromServer,
    '450000282222400040064c03c0a800020c000001 0019823520000000100000015012fe88324f0000',
  ),
  ...sighting(
    1300,
    'R',
    'C',
    lanToClient,
    '45000028222240003f064d020c000001c0a80003 0019823520000000100000015012fe88324e0000',
  ),
  ...sighting(
    1400,
    'C',
    'R',
    lanFromClient,
    '450000281112400040065d12c0a800030c000001 8235001910000001200000015010faf035e70000',
  ),
  ...sighting(
    1500,
    'R',
    'S',
    lanToServer,
    '45000028111240003f065e130c000001c0a80002 8235001910000001200000015010faf035e80000',
  ),
];
