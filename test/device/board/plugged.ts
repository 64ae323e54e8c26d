/*
 * A REPL stand-in plugged into a line in memory, and the faults of that line: bytes lost or changed on their way, the cable pulled
 * after so many. Counting begins with the first byte.
 */
import type { ByteLine } from '../../../host-tools/device/serial/byte-line.ts';
import type { Time } from '../../../host-tools/device/serial/time.ts';
import { linePair } from './memory-line.ts';
import { type ReplMachine, type ReplOptions, ReplStandIn } from './repl.ts';

export interface LineFaults {
  /** Numbers of bytes that do not arrive. */
  lostToBoard?: ReadonlySet<number>;
  lostToHost?: ReadonlySet<number>;
  /** Numbers of bytes that arrive changed. */
  changedToBoard?: ReadonlySet<number>;
  /** The cable is pulled when so many bytes have passed, to the board or to the host. */
  pulledAfter?: { toBoard?: number; toHost?: number };
}

export interface Plugged {
  readonly line: ByteLine;
  readonly repl: ReplStandIn;
  /** Bytes on their way so far, lost ones counted. */
  readonly passed: { toBoard: number; toHost: number };
  /** Says something beside the REPL. */
  say(text: string): void;
  unplug(): void;
}

/** Plugs a board in. */
export function plugIn(
  machine: ReplMachine,
  time: Time,
  faults: LineFaults = {},
  options: ReplOptions = {},
): Plugged {
  const pair = linePair('/dev/ttyTEST', time);
  const passed = { toBoard: 0, toHost: 0 };
  const through = (bytes: Uint8Array, way: 'toBoard' | 'toHost', lost?: ReadonlySet<number>): Uint8Array => {
    const arrived: number[] = [];
    for (const byte of bytes) {
      if (passed[way] >= (faults.pulledAfter?.[way] ?? Infinity)) {
        pair.unplug();
        break;
      }
      const changed = way === 'toBoard' && faults.changedToBoard?.has(passed[way]);
      if (!lost?.has(passed[way])) arrived.push(changed ? byte ^ 1 : byte);
      passed[way]++;
    }
    return Uint8Array.from(arrived);
  };
  const say = (bytes: Uint8Array): void => {
    const rest = through(bytes, 'toHost', faults.lostToHost);
    if (rest.length > 0) void pair.board.write(rest).catch(() => {});
  };
  const repl = new ReplStandIn(machine, say, { ...options, time });
  pair.board.onBytes((bytes) => repl.receive(through(bytes, 'toBoard', faults.lostToBoard)));
  return {
    line: pair.host,
    repl,
    passed,
    say: (text) => say(Buffer.from(text, 'latin1')),
    unplug: () => pair.unplug(),
  };
}
