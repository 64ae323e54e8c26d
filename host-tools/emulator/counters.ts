// What a chip model counts. Tests and benchmarks read it; the firmware cannot see it.

/** All counts since the model was made; a chip reset does not clear them. */
export interface W5500Counters {
  /** Chip-select frames: falling edges of SCSn. */
  frames: number;
  /** Driver transfers inside those frames. */
  transfers: number;
  /** Bytes clocked over SPI, headers included. */
  bytes: number;
  /** Falling edges of INTn. */
  interrupts: number;

  /** Frames from the wire stored in the receive ring. */
  delivered: number;
  /** ... dropped silently because header and frame did not fit whole. */
  overflowed: number;
  /** ... refused by the MAC filter of S0_MR. */
  filtered: number;
  /** ... longer than 1514 bytes. */
  oversized: number;
  /** ... shorter than 60 bytes: a wire never carries them, the sending side pads. */
  undersized: number;
  /** ... that came while socket 0 was not open in MACRAW, or the chip was held in reset. */
  unopened: number;
  /** ... that came without link. */
  unlinked: number;

  /** Frames sent and handed to `onTransmit`. */
  sent: number;
  /** Frames of under 60 bytes sent; the far side drops them, so they are not handed on. */
  runts: number;
  /** SENDs that produced no frame: no link, overlapping, empty, lost at CLOSE or reset. */
  unsent: number;
  /** Chip resets, by MR.RST or by the RSTn pin. */
  resets: number;
  /** Complaints of the strict mode, counted whether or not anyone listens. */
  complaints: number;
}

export function zeroCounters(): W5500Counters {
  return {
    frames: 0,
    transfers: 0,
    bytes: 0,
    interrupts: 0,
    delivered: 0,
    overflowed: 0,
    filtered: 0,
    oversized: 0,
    undersized: 0,
    unopened: 0,
    unlinked: 0,
    sent: 0,
    runts: 0,
    unsent: 0,
    resets: 0,
    complaints: 0,
  };
}
