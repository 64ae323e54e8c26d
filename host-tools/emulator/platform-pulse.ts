// Espruino's digitalPulse: a pin driven to one level and the other in turn by a hardware timer, while the firmware goes on.
import type { Clock, Microseconds } from './clock.ts';
import { Pin } from './platform-pins.ts';

export type DigitalPulse = (pin: unknown, level: unknown, milliseconds: unknown) => void;

/** The global of one board. What is under way on a pin comes first; a list of times is as in Espruino. */
export function makeDigitalPulse(clock: Clock): DigitalPulse {
  const busyUntil = new Map<Pin, Microseconds>();
  return (pin, level, milliseconds) => {
    if (!(pin instanceof Pin)) throw new Error('Invalid pin');
    if (!Array.isArray(milliseconds))
      throw new Error('digitalPulse: the emulated board only knows lists of times.');
    const under = busyUntil.get(pin) ?? 0;
    const isBusy = under > clock.now();
    let at = isBusy ? under : clock.now();
    let next = level ? 1 : 0;
    if (!isBusy) pin.drive(next ? 1 : 0);
    for (const time of milliseconds as number[]) {
      at += time * 1000;
      next = 1 - next;
      const then = next;
      clock.schedule(at, () => pin.drive(then ? 1 : 0));
    }
    busyUntil.set(pin, at);
  };
}
