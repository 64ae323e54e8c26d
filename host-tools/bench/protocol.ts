/*
 * What responder and prober say to each other: lines of ASCII, one per message; over UDP one per datagram.
 *
 *     HAIRPIN1 here <id> <seenAs>                        responder, first line of every TCP connection
 *     HAIRPIN1 ask <nonce> <number> <delay>              "answer me, after so many milliseconds"
 *     HAIRPIN1 saw <nonce> <number> <id> <seenAs>        "I am <id>, and your packet came from <seenAs>"
 *     HAIRPIN1 recall <nonce>                            "what reached you with this nonce, and on the wire?" (TCP)
 *     HAIRPIN1 recalled <nonce> <watch> <sighting>...
 *     HAIRPIN1 give <nonce> <bytes>                      "send that much filling, then close" (TCP)
 *     HAIRPIN1 call <nonce> <protocol> <port>            "connect to me, at this port" (TCP, to an outside helper)
 *     HAIRPIN1 called <nonce> <outcome> <id>
 *
 * The id is random for each start of the responder. It is learnt where no router is in between, so the same id at
 * the public address means: the same program answered. The nonce ties an answer to this run of the prober.
 * Pure text in and out; knows no sockets.
 */
import { randomBytes } from 'node:crypto';

const MAGIC = 'HAIRPIN1';

/** Datagrams with a question are filled up to this, in bytes: no answer is ever longer than its question. */
export const UDP_ASK_BYTES = 128;
/** A line that is longer comes from something else, in bytes. A full `recalled` is the longest there is. */
export const LONGEST_LINE = 16_384;
/** Sightings a `recalled` carries at most. */
export const MOST_SIGHTINGS = 256;
/** An answer is delayed by at most this, ms: longer than the two minutes of RFC 4787 REQ-5. */
export const LONGEST_DELAY = 280_000;
/** `give` hands out at most this, in bytes. */
export const MOST_BYTES = 8 * 1024 * 1024;

/** How a packet was noticed: by the program, or on the wire before the system judged it. */
export const SIGHTING_KINDS = ['tcp/accepted', 'tcp/wire', 'udp/heard', 'udp/wire'] as const;
export type SightingKind = (typeof SIGHTING_KINDS)[number];

/** A packet that reached the responder's host, and the "address:port" it came from. */
export interface Sighting {
  kind: SightingKind;
  from: string;
}

export type CallOutcome = 'answered' | 'other' | 'refused' | 'silent';

export type Message =
  | { kind: 'here'; id: string; seenAs: string }
  | { kind: 'ask'; nonce: string; number: number; delay: number }
  | { kind: 'saw'; nonce: string; number: number; id: string; seenAs: string }
  | { kind: 'recall'; nonce: string }
  | { kind: 'recalled'; nonce: string; watch: 'watching' | 'blind'; sightings: Sighting[] }
  | { kind: 'give'; nonce: string; bytes: number }
  | { kind: 'call'; nonce: string; protocol: 'tcp' | 'udp'; port: number }
  | { kind: 'called'; nonce: string; outcome: CallOutcome; id: string };

type Field =
  'nonce' | 'id' | 'seenAs' | 'number' | 'delay' | 'watch' | 'bytes' | 'protocol' | 'port' | 'outcome';

/** What a field looks like; numbers are checked against their limits as well. */
const FIELDS: Record<Field, { form: RegExp; most?: number }> = {
  nonce: { form: /^[0-9a-f]{32}$/ },
  id: { form: /^([0-9a-f]{16}|-)$/ },
  seenAs: { form: /^\d{1,3}(\.\d{1,3}){3}:\d{1,5}$/ },
  number: { form: /^\d{1,6}$/, most: 999_999 },
  delay: { form: /^\d{1,6}$/, most: LONGEST_DELAY },
  watch: { form: /^(watching|blind)$/ },
  bytes: { form: /^\d{1,9}$/, most: MOST_BYTES },
  protocol: { form: /^(tcp|udp)$/ },
  port: { form: /^[1-9]\d{0,4}$/, most: 65_535 },
  outcome: { form: /^(answered|other|refused|silent)$/ },
};

/** The fields of each message, in the order of the line. */
const MESSAGES: Record<Message['kind'], readonly Field[]> = {
  here: ['id', 'seenAs'],
  ask: ['nonce', 'number', 'delay'],
  saw: ['nonce', 'number', 'id', 'seenAs'],
  recall: ['nonce'],
  recalled: ['nonce', 'watch'],
  give: ['nonce', 'bytes'],
  call: ['nonce', 'protocol', 'port'],
  called: ['nonce', 'outcome', 'id'],
};

/** A nonce: one run of the prober. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/** An id: one start of a responder. */
export function newId(): string {
  return randomBytes(8).toString('hex');
}

/** The line, without its end. */
export function encode(message: Message): string {
  const fields = MESSAGES[message.kind].map((field) => (message as unknown as Record<Field, string>)[field]);
  const sightings =
    message.kind === 'recalled' ? message.sightings.map(({ kind, from }) => `${kind}=${from}`) : [];
  return [MAGIC, message.kind, ...fields, ...sightings].join(' ');
}

/** The message in a line, or null for everything that is not exactly one. */
export function decode(line: string): Message | null {
  if (line.length > LONGEST_LINE) return null;
  const [magic, kind, ...words] = line.trimEnd().split(' ');
  if (magic !== MAGIC || !Object.hasOwn(MESSAGES, kind)) return null;
  const names = MESSAGES[kind as Message['kind']];
  const rest = words.splice(names.length);
  if (words.length < names.length || (rest.length > 0 && kind !== 'recalled')) return null;
  const message: Record<string, unknown> = { kind };
  for (const [index, name] of names.entries()) {
    const { form, most } = FIELDS[name];
    if (!form.test(words[index]) || (most !== undefined && Number(words[index]) > most)) return null;
    message[name] = most === undefined ? words[index] : Number(words[index]);
  }
  if (kind === 'recalled') {
    const sightings = rest.map(decodeSighting);
    if (sightings.length > MOST_SIGHTINGS || sightings.includes(null)) return null;
    message.sightings = sightings;
  }
  return message as unknown as Message;
}

function decodeSighting(word: string): Sighting | null {
  const [kind, from = ''] = word.split('=');
  if (!SIGHTING_KINDS.includes(kind as SightingKind) || !FIELDS.seenAs.form.test(from)) return null;
  return { kind: kind as SightingKind, from };
}

/** A question as a datagram: the line, and spaces up to UDP_ASK_BYTES. */
export function askDatagram(ask: Extract<Message, { kind: 'ask' }>): Buffer {
  return Buffer.from(encode(ask).padEnd(UDP_ASK_BYTES), 'latin1');
}

/** The message in a datagram; questions that are shorter than their answer could be are not listened to. */
export function decodeDatagram(datagram: Buffer): Message | null {
  const message = datagram.length <= LONGEST_LINE ? decode(datagram.toString('latin1')) : null;
  return message?.kind === 'ask' && datagram.length < UDP_ASK_BYTES ? null : message;
}
