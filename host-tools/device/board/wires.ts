/*
 * A board's wires by pin: what the picture, the pages and the conditions are made of. Pure.
 */
import type { Board, BoardSpi, ChipWiring } from '../../../firmware/config/board.ts';

export type Port = 'wan' | 'lan';
export const ports: readonly Port[] = ['wan', 'lan'];

/** A chip's end of a wire, by the name it has in board.json. */
export type Line = 'sck' | 'mosi' | 'miso' | 'select' | 'interrupt' | 'reset';

/** What modules have printed on them, as the data sheet spells it. */
export const signalNames: Record<Line, string> = {
  sck: 'SCLK',
  mosi: 'MOSI',
  miso: 'MISO',
  select: 'SCSn',
  interrupt: 'INTn',
  reset: 'RSTn',
};

export interface Wire {
  /** "D18" */
  pin: string;
  line: Line;
  /** The modules it goes to: both, if they share the bus. */
  ports: readonly Port[];
}

/** Whether both modules are on one bus. */
export function isShared(board: Board): boolean {
  return board.wan.spi.bus === board.lan.spi.bus;
}

/** Every wire but power and ground: buses first, then each module's own lines. */
export function wiresOf(board: Board): Wire[] {
  const buses = isShared(board)
    ? busWires(board.wan.spi, ports)
    : ports.flatMap((port) => busWires(board[port].spi, [port]));
  return [...buses, ...ports.flatMap((port) => ownWires(board[port], port))];
}

function busWires(spi: BoardSpi, to: readonly Port[]): Wire[] {
  return (['sck', 'mosi', 'miso'] as const).map((line) => ({ pin: spi[line], line, ports: to }));
}

function ownWires(chip: ChipWiring, port: Port): Wire[] {
  return (['select', 'interrupt', 'reset'] as const).map((line) => ({
    pin: chip[line],
    line,
    ports: [port],
  }));
}

/** "MISO of the LAN module", "SCLK of both modules" */
export function useOf({ line, ports: to }: Wire): string {
  const whose = to.length > 1 ? 'both modules' : `the ${to[0].toUpperCase()} module`;
  return `${signalNames[line]} of ${whose}`;
}
