/* Values as Espruino writes them (E.toJS), as far as tests meet them: keys bare where they can be, undefined as null. */

export function toJs(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return typeof value === 'function' ? 'function () {}' : String(value);
  if (Array.isArray(value)) return `[${value.map(toJs).join(',')}]`;
  const fields = Object.entries(value).map(
    ([key, field]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)}:${toJs(field)}`,
  );
  return `{${fields.join(',')}}`;
}

const NAMED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

function quote(text: string): string {
  const escaped = text.replace(/[^]/g, (character, at: number) => {
    const code = character.charCodeAt(0);
    if (NAMED[character]) return NAMED[character];
    if (code >= 0x20 && code < 0x7f) return character;
    // The short form only where no digit follows.
    const short = code < 8 && !/[0-9]/.test(text.charAt(at + 1));
    return short ? `\\${code}` : `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}
