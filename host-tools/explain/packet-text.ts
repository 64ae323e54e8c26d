/*
 * Reads a packet as a person writes it: "tcp 192.168.0.3:33333 > 12.0.0.1:25", "udp ...", "icmp 192.168.0.3 >
 * 12.0.0.1" (an echo request). Strict: whatever is not exactly that is refused with the place and what was expected.
 *
 * Pure. It knows nothing of the router; whether such a packet makes sense is the router's to say.
 */
import { parseAddress, parseDecimal } from '../../firmware/config/address.ts';
import { UserError } from '../cli/user-error.ts';

export type Protocol = 'tcp' | 'udp' | 'icmp';

/** An address in dotted text with a port; for ICMP the port is 0 and means nothing. */
export interface Endpoint {
  address: string;
  port: number;
}

/** The packet that is asked about: a TCP SYN, a UDP datagram or an echo request. */
export interface Question {
  protocol: Protocol;
  source: Endpoint;
  target: Endpoint;
}

/** How each protocol's packet looks, for the sentences about those that look otherwise. */
const examples: Record<Protocol, string> = {
  tcp: 'tcp 192.168.0.3:33333 > 12.0.0.1:25',
  udp: 'udp 192.168.0.3:4000 > 12.0.0.1:5000',
  icmp: 'icmp 192.168.0.3 > 12.0.0.1',
};
const protocols = Object.keys(examples) as Protocol[];

/** Whether a text is meant as a packet rather than as a file's name. */
export function looksLikePacket(text: string): boolean {
  return text.includes('>') || /^\s*(tcp|udp|icmp)(\s|$)/i.test(text);
}

/** Reads the packet. Throws a UserError that says what is wrong, in which column, and what was expected. */
export function parsePacket(text: string): Question {
  const words = wordsOf(text);
  const [first] = words;
  if (!first) throw refusal(text, 0, 'the packet is empty', `something like "${examples.tcp}"`);
  const protocol = protocols.find((name) => name === first.text);
  if (!protocol)
    throw refusal(text, first.at, `"${first.text}" is no protocol`, 'tcp, udp or icmp, in small letters');
  const source = endpointAt(text, words[1], protocol, 'source');
  const arrow = words[2];
  if (arrow?.text !== '>') {
    const found = arrow ? `"${arrow.text}" stands where the arrow belongs` : 'the packet ends too early';
    throw refusal(text, arrow?.at ?? text.length, found, `"> DESTINATION", as in "${examples[protocol]}"`);
  }
  const target = endpointAt(text, words[3], protocol, 'destination');
  if (words[4])
    throw refusal(text, words[4].at, `"${words[4].text}" is too much`, 'the end after the destination');
  return { protocol, source, target };
}

/** The packet as it is written: what `parsePacket` reads. */
export function packetText({ protocol, source, target }: Question): string {
  return `${protocol} ${endpointText(protocol, source)} > ${endpointText(protocol, target)}`;
}

/** "192.168.0.3:33333"; for ICMP the address alone. */
export function endpointText(protocol: Protocol, { address, port }: Endpoint): string {
  return protocol === 'icmp' ? address : `${address}:${port}`;
}

interface Word {
  text: string;
  /** Its first column, from 0. */
  at: number;
}

/** The arrow is a word of its own, with or without blanks around it. */
function wordsOf(text: string): Word[] {
  return [...text.matchAll(/>|[^\s>]+/g)].map((found) => ({ text: found[0], at: found.index }));
}

function endpointAt(text: string, word: Word | undefined, protocol: Protocol, which: string): Endpoint {
  const expected = `${protocol === 'icmp' ? 'ADDRESS' : 'ADDRESS:PORT'}, as in "${examples[protocol]}"`;
  if (!word || word.text === '>')
    throw refusal(text, word?.at ?? text.length, `the ${which} is missing`, expected);
  const [address, port, ...rest] = word.text.split(':');
  if (parseAddress(address) < 0)
    throw refusal(
      text,
      word.at,
      `the ${which} "${address}" is no IPv4 address`,
      'four numbers from 0 to 255, as in 192.168.0.3',
    );
  if (protocol === 'icmp') {
    if (port !== undefined)
      throw refusal(text, word.at + address.length, `the ${which} has a port, but ICMP knows none`, expected);
    return { address, port: 0 };
  }
  if (port === undefined) throw refusal(text, word.at, `the ${which} "${address}" has no port`, expected);
  const number = rest.length > 0 ? -1 : parseDecimal(port, 65535);
  if (number < 1)
    throw refusal(
      text,
      word.at + address.length + 1,
      `the ${which}'s port "${[port, ...rest].join(':')}" is no port`,
      'a number from 1 to 65535',
    );
  return { address, port: number };
}

function refusal(text: string, at: number, what: string, expected: string): UserError {
  return new UserError(`Packet "${text}", column ${at + 1}: ${what}; expected ${expected}.`);
}
