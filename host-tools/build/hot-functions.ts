/**
 * The functions that run for every packet, and those that run for the first one of a flow, by file and name. The build
 * puts the names they use first, in this order, because the interpreter searches a scope from its first name on;
 * nothing else follows from standing here. Data only: find-hot-functions.ts looks them up.
 */

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
  'firmware/router/slow.ts': ['decideAndSend', 'pass', 'sendToServer'],
  'firmware/router/send.ts': ['send'],
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
