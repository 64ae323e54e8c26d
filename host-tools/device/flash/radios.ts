/*
 * Bluetooth on a board with Espruino: a stock build has it on, as a console for whoever is near, and it takes memory
 * that the router needs. ESP32.enableBLE(false) stores the choice, erases saved boot code other than .boot0, and
 * restarts; so it comes before anything is installed. Never ESP32.enableWifi(false): boards without PSRAM then restart
 * for ever.
 */
import type { Repl } from '../repl/repl.ts';

/** `none`: this build has no Bluetooth. */
export type Bluetooth = 'on' | 'off' | 'none';

/** What is needed of a REPL. */
export type Asked = Pick<Repl, 'ask'>;
export type Told = Pick<Repl, 'evaluate'>;

/**
 * Stopping a scan that nobody began succeeds where Bluetooth is on, and throws ESP_ERR_INVALID_STATE where it was
 * switched off. NRF.getSecurityStatus() says nothing on an ESP32, and ESP32.getState() crashes newer builds.
 */
const question =
  '(function(){if(typeof NRF=="undefined"||typeof ESP32=="undefined"||!ESP32.enableBLE)return"none";try{NRF.setScan();return"on"}catch(e){return"off"}})()';

/** Later than the answer to the expression, ms: the restart comes before any answer otherwise. */
const AFTER_ANSWER = 100;

/** Whether Bluetooth is on. */
export async function bluetoothOf(repl: Asked): Promise<Bluetooth> {
  const answer = await repl.ask(question);
  return answer === 'on' || answer === 'none' ? answer : 'off';
}

/** Switches it off; the board restarts a moment after this resolves. */
export async function switchBluetoothOff(repl: Told): Promise<void> {
  await repl.evaluate(`setTimeout(function(){ESP32.enableBLE(false)},${AFTER_ANSWER})`);
}
