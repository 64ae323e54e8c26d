/*
 * Strings as Espruino writes them (E.toJS): double or single quotes, escapes such as \1, \x1F and \n. Pure.
 */

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The string that a literal stands for, one character a byte. @throws if it is none */
export function decodeString(literal: string): string {
  if (!/^(["'])[^]*\1$/.test(literal)) throw new Error(`Not a string of Espruino's: ${literal.slice(0, 60)}`);
  return literal
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([^]))/g,
      (_, hex?: string, octal?: string, other?: string) => {
        if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
        return ESCAPES[other!] ?? other!;
      },
    );
}
