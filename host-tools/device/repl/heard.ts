/*
 * What is heard on a line where neither the console nor the REPL answers, as a sentence: what it is likely to be, and
 * what to do. Pure.
 */

/** By what is in it; the first that matches counts. `PATH` stands for the port. */
const SIGNS: readonly (readonly [heard: RegExp, sentence: string])[] = [
  [
    /waiting for download/i,
    'The board at PATH waits in its boot loader: BOOT was held while EN was tapped. Tap EN alone; if that does not help, hairpin flash puts Espruino on it.',
  ],
  [
    /invalid header|flash read err|no bootable app|ets_main\.c/i,
    'The chip at PATH starts, and finds nothing to run. Put Espruino on it with hairpin flash.',
  ],
  [
    /brownout/i,
    'The board at PATH restarts because its supply breaks down: use another cable or another USB port, without a hub, or a supply of its own for the Ethernet modules.',
  ],
  [
    /micropython|^>>> /im,
    'The board at PATH runs MicroPython, not Espruino. Put Espruino on it with hairpin flash; what is on it is lost.',
  ],
  [
    /rst:0x[^]*rst:0x|guru meditation/i,
    'The board at PATH starts over and over. See hairpin doctor, or put Espruino on it anew with hairpin flash.',
  ],
];

/** Characters quoted at most. */
const quoted = 60;
/** More bytes than that, of a hundred, which are no text: it is not the baud rate of a text, or no text. */
const mostOdd = 30;

/** A sentence. @param heard one character a byte */
export function whatWasHeard(path: string, heard: string): string {
  if (heard === '')
    return `Nothing answers at ${path}. Is this the board's port (--port), and has the board power? Tap EN on the board and try again; a board without Espruino stays silent: hairpin flash puts it there.`;
  const sign = SIGNS.find(([pattern]) => pattern.test(heard));
  if (sign) return sign[1].replace('PATH', path);
  const odd = heard.replace(/[\x20-\x7e\r\n\t\x1b]/g, '').length;
  if (odd * 100 > heard.length * mostOdd)
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
