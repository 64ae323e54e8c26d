/*
 * What arrives on the serial line, cut into lines of text, and what each line can be. Pure: bytes in, lines out; which
 * line answers which request is console.ts's business.
 */
import { crc32 } from 'node:zlib';

/** Longest line that is kept, characters: the longest answer, a whole configuration, has some 10,000. */
const longestLine = 32_768;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** XON and XOFF: the interpreter's flow control, which may come in the middle of anything. */
const flowControl = [0x11, 0x13];
/** The firmware's prompt stands at the beginning of a line when a person has typed before. */
const prompt = /^(?:hairpin> )+/;

/** Cuts bytes into lines. CR, LF and CR LF end a line; empty lines are left out. */
export class LineReader {
  private text = '';

  /** The lines that these bytes complete, without prompts. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === lineFeed || byte === carriageReturn) {
        const line = this.text.replace(prompt, '');
        if (line !== '') lines.push(line);
        this.text = '';
      } else if (!flowControl.includes(byte)) {
        // What is longer than any line can be is noise; its end is enough to find the next line by.
        if (this.text.length >= longestLine) this.text = '';
        this.text += String.fromCharCode(byte);
      }
    }
    return lines;
  }
}

/** Stands behind the DLE of a request whose answer is to come with a checksum, and before that answer. */
export const checkSign = '#';

/** Whether a line can be such an answer, whole or not. Notices never begin like that. */
export function looksChecked(line: string): boolean {
  return line.startsWith(checkSign);
}

/**
 * The answer on a line, if the checksum before it is that of this very request and this very answer: what was lost on
 * the way there counts as much as what was lost on the way back. Otherwise null.
 */
export function checkedAnswer(line: string, request: string): Record<string, unknown> | null {
  const [, digits, text] = /^#(\d{1,10}) (\{[ -~]*\})$/.exec(line) ?? [];
  if (text === undefined || Number(digits) !== crc32(Buffer.from(request + text, 'latin1'))) return null;
  return objectOf(text);
}

/** The object that a text is, or null. */
export function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Whether this is what the interpreter's own console says to a word that it does not know. */
export function isReplError(line: string, word: string): boolean {
  return line.includes('Uncaught') && line.includes(word);
}
