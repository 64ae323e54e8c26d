/*
 * The support bundle: everything a stranger needs to help, in one JSON text, and nothing that says who its owner is.
 * Addresses and MACs of the user's networks are replaced by names, the same one for the same address everywhere, so that
 * what belongs together is still seen. The configuration is not part of it. Pure.
 */
import type { Examination } from './report.ts';
import { reportObject } from './report.ts';

/** About this computer and this program. */
export interface Versions {
  hairpin: string;
  node: string;
  platform: string;
}

/** Text of the bundle, `hairpin.support/1`. */
export function supportBundle(examination: Examination, versions: Versions): string {
  const { schema: _, ...report } = reportObject(examination) as Record<string, unknown>;
  const content = {
    schema: 'hairpin.support/1',
    versions,
    ...report,
    boardFile: examination.boardFile ?? null,
    heard: examination.line?.heard ?? null,
  };
  return `${JSON.stringify(masked(content), null, 2)}\n`;
}

/**
 * What may say whose network it is: MACs with colons or dashes (one that is a part of no longer number), IPv4 addresses,
 * the serial number that Espruino makes of the chip's own MAC, and the folder of a person in a path.
 */
const secrets: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['mac', /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/gi],
  ['address', /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g],
  ['serial', /\b[0-9a-f]{8}-[0-9a-f]{4}\b/gi],
  ['home', /(?<=\/(?:home|Users)\/)[^/\s"]+/g],
];

/** The same value with every secret in its texts and keys replaced by a name of its own. */
export function masked<T>(value: T): T {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const nameOf = (kind: string, secret: string) => {
    const key = secret.toLowerCase();
    const known = names.get(key);
    if (known) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    names.set(key, `(${kind} ${count})`);
    return names.get(key)!;
  };
  const mask = (text: string) =>
    secrets.reduce((so, [kind, pattern]) => so.replace(pattern, (secret) => nameOf(kind, secret)), text);
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return mask(part);
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [mask(key), walk(each)]));
  };
  return walk(value) as T;
}
