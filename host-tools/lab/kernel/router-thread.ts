/*
 * The router between two interfaces: a thread that owns both ports, two W5500 models (untimed) and a board that
 * runs the firmware. Frames wait in the kernel's queues while a chip's receive ring is full, so the ring of the
 * model never overflows here however fast they come; a real chip on a real wire would drop them.
 *
 * Moves frames and answers requests; knows nothing of what the frames mean.
 */
import { workerData } from 'node:worker_threads';
import { Board } from '../../emulator/board.ts';
import { RealClock } from '../../emulator/clock.ts';
import { W5500 } from '../../emulator/w5500.ts';
import { Side } from './chip-side.ts';
import { EthernetPort, type Waiter } from './ethernet-port.ts';
import { post, runPortLoop } from './port-loop.ts';
import { countersOf } from './port-report.ts';
import { Tap, microsecondsSince } from './tap.ts';

export interface RouterData {
  wake: number;
  /** Interface names of the two ports. */
  wan: string;
  lan: string;
  /** Text of dist/firmware.js. */
  bundle: string;
  /** The board's Storage: 'board.json' and 'config.json'. */
  files: Record<string, string>;
  /** Whether frames on the WAN port are captured (the LAN's are tapped at the switch). */
  captureWan: boolean;
  snap: number;
  /** process.hrtime.bigint() when the lab began. */
  start: bigint;
}

/** How often carriers are looked at, and so the longest time the loop blocks; ms. */
const LINK_CHECK = 1000;

const data = workerData as RouterData;

runPortLoop(data.wake, () => {
  const wanPort = EthernetPort.open(data.wan);
  const lanPort = EthernetPort.open(data.lan);
  const tap = data.captureWan
    ? new Tap(microsecondsSince(data.start), data.snap, (batch) => post({ kind: 'frames', batch }))
    : null;
  const clock = new RealClock();
  const chips = { wan: new W5500({ name: 'wan', clock }), lan: new W5500({ name: 'lan', clock }) };
  const capture = tap && ((frame: Uint8Array) => tap.record('wan', frame));
  const sides = [new Side(wanPort, chips.wan, capture), new Side(lanPort, chips.lan, null)];
  const print = (line: string) => post({ kind: 'print', line });
  const board = new Board({ bundle: data.bundle, files: data.files, chips, clock, print });
  board.boot();
  let nextLinkCheck = 0;

  function runBoard(): void {
    do clock.runDue();
    while (board.runPending());
  }

  /** Milliseconds until something is due on the board, at most LINK_CHECK. */
  function untilDue(): number {
    const due = Math.min(clock.nextDue() ?? Infinity, board.nextDue() ?? Infinity);
    return Math.min(Math.max(Math.ceil((due - clock.now()) / 1000), 0), LINK_CHECK);
  }

  function turn(waiter: Waiter): number {
    if (clock.now() >= nextLinkCheck) {
      nextLinkCheck = clock.now() + LINK_CHECK * 1000;
      for (const side of sides) side.chip.setLink(side.port.linkUp());
    }
    let again = false;
    for (const side of sides) again = side.deliver() || again;
    runBoard();
    sides.forEach((side, index) => waiter.listen(index, !side.full));
    if (again) return 0;
    // A full ring that the board does not empty must not keep this thread spinning.
    return sides.some((side) => side.full) ? Math.max(untilDue(), 1) : untilDue();
  }

  function answer(request: string, text: string): unknown {
    if (request === 'hairpin') {
      const line = board.hairpin(text);
      runBoard();
      return line;
    }
    if (request === 'flush') return tap?.flush();
    if (request === 'ports') return sides.map((side) => countersOf(side.port));
    throw new Error(`The router thread knows no request '${request}'.`);
  }

  return { ports: [wanPort, lanPort], turn, answer };
});
