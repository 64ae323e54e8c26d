/*
 * What is heard on a line where neither the console nor the REPL answers, as a sentence: what it is likely to be, and
 * what to do. What the chip itself says while it starts is known to boot-text.ts. Pure.
 */
import { garbageShare, readBootText } from './boot-text.ts';

/** Characters quoted at most. */
const quoted = 60;
/** A greater share of bytes which are no text: it is not the baud rate of a text, or no text. */
const mostOdd = 0.3;

/** A sentence. @param heard one character a byte */
export function whatWasHeard(path: string, heard: string): string {
  if (heard === '')
    return `Nothing answers at ${path}. Is this the board's port (--port), and has the board power? Tap EN on the board and try again; a board without Espruino stays silent: hairpin flash puts it there.`;
  const { inBootLoader, trouble, starts } = readBootText(heard);
  if (inBootLoader)
    return `The board at ${path} waits in its boot loader: BOOT was held while EN was tapped. Tap EN alone; if that does not help, hairpin flash puts Espruino on it.`;
  if (trouble) return `At ${path}: ${trouble.sentence} ${trouble.cause} ${trouble.remedy}`;
  if (/micropython|^>>> /im.test(heard))
    return `The board at ${path} runs MicroPython, not Espruino. Put Espruino on it with hairpin flash; what is on it is lost.`;
  if (starts > 1)
    return `The board at ${path} starts over and over. See hairpin doctor, or put Espruino on it anew with hairpin flash.`;
  if (garbageShare(Buffer.from(heard, 'latin1')) > mostOdd)
    return `What comes from ${path} is no text at 115200 bits per second (${bytesOf(heard)}): the board speaks at another speed, or this is another device. hairpin flash puts Espruino on an ESP32.`;
  return `Something answers at ${path}, but it is neither Espruino nor this firmware: "${textOf(heard)}". Another device (see --port), or another program on the board: hairpin flash puts Espruino on an ESP32.`;
}

function bytesOf(heard: string): string {
  return Buffer.from(heard.slice(0, 8), 'latin1').toString('hex').replace(/..\B/g, '$& ');
}

function textOf(heard: string): string {
  const text = heard.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return text.length > quoted ? `${text.slice(0, quoted)}...` : text;
}
