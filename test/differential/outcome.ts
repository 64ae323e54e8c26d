/**
 * What came of a step, in words that two routers can be compared by: for each datagram that arrived somewhere, who
 * received it, the rewritten tuple, every field a router must carry unchanged, and whether its checksums are right. Ports
 * and query ids on the router's own addresses are the router's choice: the words say `#` and the numbers stand aside.
 *
 * Not looked at: ids of datagrams that came in pieces and of what the router itself says, padding, and how much more
 * than eight bytes of transport header an ICMP error quotes.
 */
import { createHash } from 'node:crypto';
import { foldedSum, get16 } from '../wire/packets.ts';
import { join, transportAt, transportSum } from './frames.ts';
import { ADDRESS, MAC, nameOf } from './network.ts';
import { reassembled, type Datagram } from './reassemble.ts';
import type { Arrived } from './router.ts';

export interface Line {
  words: string;
  /** The numbers behind each `#`, with their protocol: "17:40000". */
  ports: string[];
}

export interface Outcome {
  /** Sorted: the two cables of a router have no common order. */
  lines: Line[];
  /** What arrived, whole, for the hosts to answer. */
  datagrams: Datagram[];
}

/** @param sent the packet of the step, or its first piece */
export function outcomeOf(arrived: readonly Arrived[], sent: Uint8Array): Outcome {
  const datagrams = reassembled(arrived);
  const lines = datagrams.map((one) => describe(one, sent));
  lines.sort((a, b) => (a.words < b.words ? -1 : a.words > b.words ? 1 : 0));
  return { lines, datagrams };
}

/** The lines as one text, with numbers in their places. */
export function tellOutcome({ lines }: Outcome): string {
  if (lines.length === 0) return 'nothing';
  return lines.map(numbered).join(' and ');
}

function numbered({ words, ports }: Line): string {
  const numbers = [...ports];
  return words.replaceAll('#', () => numbers.shift()!.replace(/.*:/, ''));
}

function describe({ side, frame, pieces }: Datagram, sent: Uint8Array): Line {
  const ports: string[] = [];
  const receiver = macName(frame.subarray(0, 6));
  const sender = macName(frame.subarray(6, 12));
  const way = `${side} to ${receiver}${sender === (side === 'wan' ? 'P' : 'R') ? '' : ' from ' + sender}`;
  if (get16(frame, 12) !== 0x0800) return { words: `${way}: type ${get16(frame, 12).toString(16)}`, ports };
  const length = get16(frame, 16);
  if (length > frame.length - 14) return { words: `${way}: longer than its frame`, ports };
  const packet = frame.subarray(14, 14 + length);
  const forwarded = pieces > 1 || (get16(packet, 4) === get16(sent, 4) && !isRoutersOwn(packet, sent));
  return { words: `${way}: ${packetWords(packet, ports, forwarded, pieces > 1)}`, ports };
}

/** A packet that was sent, in words. */
export function packetText(packet: Uint8Array): string {
  const ports: string[] = [];
  const length = get16(packet, 2);
  const header = transportAt(packet);
  if (packet[0] >> 4 !== 4 || header < 20 || length < header + 8 || length > packet.length)
    return `${packet.length} bytes with a broken header`;
  if (get16(packet, 6) & 0x1fff)
    return `a later piece of protocol ${packet[9]} ${addresses(packet)}, ttl ${packet[8]}`;
  const words = [transportWords(packet.subarray(0, length), ports), `ttl ${packet[8]}`].join(', ');
  return numbered({ words: words.replace(/, CHECKSUM OFF BY \w+/, ''), ports });
}

/** What the router itself says about a packet, even if its id is that packet's: an answer to a ping, an error, a reset. */
function isRoutersOwn(packet: Uint8Array, sent: Uint8Array): boolean {
  if (packet[9] !== sent[9]) return true;
  if (packet[9] !== 1) return false;
  const [type, sentType] = [packet[transportAt(packet)], sent[transportAt(sent)]];
  return type !== sentType;
}

function macName(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return Object.keys(MAC).find((name) => MAC[name] === hex) ?? hex;
}

function packetWords(packet: Uint8Array, ports: string[], forwarded: boolean, inPieces: boolean): string {
  const at = transportAt(packet);
  const words = [transportWords(packet, ports), `ttl ${packet[8]}`];
  if (packet[1]) words.push(`tos ${packet[1]}`);
  if (at > 20) words.push(`options ${Buffer.from(packet.subarray(20, at)).toString('hex')}`);
  if (foldedSum(packet.subarray(0, at)) !== 0xffff) words.push('IP CHECKSUM WRONG');
  if (!forwarded) words.push('by the router');
  else if (!inPieces) words.push(get16(packet, 6) & 0x4000 ? 'id kept, DF' : 'id kept');
  return words.join(', ');
}

function isRouters(address: Uint8Array): boolean {
  const name = nameOf(address);
  return name === 'P' || name === 'R';
}

/** "P:# > I:80", the numbers noted where they are the router's to choose. */
function route(packet: Uint8Array, ports: string[]): string {
  const at = transportAt(packet);
  return [0, 1]
    .map((end) => {
      const address = packet.subarray(12 + 4 * end, 16 + 4 * end);
      const port = get16(packet, at + 2 * end);
      if (isRouters(address)) ports.push(`${packet[9]}:${port}`);
      return `${nameOf(address)}:${isRouters(address) ? '#' : port}`;
    })
    .join(' > ');
}

