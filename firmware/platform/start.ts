/**
 * What a start finds out about itself: the mark that earlier starts left, and the BOOT button. Espruino's globals under
 * names of our own, as in system.ts.
 *
 * The mark is one word of the chip's RTC slow memory, which survives every restart and no loss of power; after power
 * came, anything may stand there. Its last words are used by nobody: the interpreter's build keeps its own at the
 * beginning.
 */

/** Address of the mark: the last 16 bytes of RTC slow memory, 8 KiB from 0x50000000 on (ESP32 technical reference, 1.3.2). */
const markAddress = 0x50001ff0;

/**
 * The mark as the last start left it.
 * @inline
 */
export function readMark(): number {
  return peek32(markAddress) >>> 0;
}

/** Leaves a mark for the next start. */
export function writeMark(mark: number): void {
  poke32(markAddress, mark);
}

/** Whether the BOOT button of the board is held: it pulls GPIO 0 low. */
export function bootButtonHeld(): boolean {
  const button = new Pin('D0');
  button.mode('input_pullup');
  return !button.read();
}
