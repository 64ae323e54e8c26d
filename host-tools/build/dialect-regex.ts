/**
 * Which parts of a regular expression the interpreter's matcher does not know. Reads the pattern's text only.
 */

/** What is not supported, in words, or undefined when the pattern matches the same on the interpreter. */
export function findUnsupportedRegex(pattern: string, flags: string): string | undefined {
  if (/[^gi]/.test(flags)) return `flag in /${flags}`;
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') {
      at++;
      if (/[bBkpPu1-9]/.test(pattern[at] ?? '')) return `\\${pattern[at]}`;
    } else if (inClass) {
      inClass = char !== ']';
    } else if (char === '[') {
      inClass = true;
    } else if (pattern.startsWith('(?:', at)) {
      at += 2;
    } else if (char === '?' || char === '{' || char === '.') {
      return char;
    }
  }
  return undefined;
}
