// What the board's tests share: chips that only write down what reaches them, and a board around a short script.
import type { BoardChip, BoardOptions } from '../../host-tools/emulator/board.ts';
import { Board } from '../../host-tools/emulator/board.ts';
import { VirtualClock } from '../../host-tools/emulator/clock.ts';

export const boardText = JSON.stringify({
  board: 'test',
  spi: { bus: 'SPI2', sck: 'D18', miso: 'D19', mosi: 'D23', hertz: 20_000_000 },
  wan: { select: 'D25', interrupt: 'D26', reset: 'D13' },
  lan: { select: 'D32', interrupt: 'D33', reset: 'D14' },
});

/** The lines with which a script opens its bus. */
export const SETUP = 'SPI2.setup({sck:D18,miso:D19,mosi:D23,baud:20000000,mode:0});';

/** A chip that answers every byte with the byte's complement and remembers what it saw. */
export class ScribeChip implements BoardChip {
  interruptLow = false;
  onInterrupt: (low: boolean) => void = () => {};
  /** `select`, hex of each transfer, `deselect`, `reset low`, `reset high`. */
  readonly seen: string[] = [];

  select(): void {
    this.seen.push('select');
  }

  transfer(mosi: Uint8Array, miso: Uint8Array | null): void {
    this.seen.push(Buffer.from(mosi).toString('hex'));
    miso?.set(mosi.map((byte) => byte ^ 0xff));
  }

  deselect(): void {
    this.seen.push('deselect');
  }

  setReset(low: boolean): void {
    this.seen.push(low ? 'reset low' : 'reset high');
  }

  setInterrupt(low: boolean): void {
    this.interruptLow = low;
    this.onInterrupt(low);
  }
}

export interface TestBoard {
  readonly board: Board;
  readonly clock: VirtualClock;
  readonly wan: ScribeChip;
  readonly lan: ScribeChip;
  readonly printed: string[];
  /** Evaluates an expression of the script's world; the value as JSON has it. */
  ask(expression: string): unknown;
}

/** A booted board whose `hairpin` evaluates what it is asked. */
export function boardWith(script: string, options: Partial<BoardOptions> = {}): TestBoard {
  const clock = new VirtualClock();
  const wan = new ScribeChip();
  const lan = new ScribeChip();
  const printed: string[] = [];
  const board = new Board({
    bundle: `${script}\nglobal.hairpin = function (line) { return JSON.stringify((0, eval)(line)); };`,
    files: { 'board.json': boardText },
    chips: { wan, lan },
    clock,
    print: (line) => printed.push(line),
    ...options,
  });
  board.boot();
  const ask = (expression: string) => {
    const answer = board.hairpin(expression);
    return answer === 'undefined' ? undefined : (JSON.parse(answer) as unknown);
  };
  return { board, clock, wan, lan, printed, ask };
}
