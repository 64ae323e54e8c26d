/**
 * Closes what a stock build offers by radio. Part of every start, also of one that leaves the router out: so it may need
 * nothing of the router.
 */
import { silenceBluetooth, stopAccessPoint, stopTelnet } from '../platform/radios.ts';
import { after } from '../platform/system.ts';

/** The interpreter restores its own Wi-Fi settings right behind the boot code, before any timer runs. */
const afterBootMilliseconds = 1;

/**
 * Closes every way in that a stock build offers by radio. Bluetooth's memory is not to be had this way: `hairpin flash`
 * switches it off for good.
 * @overlay
 */
export function quietRadios(): void {
  stopAccessPoint();
  stopTelnet();
  after(afterBootMilliseconds, stopAccessPoint);
  silenceBluetooth();
}
