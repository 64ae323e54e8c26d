/**
 * The cast of the story that must always work, as tests need it: config, MAC addresses, ARP frames, and frames
 * from hex. P = 12.0.0.1 is the public address, R = 192.168.0.1 the router on the LAN, S and C are LAN hosts,
 * I and J are Internet hosts behind the gateway G.
 */
export const mac = {
  routerWan: '020000000c01',
  gateway: '020000000cfe',
  routerLan: '02000000a801',
  server: '02000000a802',
  client: '02000000a803',
};

export const address = {
  P: '0c000001',
  G: '0c0000fe',
  R: 'c0a80001',
  S: 'c0a80002',
  C: 'c0a80003',
  I: 'c633640a',
  J: 'c633640b',
};

/** The config of the examples, with the hairpin mode of every forward. */
export function configText(hairpin: string): string {
  return JSON.stringify({
    wan: { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' },
    lan: { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' },
    forwards: [
      { name: 'smtp', proto: 'tcp', port: 25, to: '192.168.0.2:25', hairpin },
      { name: 'echo', proto: 'udp', port: 5000, to: '192.168.0.2:5000', hairpin },
    ],
  });
}

/** Bytes of a hex text; blanks are for the reader. */
export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
}

/** Hex of bytes, without padding behind the IP packet's total length. */
export function ipHex(frame: Uint8Array): string {
  const total = (frame[16] << 8) | frame[17];
  return Buffer.from(frame.subarray(14, 14 + total)).toString('hex');
}

/** An Ethernet frame around an IP packet, padded to the 60 bytes that the wire requires. */
export function ipFrame(from: string, to: string, ip: string): Uint8Array {
  const frame = bytes(`${to}${from}0800${ip}`);
  if (frame.length >= 60) return frame;
  const padded = new Uint8Array(60);
  padded.set(frame);
  return padded;
}

/** An ARP request (1) or reply (2), padded. */
export function arpFrame(
  operation: 1 | 2,
  from: string,
  sender: string,
  to: string,
  target: string,
): Uint8Array {
  const link = operation === 1 ? 'ffffffffffff' : to;
  const known = operation === 1 ? '000000000000' : to;
  const frame = bytes(`${link}${from}0806000108000604000${operation}${from}${sender}${known}${target}`);
  const padded = new Uint8Array(60);
  padded.set(frame);
  return padded;
}
