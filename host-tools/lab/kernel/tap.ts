/*
 * Taps: copies of frames as they cross a wire, packed into one buffer per batch so that thousands a second can
 * leave a busy thread (and then the process) without an object per frame. Packs and unpacks; moves nothing.
 *
 * A record, little endian: time float64 (us), wire uint16 (index into WIRES), captured length uint16,
 * length on the wire uint16, unused uint16, then the captured bytes, padded to a multiple of eight.
 */
import { WIRES, type LabFrame, type Wire } from '../lab.ts';

const RECORD_HEADER = 16;
const BATCH_BYTES = 256 * 1024;

/**
 * Microseconds since `start` (a `process.hrtime.bigint()`), the same in every thread of a process: unlike
 * performance.now(), which each thread counts from its own beginning.
 */
export function microsecondsSince(start: bigint): () => number {
  return () => Number(process.hrtime.bigint() - start) / 1000;
}

export class Tap {
  private batch = new Uint8Array(BATCH_BYTES);
  private view = new DataView(this.batch.buffer);
  private used = 0;

  /**
   * @param now the lab's clock
   * @param snap how many bytes of each frame are kept
   * @param post takes a full batch; the array is its own from then on
   */
  constructor(
    private readonly now: () => number,
    private readonly snap: number,
    private readonly post: (batch: Uint8Array) => void,
  ) {}

  record(wire: Wire, frame: Uint8Array): void {
    const captured = Math.min(frame.length, this.snap);
    if (this.used + RECORD_HEADER + captured + 8 > BATCH_BYTES) this.flush();
    const { view, used } = this;
    view.setFloat64(used, this.now(), true);
    view.setUint16(used + 8, WIRES.indexOf(wire), true);
    view.setUint16(used + 10, captured, true);
    view.setUint16(used + 12, frame.length, true);
    this.batch.set(captured < frame.length ? frame.subarray(0, captured) : frame, used + RECORD_HEADER);
    this.used = (used + RECORD_HEADER + captured + 7) & ~7;
  }

  flush(): void {
    if (this.used === 0) return;
    this.post(this.batch.slice(0, this.used));
    this.used = 0;
  }
}

/** Appends the frames of a batch to `into`; they are views into the batch. */
export function unpackBatch(batch: Uint8Array, into: LabFrame[]): void {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  for (let at = 0; at < batch.length;) {
    const captured = view.getUint16(at + 10, true);
    into.push({
      time: view.getFloat64(at, true),
      wire: WIRES[view.getUint16(at + 8, true)],
      bytes: batch.subarray(at + RECORD_HEADER, at + RECORD_HEADER + captured),
      length: view.getUint16(at + 12, true),
    });
    at = (at + RECORD_HEADER + captured + 7) & ~7;
  }
}
