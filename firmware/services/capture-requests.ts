/**
 * The request `capture`: switching the live capture on and off, and reading what it has kept. That is a stream of bytes
 * (layout/capture.ts); who reads it says how far it has got, and only then is room for more. So an answer that was lost on
 * the way may be asked for again.
 */
import { clock } from '../layout/arena.ts';
import {
  captureBase,
  captureBytes,
  captureFill,
  captureHead,
  captureLost,
  captureRead,
  leastSnap,
  mostSnap,
  usualSnap,
} from '../layout/capture.ts';
import { parseAddress } from '../config/address.ts';
import { beginCapture, captured, endCapture } from '../control/capture.ts';
import { base64, seconds, variables } from '../platform/system.ts';
import { swap32 } from '../wire/order.ts';
import { failure, success } from './replies.ts';

/** Bytes of an answer, four characters for three of them: a long line costs memory that a busy board may not have. */
const bytesPerAnswer = 900;
/** Variables that must be free for a capture: its buffer, and what packets and answers need beside it. */
const fewestFree = captureBytes / 14 + 500;

/** The answer to `capture on [SNAP] [HOST]`, `capture read [FROM]` and `capture off`. */
export function captureText(words: string[]): string {
  if (words[1] == 'read')
    return captured ? readFrom(captured, Number(words[2] || 0)) : failure('capture: it is off.');
  if (words[1] == 'on') return switchOn(words);
  if (words[1] != 'off') return failure('capture: expected on, off or read.');
  endCapture();
  return success({ capture: 'off' });
}

function switchOn(words: string[]): string {
  const snap = Number(words[2] || usualSnap);
  if (!(snap >= leastSnap && snap <= mostSnap && snap == Math.floor(snap)))
    return failure(
      'capture: expected the bytes to keep of each frame behind on, from ' +
        leastSnap +
        ' to ' +
        mostSnap +
        '.',
    );
  const host = words[3] ? parseAddress(words[3]) : 0;
  if (host < 0) return failure('capture: expected the address of a host behind them, such as 192.168.0.2.');
  endCapture();
  if (variables().free < fewestFree)
    return failure('capture: the board has too little memory left for it. Try again when it is less busy.');
  beginCapture(snap, swap32(host));
  return success({ capture: 'on', snap: snap });
}

/** @param from number of the first byte that the reader has not got */
function readFrom(store: Uint32Array, from: number): string {
  const got = from - store[captureBase];
  const fill = store[captureFill] - got;
  if (!(got >= 0 && fill >= 0)) return failure('capture: it was begun anew.');
  const records = new Uint8Array(store.buffer, 4 * captureHead, captureBytes);
  if (got) records.set(records.subarray(got, got + fill), 0);
  store[captureBase] = from;
  store[captureFill] = fill;
  store[captureRead] = clock[0];
  const brought = fill < bytesPerAnswer ? fill : bytesPerAnswer;
  return (
    '{"capture":"' +
    base64(records.subarray(0, brought)) +
    '","left":' +
    (fill - brought) +
    ',"lost":' +
    store[captureLost] +
    ',"now":' +
    ((seconds() * 1e6) >>> 0) +
    ',"ok":true}'
  );
}
