// Words of the chip's own memory as `peek32` and `poke32` reach them. Only RTC slow memory is here: it survives every
// restart of the board, and after power came it holds anything.

const RTC_SLOW = { from: 0x50000000, bytes: 8192 };
/** What stands there after power came; any word that means nothing would do. */
const NOISE = 0xa5c3915e;

export class RtcMemory {
  private readonly words = new Uint32Array(RTC_SLOW.bytes / 4).fill(NOISE);

  peek32 = (address: number): number => this.words[this.index(address)] | 0;

  poke32 = (address: number, value: number): void => {
    this.words[this.index(address)] = value;
  };

  private index(address: number): number {
    const at = address - RTC_SLOW.from;
    if (at < 0 || at >= RTC_SLOW.bytes || at % 4 !== 0)
      throw new Error(`The emulated board has no memory at 0x${address.toString(16)} for peek32 and poke32.`);
    return at / 4;
  }
}
