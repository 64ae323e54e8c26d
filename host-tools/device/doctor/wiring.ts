/* A board file's wiring as the doctor asks for it: everything of one chip in one place, the bus included. */
import type { Board } from '../../../firmware/config/board.ts';
import { type BoardWiring, chipNames, type ChipWiring } from './facts.ts';

export function wiringOf(board: Board): BoardWiring {
  const chips = chipNames.map((name): [string, ChipWiring] => {
    const { spi, select, interrupt, reset } = board[name];
    const { bus, hertz, sck, miso, mosi } = spi;
    return [name, { bus, hertz, pins: { sck, miso, mosi, select, interrupt, reset } }];
  });
  return Object.fromEntries(chips) as BoardWiring;
}
