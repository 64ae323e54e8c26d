/**
 * The ESP32's radios, which this router does not use: a stock build offers an open Wi-Fi access point, a telnet
 * server and a Bluetooth console unless told otherwise. Every call may be missing or fail, because builds differ.
 *
 * Never ESP32.enableWifi(false): builds without PSRAM restart for ever after it (their one block of variables no
 * longer fits the largest piece of memory). Never ESP32.enableBLE(false) either: it erases saved code and restarts,
 * which is for a person to decide.
 */

/** What is asked of the modules and of the Bluetooth library. */
interface Radios {
  require(module: 'Wifi'): { stopAP(): void };
  require(module: 'TelnetServer'): { setOptions(options: { mode: 'off' }): void };
  NRF?: { sleep(): void };
}

/** @inline Looked up at each use: the interpreter may not have them, and a name kept would take memory for good. */
function radios(): Radios {
  return global as unknown as Radios;
}

/** Stops the access point. The interpreter may start it again when boot code has run: call this once more then. */
export function stopAccessPoint(): void {
  try {
    radios().require('Wifi').stopAP();
  } catch (missing) {
    // This build has no Wi-Fi.
  }
}

/** Stops the telnet server, which listens by default wherever there is a network. */
export function stopTelnet(): void {
  try {
    radios().require('TelnetServer').setOptions({ mode: 'off' });
  } catch (missing) {
    // This build has no telnet.
  }
}

/**
 * Ends Bluetooth's console until the next restart. Does not ask whether it is on: the answer would be an exception where it
 * is off, and one while the firmware loads takes a build of the present source more variables than a board has.
 */
export function silenceBluetooth(): void {
  try {
    const bluetooth = radios().NRF;
    if (bluetooth) bluetooth.sleep();
  } catch (busy) {
    // It is on and does not want to: the router runs all the same, where memory allows.
  }
}
