/*
 * One side of the router in the lab: a port, the chip behind it, and the frame that found the chip's ring full.
 * It decides only how many frames a chip is given at a time; the rest stay in the kernel's queue.
 */
import type { W5500 } from '../../emulator/w5500.ts';
import { LONGEST_FRAME } from './arrived-frame.ts';

/** What is needed of an EthernetPort. */
export interface FramePort {
  receive(): Uint8Array | null;
  send(frame: Uint8Array): boolean;
}

/** What is needed of a chip. */
export type FrameChip = Pick<W5500, 'deliver' | 'receiveRoom' | 'onTransmit' | 'setLink'>;

/** Frames given to a chip before the board runs: a full ring's worth of the longest. */
const BURST = 10;
/** Bytes before each frame in the ring. */
const LENGTH_HEADER = 2;

/** One port, its chip, and the frame that found the chip's ring full. */
export class Side<Port extends FramePort = FramePort> {
  private readonly kept = new Uint8Array(LONGEST_FRAME);
  private keptLength = 0;

  constructor(
    readonly port: Port,
    readonly chip: FrameChip,
    private readonly capture: ((frame: Uint8Array) => void) | null,
  ) {
    chip.onTransmit = (frame) => {
      capture?.(frame);
      port.send(frame);
    };
  }

  /** True if a frame is waiting for room. */
  get full(): boolean {
    return this.keptLength > 0;
  }

  /** Hands a burst to the chip. True if it took some and there may be more. */
  deliver(): boolean {
    let taken = 0;
    if (this.full) {
      if (!this.offer(this.kept.subarray(0, this.keptLength))) return false;
      this.keptLength = 0;
      taken = 1;
    }
    while (taken < BURST) {
      const frame = this.port.receive();
      if (!frame) return false;
      this.capture?.(frame);
      if (!this.offer(frame)) {
        this.kept.set(frame);
        this.keptLength = frame.length;
        return taken > 0;
      }
      taken++;
    }
    return true;
  }

  /** False only if the ring is full; a frame refused for any other reason is the chip's to count. */
  private offer(frame: Uint8Array): boolean {
    if (this.chip.receiveRoom < frame.length + LENGTH_HEADER) return false;
    this.chip.deliver(frame);
    return true;
  }
}
