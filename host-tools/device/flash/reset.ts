/*
 * Resets by the modem lines of a USB adapter, as boards wire them: RTS alone holds EN down, DTR alone holds BOOT (two
 * transistors, so that both together do nothing). Timing is esptool's.
 */
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, pause } from '../serial/time.ts';

/** EN is held down so long, ms. */
const EN_HELD = 100;
/** BOOT after EN is let go, ms; boards with a large capacitor at EN need the second. */
export const BOOT_HELD = { usual: 50, slow: 550 };

/** Resets the chip into its boot loader. */
export async function resetIntoLoader(line: ByteLine, time: Time, bootHeld: number): Promise<void> {
  await line.setSignals({ dtr: false, rts: true });
  await pause(time, EN_HELD);
  await line.setSignals({ dtr: true, rts: false });
  await pause(time, bootHeld);
  await line.setSignals({ dtr: false, rts: false });
}

/** Resets the chip into what is in its flash. */
export async function resetIntoProgram(line: ByteLine, time: Time): Promise<void> {
  await line.setSignals({ dtr: false, rts: true });
  await pause(time, EN_HELD);
  await line.setSignals({ dtr: false, rts: false });
}
