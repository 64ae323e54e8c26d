/**
 * A board whose config is stored, without the rest of the router: the model of its flash, a power-on's choice of a copy, and
 * requests of the seam. For the tests of the config store.
 */
import './stub-version.ts';
import { board } from './stub-board.ts';
import { Flash } from '../../host-tools/emulator/flash.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { parseConfig } from '../../firmware/config/validate.ts';
import { chooseConfig } from '../../firmware/services/chosen-config.ts';
import type { Chosen } from '../../firmware/services/chosen-config.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { router } from '../control/table.ts';

const realm = makeRealm();
/** Flash of the tests is smaller than a board's: enough for a bundle, both files and two more. */
const FLASH_BYTES = 320 * 1024;

// The tables that an answer reads.
router();

/** As short as a config can be, because every byte of a save is gone through. */
export const plain = JSON.stringify({
  wan: { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' },
  lan: { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' },
});

/** A board with a firmware and `config.json`, started. */
export function fresh(): void {
  load(new Flash(new Uint8Array(FLASH_BYTES).fill(0xff)));
  board.storage.write('.boot0', 'x'.repeat(4000), 0, 20_000);
  board.storage.write('config.json', plain);
  start();
}

/** Puts a flash in. @param print hears what the interpreter says of it */
export function load(flash: Flash, print?: (line: string) => void): void {
  board.storage = new Storage(realm, flash, print);
}

/** What a power-on does with the config. */
export function start(): Chosen {
  board.storage.powerOn();
  const chosen = chooseConfig();
  openSeam(
    chosen.error,
    () => 0,
    () => {},
    () => {},
  );
  return chosen;
}

export type Answer = Record<string, unknown> & { ok: boolean; error: string };
export const ask = (line: string) => JSON.parse(answer(line)) as Answer;

/** Saves by `set nat.timeouts.udp`; what the config then says. */
export function save(seconds: number): Answer {
  return ask(`set nat.timeouts.udp ${seconds}`);
}

export function udpTimeout({ text }: Chosen): number {
  const parsed = parseConfig(text, 'test');
  return 'error' in parsed ? -1 : parsed.config.nat.timeouts.udp;
}
