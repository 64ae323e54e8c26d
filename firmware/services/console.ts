/**
 * The console on the serial line: characters in, requests to the seam, answers out. May use the seam and the platform's
 * line; must not know what any request means, except how people say it (console-words.ts).
 *
 * A line that begins with DLE is a program's: no echo, and the seam's answer as it is, on one line that begins with a
 * brace. With a # behind the DLE, # and the CRC-32 of request and answer together come before the brace: a line may lose
 * characters both ways. Any other line is a person's: echo, words, tables. DLE ENQ gives the line to the interpreter's
 * own console until the next restart. Ctrl-C empties everything that waits.
 *
 * Output is paced: one piece that the chip's own queue holds, every so often, so that nobody waits for the line. While
 * an answer goes out, what was typed waits, up to one line. All of it runs between the router's turns.
 */
import { after, checksum } from '../platform/system.ts';
import { giveLineBack, takeLine, transmit } from '../platform/line.ts';
import { answer } from './seam.ts';
import { forPeople } from './console-words.ts';

/** Characters sent at once, and milliseconds until the next: the chip's queue has 128 places, and sends 230 in that time. */
const pieceCharacters = 100;
const pieceMilliseconds = 20;
/** The longest line. */
const lineCharacters = 240;
/** Characters of notices that may wait behind an answer; some 400 variables. */
const mostWaiting = 4000;

const dataLinkEscape = '\x10';
const handOver = '\x10\x05';
const endOfText = '\x03';
const prompt = 'hairpin> ';
const checkSign = '#';
/** In place of a line that got too long: the rest of it is not read either. */
const tooLong = '\x07';

/** What was typed and not yet answered. */
let typed = '';
/** What waits to be sent, from `sent` on; -1: nothing waits, and no timer runs. */
let pending = '';
let sent = -1;
/** What a person's answer goes on with: the request for its next part, or empty. */
let next = '';

/** Takes the serial line from the interpreter's console, for good or until DLE ENQ. */
export function openConsole(): void {
  takeLine(hear, send);
}

/** Adds to what is sent. Too much is left out: it would take memory that packets need. */
function send(text: string): void {
  if (pending.length < mostWaiting) pending += text;
  if (sent < 0) {
    // In this order, because lack of memory would end it here, and sending be thought to be under way for ever.
    after(pieceMilliseconds, sendPiece);
    sent = 0;
  }
}

/** Sends the next piece; behind the last one comes what waited for it. */
function sendPiece(): void {
  const piece = pending.substr(sent, pieceCharacters);
  const to = sent + pieceCharacters;
  // Until the timer runs nothing is under way: see send.
  sent = -1;
  if (to < pending.length) {
    after(pieceMilliseconds, sendPiece);
    sent = to;
  } else pending = '';
  transmit(piece);
  if (sent < 0) goOn();
}

/** Nothing waits to be sent: the rest of the answer, or the next line. */
function goOn(): void {
  const end = typed.indexOf('\n');
  if (next) {
    obey(next);
  } else if (end >= 0) {
    const line = typed.substring(0, end);
    typed = typed.substr(end + 1);
    obey(line);
  }
}

/**
 * Characters came.
 * @overlay
 */
function hear(text: string): void {
  if ((typed + text).indexOf(handOver) >= 0) {
    stop();
    giveLineBack();
  } else if (text.indexOf(endOfText) >= 0) {
    stop();
    send('\r\n' + prompt);
  } else {
    edit(text);
    if (sent < 0) goOn();
  }
}

/** Forgets what was typed and what waits. */
function stop(): void {
  typed = '';
  next = '';
  pending = '';
  if (sent > 0) sent = 0;
}

/** Adds to the line what was typed, and shows it to people. */
function edit(text: string): void {
  const lines = text.split('\r\n').join('\n').split('\r').join('\n');
  if (typed == tooLong) {
    if (lines.indexOf('\n') < 0) return;
    typed = '';
    send('\r\nThat line was longer than ' + lineCharacters + ' characters; it was not read.\r\n' + prompt);
    return;
  }
  let last = 0;
  while (typed.indexOf('\n', last) >= 0) last = typed.indexOf('\n', last) + 1;
  const empty = typed.length == last;
  // A cursor key, or the LF behind the CR of a line that is answered already.
  if (text[0] == '\x1b' || (text == '\n' && empty)) return;
  if (text == '\b' || text == '\x7f') {
    if (empty) return;
    typed = typed.substring(0, typed.length - 1);
    send('\b \b');
  } else if (typed.length + text.length > lineCharacters) {
    typed = tooLong;
    edit(text);
  } else {
    if (typed[last] != dataLinkEscape && text[0] != dataLinkEscape) send(lines.split('\n').join('\r\n'));
    typed += lines;
  }
}

/**
 * Answers one line.
 * @overlay
 */
function obey(line: string): void {
  next = '';
  if (line[0] == dataLinkEscape) {
    const checked = line[1] == checkSign;
    const request = line.substr(checked ? 2 : 1);
    const text = answer(request);
    send('\r\n' + (checked ? checkSign + checksum(request + text) + ' ' : '') + text + '\r\n');
  } else if (line == 'repl') {
    stop();
    giveLineBack();
  } else {
    const words = forPeople(line, answer);
    next = words.next;
    send(words.text + (next ? '' : prompt));
  }
}
