// What turns mean on a board: microseconds, packets and bits per second. Pure arithmetic on figures that others
// measured in an emulated ESP32; nothing here was measured on hardware.

/** SPI of one forwarded frame: chip-select frames and bytes, everything included. */
export interface SpiOfFrame {
  transactions: number;
  bytes: number;
}

/** Microseconds of an empty turn on an ideal 250 MIPS core: stock ESP32 build in the emulator, 4 ns an instruction. */
export const turnMicroseconds = 44.1;
/** Instructions take longer on the chip, by flash cache misses and stalls: a guess, from here to there. */
export const stalls = [1, 1.3, 2] as const;
/** SPI clocks in Hz: the boards' default, and the fastest the pins allow. */
export const clocks = [20_000_000, 26_666_667] as const;

/** What the real SPI natives take beyond the stubs, us, for 7 transactions with a frame of 64 and of 1514 bytes. */
const natives = { short: { length: 64, time: 328 }, long: { length: 1514, time: 1136 }, transactions: 7 };
/** Each further short transaction, us: a native call of 60 us less the stub's 28. */
const furtherTransaction = 32;
/** The driver's wait for the transaction to end, us: half of Espressif's 28, because the emulator counts the rest. */
const driverWait = 14;

/** Where a frame's microseconds go. */
export interface FrameTime {
  interpretation: number;
  natives: number;
  bytes: number;
  waiting: number;
}

/** @param turns with the stubs' calls @param stall how much slower than ideal the core is */
export function frameTime(
  turns: number,
  length: number,
  spi: SpiOfFrame,
  clock: number,
  stall: number,
): FrameTime {
  const { short, long } = natives;
  const perByte = (long.time - short.time) / (long.length - short.length);
  const further = (spi.transactions - natives.transactions) * furtherTransaction;
  return {
    interpretation: turns * turnMicroseconds * stall,
    natives: (short.time + perByte * (length - short.length) + further) * stall,
    bytes: (spi.bytes * 8 * 1e6) / clock,
    waiting: spi.transactions * driverWait,
  };
}

/** Microseconds from one frame to the next. */
export function total({ interpretation, natives, bytes, waiting }: FrameTime): number {
  return interpretation + natives + bytes + waiting;
}

/** Packets a second, one way, with nothing else to do. */
export function packetsPerSecond(microseconds: number): number {
  return 1e6 / microseconds;
}

/** Megabits a second of Ethernet frames without preamble, gap and FCS. */
export function megabits(microseconds: number, length: number): number {
  return (length * 8) / microseconds;
}
