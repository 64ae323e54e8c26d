/**
 * A light on a pin: Espruino's globals under names of our own, as in system.ts. High is lit.
 */

/** Lights it, for good or until it blinks. @param name of the pin, such as "D2" */
export function lightUp(name: string): void {
  const pin = new Pin(name);
  pin.write(1);
  pin.mode('output');
}

/**
 * Blinks: lit, dark, lit and so on, each for so many milliseconds, an odd number of them, so that it ends dark. Returns
 * at once: a hardware timer does it.
 */
export function blink(name: string, milliseconds: number[]): void {
  digitalPulse(new Pin(name), true, milliseconds);
}
