/**
 * How stored configurations lie in Storage: as _copies_, one behind the other, in the files `config.a` and `config.b`.
 * A copy is a head of one line - mark, sequence, length, checksum - and the text as somebody wrote it. Copies begin at
 * multiples of `slotBytes`; what was never written is 0xff. The valid copy with the highest sequence is the config.
 *
 * A save writes the mark, then the text, then, as the last thing, the rest of the head. So a copy counts when all of it is
 * there, and a save that was cut short is told from a copy that was damaged later. Pure, for host and board: docs/config-store.md.
 */

/** The two files that hold copies. */
export const storedFiles = ['config.a', 'config.b'];

/**
 * Bytes of such a file when the board makes it. Of its header in flash the first two bytes are those of erased flash,
 * so that there is no half-written size: a power cut there would make the interpreter misread what comes behind.
 */
export const storedFileBytes = 65535;

/** Copies begin at multiples of so many bytes. */
export const slotBytes = 512;

/** How a copy begins. The number is the format's version. */
export const storedMark = 'hairpin-config/1';

/** Bytes of a head: the mark, then ` SSSSSSSSS LLLLLLL CCCCCCCC` and a line feed. Multiples of 4, as flash is written. */
export const markBytes = 16;
export const headBytes = 44;

/** What a byte of flash is before anything is written. */
const erased = '\xff';

/** What lies at a place of a stored file. */
export interface StoredEntry {
  /** Offset in the file. */
  at: number;
  /** Where the next one would begin. */
  next: number;
  /**
   * `whole`: the head is; the text is right if its checksum is. `unfinished`: a save that never ended. `void`: given up
   * when its text was refused. `damaged`: bytes that no save leaves behind.
   */
  state: 'whole' | 'unfinished' | 'void' | 'damaged';
  sequence: number;
  /** Length of the text, which begins `headBytes` behind `at`. */
  bytes: number;
  /** CRC-32 of the text, 8 hex digits. */
  crc: string;
}

function digits(value: number, width: number): string {
  let text = '' + value;
  while (text.length < width) text = '0' + text;
  return text;
}

/** A CRC-32 as heads have it: 8 hex digits. In halves, because the interpreter prints more than 31 bits as negative. */
export function crcText(crc: number): string {
  return (
    (0x10000 + (crc >>> 16)).toString(16).substring(1) + (0x10000 + (crc & 0xffff)).toString(16).substring(1)
  );
}

/** What follows the mark in the head of a copy. Sequence 0 is a copy that was given up. */
export function storedFields(sequence: number, length: number, crc: number): string {
  return ' ' + digits(sequence, 9) + ' ' + digits(length, 7) + ' ' + crcText(crc) + '\n';
}

/** Bytes from the start of a copy to where the next may begin. @param length of its text */
export function copyBytes(length: number): number {
  return Math.floor((headBytes + length + slotBytes - 1) / slotBytes) * slotBytes;
}

/**
 * What begins at `at`, where an entry begins or may; null when nothing does or the file ends.
 * @param content of the file, all of it, one character per byte
 */
export function storedEntry(content: string, at: number): StoredEntry | null {
  const head = content.substring(at, at + headBytes);
  // A file that a host tool wrote ends with its text.
  if (head.length < headBytes || isErased(head)) return null;
  const entry: StoredEntry = { at, next: at + slotBytes, state: 'damaged', sequence: 0, bytes: 0, crc: '' };
  if (head[headBytes - 1] === erased) entry.state = 'unfinished';
  else if (head.substring(0, markBytes) === storedMark) readFields(head, entry);
  if (entry.bytes) entry.next = at + copyBytes(entry.bytes);
  else entry.next = behindUnreadable(content, entry.next);
  return entry;
}

/** Fills in what a finished head says. */
function readFields(head: string, entry: StoredEntry): void {
  const sequence = parseInt(head.substring(17, 26), 10);
  const length = parseInt(head.substring(27, 34), 10);
  if (
    head !== storedMark + ' ' + digits(sequence, 9) + ' ' + digits(length, 7) + head.substring(34) ||
    !length
  )
    return;
  entry.sequence = sequence;
  entry.bytes = length;
  entry.crc = head.substring(35, 43);
  entry.state = sequence ? 'whole' : 'void';
}

/** Its text may go on in the slots behind it, and its length is not known. */
function behindUnreadable(content: string, at: number): number {
  let head = content.substring(at, at + markBytes);
  while (head.length && head !== storedMark && !isErased(head)) {
    at += slotBytes;
    head = content.substring(at, at + markBytes);
  }
  return at;
}

function isErased(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text[i] !== erased) return false;
  return true;
}
