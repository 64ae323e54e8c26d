/**
 * What a live capture looks like, for the firmware that writes it and the host that reads it: the words of its buffer,
 * and the records behind them, which are one stream of bytes.
 *
 * A record, little-endian, begins at a multiple of four:
 *
 *     0..3 microseconds (wrapping)   4..7 length on the wire | bytes kept << 11 | kind << 22   8 reason
 *     9 frames lost before it, 255 at most   10.. the frame from its target MAC on
 *
 * So the words of a record and of a frame's array (wire/frame.ts) are the same ones, but for the first two.
 */

/** Bytes of records that the buffer holds: some 17 frames forwarded with the usual 96 bytes, one of full length. */
export const captureBytes = 3072;

/** Words of the buffer in front of the records: bytes of records that are there. */
export const captureFill = 0;
/** Number of the first of these bytes, counted since the capture was switched on. */
export const captureBase = 1;
/** Bytes kept of each frame, at most. */
export const captureSnap = 2;
/** The host whose packets are kept, as a word, or 0: all are. */
export const captureHost = 3;
/** Frames lost for want of room: all of them, and those since the last record. */
export const captureLost = 4;
export const captureLostNow = 5;
/** Second in which it was last read. */
export const captureRead = 6;
/**
 * The word at which the record of the packet at hand begins, as it arrived; `captureNoArrival`: it was lost; 0: the packet
 * had waited in the router, and was kept when it came.
 */
export const captureArrival = 7;
export const captureNoArrival = 1;
export const captureHead = 8;

/** Bytes in front of a frame in its record. */
export const recordHead = 10;
/** How far a word of a record is behind that of a frame's array: of two there is one. */
export const recordShift = 1;
export const recordKeptShift = 11;
/** Of the length, and of the bytes kept. */
export const recordKeptMask = 2047;
export const recordKindShift = 22;
/** The byte of the reason. */
export const recordReason = 8;
export const recordLost = 9;

/** Kinds, doubled, with the port in bit 0. As it arrived, and what became of it. */
export const captureArrived = 0;
/**
 * The frame of the record before as it left. Where less is kept of it than of a frame of that length, the rest is as it
 * arrived.
 */
export const captureLeft = 2;
/** A frame that left, of one that had waited in the router, or whose record was lost. */
export const captureLeftLater = 4;
/** A frame of the router's own. */
export const captureOwn = 6;
/** As it arrived, once more: it had waited, and did not leave. */
export const captureEnded = 8;
/**
 * What is kept at least of a frame that leaves: Ethernet, IP and TCP headers and four bytes of options. If nothing is
 * changed behind that, nothing more is kept.
 */
export const captureChanged = 58;

/** Bytes to keep of each frame: what may be asked for, and what is kept if nothing is. */
export const leastSnap = 34;
export const usualSnap = 96;
export const mostSnap = 1514;
/** Seconds after which a capture that nobody reads is switched off. */
export const unreadSeconds = 10;
