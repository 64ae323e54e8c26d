/**
 * A whole board in software at the end of a line in memory: interpreter, router if there is one, modules, wires that can
 * be broken, a cable that can be pulled. Time passes for all of them together.
 */
import { readFileSync } from 'node:fs';
import type { ByteLine } from '../../../host-tools/device/serial/byte-line.ts';
import { Faults } from '../../../host-tools/emulator/faults.ts';
import { World } from '../../../host-tools/emulator/world.ts';
import { linePair } from '../board/memory-line.ts';
import { ReplStandIn } from '../board/repl.ts';
import { VirtualTime } from '../board/virtual-time.ts';

export interface SoftBoardOptions {
  /** Storage; without `config.json` a router stands still. */
  files: Record<string, string>;
  /** Text of the boot code; none: the interpreter alone. */
  bundle?: string;
  /** The cable is pulled when so many bytes have arrived at the board. */
  pulledAfter?: number;
  /** Variables that are free, of 5800, if not as the emulated board has it. */
  free?: number;
  /** Modem lines there are, so that the board can be reset; what it says then. */
  startText?: string;
  /** Whether anything runs on it. */
  dead?: boolean;
  /** "2v29" and "ESP32" if not given. */
  version?: string;
  name?: string;
}

export interface SoftBoard {
  time: VirtualTime;
  line: ByteLine;
  world: World;
  /** Bytes that have arrived at the board. */
  received(): number;
  /** No more time passes for it. */
  stop(): void;
}

/** How often the board gets its turn, and how long a restart takes, ms. */
const turn = 10;
const restartTakes = 400;

export function softBoard(options: SoftBoardOptions): SoftBoard {
  const { files, bundle = '', pulledAfter = Infinity, free, version = '2v29', name = 'ESP32' } = options;
  const time = new VirtualTime();
  const { host, board: far, unplug } = linePair('/dev/ttyTEST', time);
  const world = new World({
    bundle,
    files,
    timed: true,
    print: (text) => repl.print(`${text}\n`),
    faults: { wan: new Faults(1), lan: new Faults(2) },
  });
  const { board } = world;
  const send = (text: string) => void far.write(Buffer.from(text, 'latin1')).catch(() => {});
  const storage = board.storage as unknown as {
    write(name: string, data: string): boolean;
    read(name: string): string;
  };
  const machine = { evaluate: (code: string) => board.evaluate(code), storage };
  const repl: ReplStandIn = new ReplStandIn(
    machine,
    (bytes) => {
      if (board.line.console === 'Serial1') send(Buffer.from(bytes).toString('latin1'));
    },
    { time, version, board: name },
  );
  let running = true;
  let up = false;
  let restarts = 0;
  const boot = () => {
    if (!running) return;
    repl.start();
    board.boot();
    if (free !== undefined) {
      const memory = JSON.stringify({ free, usage: 5800 - free, total: 5800, blocksize: 14 });
      board.evaluate(`process.memory = function () { return ${memory}; }`);
    }
    board.line.onSent = send;
    board.line.onTyped = (text) => repl.receive(Buffer.from(text, 'latin1'));
    up = true;
  };
  const pass = () => {
    if (!running) return;
    world.run(Math.max(0, time.now() * 1000 - world.clock.now()));
    if (board.restarts.length > restarts) {
      restarts = board.restarts.length;
      up = false;
      repl.end();
      time.after(restartTakes, boot);
    }
    time.after(turn, pass);
  };
  let received = 0;
  far.onBytes((bytes) => {
    for (const byte of bytes) {
      if (received >= pulledAfter) {
        unplug();
        return;
      }
      received++;
      if (up) board.line.receive(String.fromCharCode(byte));
    }
  });
  if (!options.dead) boot();
  pass();
  const line: ByteLine = {
    ...host,
    setSignals: async ({ rts }) => {
      if (options.startText === undefined) return false;
      if (rts === false) send(options.startText);
      return true;
    },
  };
  return { time, line, world, received: () => received, stop: () => void (running = false) };
}

/** Storage of a board with the usual wiring. */
export const usualFiles = { 'board.json': readFileSync('boards/esp32-shared-bus/board.json', 'utf8') };
