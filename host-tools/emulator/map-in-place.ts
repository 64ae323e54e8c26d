// Espruino's `E.mapInPlace(from, to, map?, bits?)`: copies elements between typed arrays in one native call, with an
// optional table or function and an optional repacking of bits. Integers only, as there. Pure.

type TypedArray =
  Uint8Array | Uint8ClampedArray | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;
type Map = ((value: number, index: number) => number) | ArrayLike<number>;

/** The C code masks with `(1 << bits) - 1`; with 32 bits that is undefined, and 0 on the Linux build. */
const MOST_BITS = 31;

/**
 * Fills `to` until either side ends. `bits` is the width of the numbers read from `from`: positive takes each
 * element's most significant bits first (bytes to big-endian words: 16), negative the least significant; 0 or
 * undefined is one element each.
 */
export function mapInPlace(from: unknown, to: unknown, map?: unknown, bits: number = 0): void {
  const source = asArray(from);
  const target = asArray(to);
  if (map !== undefined && typeof map !== 'function' && !Array.isArray(map) && !ArrayBuffer.isView(map)) {
    throw new Error('Third argument should be a function or array');
  }
  const own = source.BYTES_PER_ELEMENT * 8;
  const width = bits === 0 ? own : Math.abs(bits);
  if (width > MOST_BITS) {
    throw new Error(
      `E.mapInPlace cannot read numbers of ${width} bits: a board gives 0 for them. Use an array of 8 or 16 bits as source.`,
    );
  }
  if (width === own && map === undefined) copy(source, target);
  else repack(source, target, map as Map | undefined, own, width, bits >= 0);
}

function copy(source: TypedArray, target: TypedArray): void {
  target.set(source.length <= target.length ? source : source.subarray(0, target.length));
}

function repack(
  source: TypedArray,
  target: TypedArray,
  map: Map | undefined,
  own: number,
  width: number,
  mostSignificantFirst: boolean,
): void {
  const mask = (1 << width) - 1;
  let held = 0;
  let heldBits = 0;
  let next = 0;
  for (let i = 0; i < target.length && (next < source.length || heldBits >= width); i++) {
    const index = next;
    for (; heldBits < width; heldBits += own) {
      const element = next < source.length ? source[next] : 0;
      next++;
      held = mostSignificantFirst ? (own < 32 ? held << own : 0) | element : held | (element << heldBits);
    }
    const value = (mostSignificantFirst ? held >> (heldBits - width) : held) & mask;
    if (!mostSignificantFirst) held >>= width;
    heldBits -= width;
    target[i] = map === undefined ? value : typeof map === 'function' ? map(value, index) : map[value];
  }
}

function asArray(value: unknown): TypedArray {
  if (ArrayBuffer.isView(value) && 'length' in value) return value as TypedArray;
  if (Object.prototype.toString.call(value) === '[object ArrayBuffer]') {
    return new Uint8Array(value as ArrayBuffer);
  }
  throw new Error('First 2 arguments should be array buffers');
}
