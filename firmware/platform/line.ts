/**
 * The serial line: taking it from the interpreter's own console, giving it back, and sending on it. One of the few files
 * that name Espruino's globals.
 */

/**
 * Takes the serial line. The interpreter's console goes on at LoopbackA, quietly; what it prints comes out at LoopbackB.
 * @param received is given what arrives on the line, in pieces as they come
 * @param printed is given what the interpreter prints, exceptions and notices
 */
export function takeLine(received: (text: string) => void, printed: (text: string) => void): void {
  echo(false);
  LoopbackB.on('data', printed);
  LoopbackA.setConsole(true);
  Serial1.on('data', received);
}

/** Gives the line back to the interpreter's console, which then hears and prints everything itself. */
export function giveLineBack(): void {
  echo(true);
  Serial1.setConsole(true);
}

/** Sends text. Up to 128 characters wait in the chip and take no time; each one more takes 87 us of everybody's. */
export function transmit(text: string): void {
  Serial1.write(text);
}