function transportWords(packet: Uint8Array, ports: string[]): string {
  const payload = packet.subarray(transportAt(packet));
  if (payload.length < (packet[9] === 6 ? 20 : 8))
    return `a beginning of protocol ${packet[9]} ${addresses(packet)} ${fingerprint(payload)}`;
  if (packet[9] === 6) return tcpWords(packet, payload, ports);
  if (packet[9] === 17) return udpWords(packet, payload, ports);
  if (packet[9] === 1) return icmpWords(packet, payload, ports);
  return `protocol ${packet[9]} ${addresses(packet)} ${fingerprint(payload)}`;
}

function addresses(packet: Uint8Array): string {
  return `${nameOf(packet.subarray(12, 16))} > ${nameOf(packet.subarray(16, 20))}`;
}

function fingerprint(data: Uint8Array): string {
  if (data.length === 0) return 'no data';
  return `${data.length} bytes ${createHash('md5').update(data).digest('hex').slice(0, 6)}`;
}

/** The transport checksum, where it has one: right, or wrong by how much. */
function sumWords(packet: Uint8Array): string {
  const sum = transportSum(packet);
  return sum === 0xffff ? '' : `, CHECKSUM OFF BY ${sum.toString(16)}`;
}

const flagLetters = 'FSRPAUEC';

export function flagWords(flags: number): string {
  return [...flagLetters].filter((_, bit) => flags & (1 << bit)).join('') || 'no flags';
}

function tcpWords(packet: Uint8Array, payload: Uint8Array, ports: string[]): string {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const header = (payload[12] >> 4) * 4;
  const options = Buffer.from(payload.subarray(20, header)).toString('hex');
  return (
    `tcp ${route(packet, ports)} ${flagWords(payload[13])} seq ${view.getUint32(4)} ack ${view.getUint32(8)}` +
    ` urgent ${get16(payload, 18)}${options && ' options ' + options} ${fingerprint(payload.subarray(header))}${sumWords(packet)}`
  );
}

function udpWords(packet: Uint8Array, payload: Uint8Array, ports: string[]): string {
  const sum = get16(payload, 6) ? sumWords(packet) : ', no checksum';
  return `udp ${route(packet, ports)} ${fingerprint(payload.subarray(8))}${sum}`;
}

const queries: Record<number, string> = { 0: 'pong', 8: 'ping', 13: 'timestamp', 14: 'timestamp reply' };

function icmpWords(packet: Uint8Array, payload: Uint8Array, ports: string[]): string {
  const sum = foldedSum(payload);
  const checksum = sum === 0xffff ? '' : `, CHECKSUM OFF BY ${sum.toString(16)}`;
  const [type, code] = payload;
  if (queries[type])
    return `${queries[type]} ${addresses(packet)} id ${queryId(packet, payload, ports)} ${fingerprint(payload.subarray(6))}${checksum}`;
  const rest = Buffer.from(payload.subarray(4, 8)).toString('hex');
  return `icmp ${type}/${code} ${addresses(packet)} rest ${rest} about ${quoteWords(payload.subarray(8), ports)}${checksum}`;
}

/** An id is the router's choice where the asking side is the router's address. */
function queryId(packet: Uint8Array, payload: Uint8Array, ports: string[]): string {
  const asks = payload[0] === 8 || payload[0] === 13;
  const asker = asks ? packet.subarray(12, 16) : packet.subarray(16, 20);
  if (!isRouters(asker)) return String(get16(payload, 4));
  ports.push(`1:${get16(payload, 4)}`);
  return '#';
}

/** The quote's tuple and what a translation must leave as it was. */
function quoteWords(quote: Uint8Array, ports: string[]): string {
  if (quote.length < 28) return `${quote.length} bytes`;
  const at = transportAt(quote);
  const payload = quote.subarray(at);
  const header = foldedSum(quote.subarray(0, at)) === 0xffff ? '' : ', QUOTED IP CHECKSUM WRONG';
  // What may be cut on its way may have got another id there.
  const id = get16(quote, 6) === 0x4000 ? ` id ${get16(quote, 4)}` : '';
  const fixed = `ttl ${quote[8]}${id} fragment ${get16(quote, 6).toString(16)}`;
  if (quote[9] === 1 && queries[payload[0]])
    return `[${queries[payload[0]]} ${addresses(quote)} id ${queryId(quote, payload, ports)} ${fixed}${header}]`;
  if (quote[9] !== 6 && quote[9] !== 17)
    return `[protocol ${quote[9]} ${addresses(quote)} ${fixed}${header}]`;
  return `[${quote[9]} ${route(quote, ports)} ${quoteBalance(quote, payload)} ${fixed}${header}]`;
}

/** Sum over all that a translation changes and the checksum that makes up for it: the same before and after. */
function quoteBalance(quote: Uint8Array, payload: Uint8Array): string {
  const at = quote[9] === 6 ? 16 : 6;
  const checksum = payload.subarray(at, at + 2);
  if (checksum.length < 2 || (quote[9] === 17 && get16(payload, at) === 0)) return 'unsummed';
  return (
    'balance ' +
    (foldedSum(join(quote.subarray(12, 20), payload.subarray(0, 4), checksum)) % 0xffff).toString(16)
  );
}

/** Whether an address is one of a LAN host. */
export function onLan(address: string): boolean {
  return address.startsWith('192.168.0.') && address !== ADDRESS.R;
}
