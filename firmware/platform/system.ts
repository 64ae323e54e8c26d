/**
 * Time, timers, randomness, files, the console and the watchdog: Espruino's globals under names of our own.
 */

/**
 * Seconds since some moment, as a fraction; differences only.
 * @inline
 */
export function seconds(): number {
  return getTime();
}

/**
 * What tells such seconds, for a room that may not ask the platform.
 * @inline
 */
export function clockFunction(): () => number {
  return getTime;
}

/** An unsigned 32-bit random number from the chip's generator. */
export function random32(): number {
  return E.hwRand() >>> 0;
}

/** Calls `run` every so many milliseconds. */
export function every(milliseconds: number, run: () => void): void {
  setInterval(run, milliseconds);
}

/**
 * Calls `run` once, after so many milliseconds.
 * @inline
 */
export function after(milliseconds: number, run: () => void): number {
  return setTimeout(run, milliseconds);
}

/** The text of a Storage file, or undefined. */
export function readFile(name: string): string | undefined {
  return storage().read(name);
}

/** Part of a Storage file, which lies in flash and takes no memory, or undefined. @param length bytes, 1 or more */
export function readPiece(name: string, offset: number, length: number): string | undefined {
  return storage().read(name, offset, length);
}

/**
 * Writes a piece of a file, at most 4 kB, for it may be copied onto the stack. At offset 0 a file of `size` bytes is
 * made if there is none that is still blank. Throws when the place is not blank.
 */
export function writePiece(name: string, text: string | Uint8Array, offset: number, size: number): void {
  storage().write(name, text, offset, size);
}

/** Deletes a file if there is one. */
export function eraseFile(name: string): void {
  storage().erase(name);
}

/** Bytes of Storage that can still be written without making room first: those behind the last file. */
export function freeStorage(): number {
  return storage().getFree();
}

/** @inline Through `global`, because a bundler would try to resolve a plain `require`. */
function storage(): EspruinoStorage {
  return (global as unknown as { require: typeof require }).require('Storage');
}

/** The interpreter's variables, of 14 bytes each on a board; garbage that nobody has collected yet counts as used. */
export interface Variables {
  usage: number;
  free: number;
  total: number;
}

/** How many variables are in use. Collects no garbage, which would take milliseconds. */
export function variables(): Variables {
  return (global as unknown as { process: { memory(collect: boolean): Variables } }).process.memory(false);
}

/** Restarts the board. */
export function restart(): void {
  E.reboot();
}

/** The CRC-32 of a text, or of bytes. */
export function checksum(data: string | Uint8Array): number {
  return E.CRC32(data);
}

/**
 * Bytes as base64.
 * @inline
 */
export function base64(bytes: Uint8Array): string {
  return btoa(bytes);
}

/**
 * One line on the console. Never from the packet path: 87 us a character.
 * @inline
 */
export function say(line: string): void {
  return print(line);
}

/** From now on the board restarts when nobody calls `kick` for so many whole seconds, 2 or more. For good. */
export function startWatchdog(seconds: number): void {
  E.enableWatchdog(seconds, false);
}

/** Puts the restart off. */
export function kickWatchdog(): void {
  E.kickWatchdog();
}

/**
 * What puts the restart off, for a room that may not ask the platform.
 * @inline
 */
export function watchdogFunction(): () => void {
  return E.kickWatchdog;
}
