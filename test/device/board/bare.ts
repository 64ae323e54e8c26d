/*
 * A board with Espruino and nothing else: the emulator's Storage, and as much of the platform as host tools ask of a
 * board without firmware. For tests of what speaks to a REPL.
 */
import type { Flash } from '../../../host-tools/emulator/flash.ts';
import { makeRealm } from '../../../host-tools/emulator/realm.ts';
import { Storage } from '../../../host-tools/emulator/platform-storage.ts';
import { System, makeProcess } from '../../../host-tools/emulator/platform-system.ts';
import { VirtualClock } from '../../../host-tools/emulator/clock.ts';
import { Watchdog } from '../../../host-tools/emulator/platform-watchdog.ts';
import vm from 'node:vm';
import type { ReplMachine } from './repl.ts';

export interface BareBoard extends ReplMachine {
  readonly storage: Storage;
  /** Global names: a test adds what its board has. */
  readonly global: Record<string, unknown>;
}

/** @param files of its Storage, or the flash of a board as it is  @param onReboot called by `E.reboot()` */
export function bareBoard(files: Record<string, string> | Flash = {}, onReboot = (): void => {}): BareBoard {
  const realm = makeRealm();
  const storage = new Storage(realm, files);
  const system = new System(1, new Watchdog(new VirtualClock()), onReboot);
  Object.assign(realm.global, {
    E: system.makeE(),
    process: makeProcess(),
    require: (name: string) => {
      if (name === 'Storage') return storage;
      throw new Error(`Module "${name}" not found`);
    },
  });
  return {
    storage,
    global: realm.global,
    evaluate: (code) => new vm.Script(code, { filename: 'typed' }).runInContext(realm.global as vm.Context),
  };
}
