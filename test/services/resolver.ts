/**
 * DNS messages for tests, made and read the plain way (RFC 1035 section 4) and sharing no code with the firmware; and a
 * resolver that answers from a table.
 */
import { get16 } from '../wire/packets.ts';

/** Types by name (RFC 1035 section 3.2.2 and later). */
export const types: Record<string, number> = {
  A: 1,
  NS: 2,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DS: 43,
  HTTPS: 65,
  ANY: 255,
};

/** What may differ from a plain query. */
export interface QueryShape {
  id?: number;
  /** The halfword of flags: 0x0100, recursion desired, by default. */
  flags?: number;
  /** Bytes behind the question, and how many additional records they are. */
  additional?: number[];
  class?: number;
}

const half = (value: number) => [(value >>> 8) & 255, value & 255];

/** An EDNS record (RFC 6891) for answers of so many bytes, the DO bit set. */
export const edns = (bytes: number) => [0, 0, 41, ...half(bytes), 0, 0, 0x80, 0, 0, 0];

/** A name as its labels; of `.` the root alone. */
export function labels(name: string): number[] {
  const parts = name.split('.').filter((part) => part !== '');
  return [...parts.flatMap((part) => [part.length, ...Buffer.from(part, 'latin1')]), 0];
}

/** A query. @param type by name, or a number */
export function query(name: string, type: string | number = 'A', shape: QueryShape = {}): Uint8Array {
  const kind = typeof type === 'number' ? type : types[type];
  const additional = shape.additional ?? [];
  return Uint8Array.from([
    ...half(shape.id ?? 0x1234),
    ...half(shape.flags ?? 0x0100),
    ...[0, 1, 0, 0, 0, 0, 0, additional.length > 0 ? 1 : 0],
    ...labels(name),
    ...half(kind),
    ...half(shape.class ?? 1),
    ...additional,
  ]);
}

/** A message as it was read. */
export interface Message {
  id: number;
  isResponse: boolean;
  opcode: number;
  /** Letters of the flags that are set: A authoritative, T cut, R recursion desired, r available, c checking disabled. */
  flags: string;
  code: number;
  name: string;
  type: number;
  answers: { name: string; type: number; seconds: number; data: number[] }[];
  counts: number[];
}

/** Reads a message of one question. @throws where it is broken, and on bytes that nothing accounts for */
export function readMessage(bytes: Uint8Array): Message {
  let at = 12;
  const name = (from: number): [text: string, end: number] => {
    const parts: string[] = [];
    for (let i = from; ; i += 1 + bytes[i]) {
      if (i >= bytes.length) throw new Error('a name without end');
      if (bytes[i] === 0) return [parts.join('.'), i + 1];
      if (bytes[i] >= 0xc0) {
        const [rest] = name(((bytes[i] & 63) << 8) | bytes[i + 1]);
        return [[...parts, rest].join('.'), i + 2];
      }
      parts.push(Buffer.from(bytes.subarray(i + 1, i + 1 + bytes[i])).toString('latin1'));
    }
  };
  const counts = [4, 6, 8, 10].map((offset) => get16(bytes, offset));
  const [asked, behind] = name(at);
  at = behind + 4;
  const answers: Message['answers'] = [];
  for (let i = 0; i < counts[1]; i++) {
    const [owner, end] = name(at);
    const length = get16(bytes, end + 8);
    const seconds = get16(bytes, end + 4) * 65536 + get16(bytes, end + 6);
    const data = Array.from(bytes.subarray(end + 10, end + 10 + length));
    if (data.length !== length) throw new Error('a record that ends too early');
    answers.push({ name: owner, type: get16(bytes, end), seconds, data });
    at = end + 10 + length;
  }
  if (counts[2] + counts[3] === 0 && at !== bytes.length)
    throw new Error(`${bytes.length - at} bytes too many`);
  const [high, low] = [bytes[2], bytes[3]];
  const letters: [number, number, string][] = [
    [high, 4, 'A'],
    [high, 2, 'T'],
    [high, 1, 'R'],
    [low, 128, 'r'],
    [low, 16, 'c'],
  ];
  return {
    id: get16(bytes, 0),
    isResponse: (high & 128) !== 0,
    opcode: (high >> 3) & 15,
    flags: letters.map(([byte, bit, letter]) => (byte & bit ? letter : '')).join(''),
    code: low & 15,
    name: asked,
    type: get16(bytes, behind),
    answers,
    counts,
  };
}

/** The answer to a query: its question, and one record for each list of bytes. @param flags QR, RD and RA by default */
export function answerTo(asked: Uint8Array, records: number[][], flags = 0x8180): Uint8Array {
  let end = 12;
  while (asked[end]) end += 1 + asked[end];
  end += 5;
  const type = Array.from(asked.subarray(end - 4, end));
  const rest = records.flatMap((data) => [0xc0, 12, ...type, 0, 0, 1, 44, ...half(data.length), ...data]);
  const head = [...asked.subarray(0, 2), ...half(flags), 0, 1, ...half(records.length), 0, 0, 0, 0];
  return Uint8Array.from([...head, ...asked.subarray(12, end), ...rest]);
}

/** A resolver that knows some names, by `name TYPE` in small letters. What it does not know does not exist. */
export class Resolver {
  readonly asked: Message[] = [];
  constructor(private readonly table: Record<string, number[][]>) {}

  answer(question: Uint8Array): Uint8Array {
    const message = readMessage(question);
    this.asked.push(message);
    const type = Object.keys(types).find((name) => types[name] === message.type) ?? String(message.type);
    const records = this.table[`${message.name.toLowerCase()} ${type}`];
    return answerTo(question, records ?? [], records ? 0x8180 : 0x8183);
  }
}
