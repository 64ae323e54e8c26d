/**
 * Closes what a stock build offers by radio. Part of every start, also of one that leaves the router out: so it may need
 * nothing of the router.
 */
import { silenceBluetooth, stopAccessPoint, stopTelnet } from '../platform/radios.ts';
import { after, say } from '../platform/system.ts';

/** The interpreter restores its own Wi-Fi settings right behind the boot code, before any timer runs. */
const afterBootMilliseconds = 1;

/**
 * Closes every way in that a stock build offers by radio, and says what it cannot close for good.
 * @overlay
 */
export function quietRadios(): void {
  stopAccessPoint();
  stopTelnet();
  after(afterBootMilliseconds, stopAccessPoint);
  if (silenceBluetooth()) {
    say(
      'Bluetooth is on and takes memory. "hairpin flash" switches it off; by hand: repl, then ESP32.enableBLE(false), which erases saved code but not this firmware, and restarts.',
    );
  }
}
