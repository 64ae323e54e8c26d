/*
 * What the router's live capture brings (firmware/layout/capture.ts): a stream of bytes into frames, each with when and
 * where it crossed a wire and what became of it.
 *
 * Pure: bytes in, frames out.
 */
import {
  captureArrived,
  captureEnded,
  captureLeft,
  captureLeftLater,
  captureOwn,
  mostSnap,
  recordHead,
  recordKeptMask,
  recordKeptShift,
  recordKindShift,
  recordLost,
  recordReason,
} from '../../../firmware/layout/capture.ts';
import { lanPort } from '../../../firmware/layout/ports.ts';
import { counterNames } from '../../../firmware/layout/reasons.ts';
import { UserError } from '../../cli/user-error.ts';

export type Side = 'wan' | 'lan';

/**
 * What a frame is: one that arrived; the one before as it left; one that left after it had waited; one of the router's
 * own; one that had waited and ended there, as it had arrived.
 */
export type Kind = 'arrived' | 'left' | 'left-later' | 'own' | 'ended';

export interface CapturedFrame {
  kind: Kind;
  side: Side;
  /** The router's clock, microseconds, 32 bits. */
  time: number;
  /** Its length on the wire, without FCS. */
  length: number;
  /** What was kept of it, from the target MAC on. */
  bytes: Uint8Array;
  /** A name of firmware/layout/reasons.ts; what it says of a frame of the router's own is about another. */
  reason: string;
  /** Frames lost before it; 255 may be more. */
  lost: number;
}

const kinds: Readonly<Record<number, Kind>> = {
  [captureArrived]: 'arrived',
  [captureLeft]: 'left',
  [captureLeftLater]: 'left-later',
  [captureOwn]: 'own',
  [captureEnded]: 'ended',
};

/** Reads the stream as it comes, in pieces that end anywhere. */
export class FrameReader {
  private rest: Uint8Array = new Uint8Array(0);
  /** The frame of the record before, where that is one that arrived. */
  private arrived: Uint8Array | null = null;

  /** @param snap bytes that are kept of each frame */
  constructor(private readonly snap: number) {}

  /** The frames that are whole with this piece. @throws UserError when it is no such stream */
  push(piece: Uint8Array): CapturedFrame[] {
    const bytes = Buffer.concat([this.rest, piece]);
    const frames: CapturedFrame[] = [];
    let at = 0;
    while (bytes.length - at >= recordHead) {
      const kept = (bytes.readUInt32LE(at + 4) >>> recordKeptShift) & recordKeptMask;
      const end = at + ((recordHead + kept + 3) & ~3);
      if (end > bytes.length) break;
      frames.push(this.frameOf(bytes.subarray(at, at + recordHead + kept)));
      at = end;
    }
    this.rest = bytes.subarray(at);
    return frames;
  }

  private frameOf(record: Buffer): CapturedFrame {
    const second = record.readUInt32LE(4);
    const place = second >>> recordKindShift;
    const kind = kinds[place & ~1];
    const length = second & recordKeptMask;
    const reason = counterNames[record[recordReason]];
    if (!kind || length > mostSnap || reason === undefined) throw torn();
    let bytes: Uint8Array = record.subarray(recordHead);
    if (kind === 'left') {
      if (!this.arrived) throw torn();
      bytes = Buffer.concat([bytes, this.arrived.subarray(bytes.length, Math.min(this.snap, length))]);
    }
    this.arrived = kind === 'arrived' ? bytes : null;
    return {
      kind,
      side: (place & 1) === lanPort ? 'lan' : 'wan',
      time: record.readUInt32LE(0),
      length,
      bytes,
      reason,
      lost: record[recordLost],
    };
  }
}

function torn(): UserError {
  return new UserError(
    'What the router sends of its capture makes no sense. Does somebody else capture too? Or the firmware is not of this version: hairpin upload.',
  );
}

/** Times of a clock of 32 bits, microseconds, as microseconds since 1970. */
export class CaptureClock {
  private now: bigint | undefined;
  private last = 0;

  /** The router's clock says `router` at this moment, which is `host` in microseconds since 1970. */
  set(router: number, host: number): void {
    this.now =
      this.now === undefined ? BigInt(Math.round(host)) : this.now + BigInt((router - this.last) >>> 0);
    this.last = router;
  }

  /** @param time of a moment before the last `set` */
  at(time: number): bigint {
    return (this.now ?? 0n) - BigInt((this.last - time) >>> 0);
  }
}
