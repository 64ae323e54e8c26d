/*
 * The real firmware as the scripted lab's router: one emulated board, its two chips on the lab's wires.
 */
import { World } from '../../emulator/world.ts';
import type { LabRouter } from '../scripted.ts';

export interface Firmware {
  /** Text of dist/firmware.js. */
  bundle: string;
  /** The board's Storage: texts of `board.json` and `config.json`. */
  files: Record<string, string>;
  /** A line the firmware prints. */
  print: (line: string) => void;
}

/** Boots the firmware. */
export function firmwareRouter(firmware: Firmware): LabRouter {
  const world = new World(firmware);
  world.board.boot();
  return {
    clock: world.clock,
    wan: world.wan,
    lan: world.lan,
    runPending: () => world.board.runPending(),
    nextDue: () => world.board.nextDue(),
    hairpin: (line) => world.board.hairpin(line),
  };
}
