// What the small drivers in foreign styles offer to the test that moves traffic through them.
// They imitate how known drivers touch the chip (w5500 notes: "How the drivers differ"); none is fit for use.

export interface ForeignDriver {
  /** Resets, checks and opens the chip. Throws a sentence when the chip does not answer as this driver expects. */
  start(): void;
  /** Does what its interrupt or poll would; received frames go to `received`. */
  service(): void;
  /** False when the frame could not be sent. */
  send(frame: Uint8Array): boolean;
  readonly received: Uint8Array[];
}

/** Waits are counted, not timed: each look at the chip costs bus time when the bench is timed. */
export const PATIENCE = 1000;
