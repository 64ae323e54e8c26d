// The seam for fault injection: named switches, all off, that a test may move at any time. Seeded.
// Only states what shall go wrong and spoils SPI bytes; the chip model asks at the place where it happens.
// Row numbers are those of docs/emulator.md.
import { Random } from './random.ts';

/** Probabilities are 0..1. "Next" switches are used up by the event they spoil. */
export class Faults {
  readonly random: Random;

  /** Chance that a frame is sent, TX_RD advances, but SENDOK is never set. Row 23. */
  sendokLoss = 0;
  /** Chance that a frame is sent but neither SENDOK nor TX_RD tells; TX is busy until CLOSE or reset. Row 23. */
  completionLoss = 0;
  /** A SEND while a SEND is running wedges TX until chip reset. Row 19. */
  overlappingSendWedges = false;
  /** The next SEND wedges TX until chip reset. Row 19. */
  wedgeNextSend = false;
  /** The next command is never accepted: Sn_CR keeps it until chip reset. Row 8. */
  stickNextCommand = false;

  /** Chance that a pointer read catches the chip in mid-update: bytes before a random point are old. Row 13. */
  tearing = 0;
  /** Chance that the MAC filter lets a frame pass that it should refuse. Row 15. */
  filterLeak = 0;
  /** The next stored frame carries this length header instead of its own; null = its own. Row 32. */
  nextLengthHeader: number | null = null;
  /** The next RECV moves RX_RD by this many bytes too far (or, negative, too short). Row 32. */
  slipNextReceive = 0;
  /** Bits to appear in S0_IR at the next chip select (CON, DISCON, TIMEOUT). Row 27. */
  nextInterruptBits = 0;
  /** Chance that the edge of INTn is not reported; the level is right all the same. Row 26. */
  interruptEdgeLoss = 0;

  /** Chance for each bit on MISO or MOSI that a flip starts there. Row 30. */
  misoFlips = 0;
  mosiFlips = 0;
  /** Consecutive bits inverted by one flip. Row 30. */
  flipLength = 1;
  /** Chance for each transfer that MISO arrives one bit late. Row 30. */
  misoSlip = 0;
  /** MISO is stuck at this value; null = it works. Row 31. */
  stuckMiso: 0x00 | 0xff | null = null;
  /** VERSIONR reads this; null = the right version. Row 31. */
  version: number | null = null;
  /** Chance that a chip-select frame's writes are lost (row 4 after reset, at any time here). */
  writeLoss = 0;

  private scratch = new Uint8Array(2048);

  /** The seed decides every random choice of this object; print it when a test fails. */
  constructor(readonly seed: number) {
    this.random = new Random(seed);
  }

  /** MOSI as the chip sees it: the caller's bytes themselves, or a spoiled copy valid until the next call. */
  spoilMosi(mosi: Uint8Array): Uint8Array {
    if (this.mosiFlips === 0) return mosi;
    if (this.scratch.length < mosi.length) this.scratch = new Uint8Array(mosi.length);
    this.scratch.set(mosi);
    const spoiled = this.scratch.subarray(0, mosi.length);
    this.flip(spoiled, spoiled.length, this.mosiFlips);
    return spoiled;
  }

  /** Spoils the first `count` bytes that the host receives, in place. */
  spoilMiso(miso: Uint8Array, count: number): void {
    if (this.stuckMiso !== null) {
      miso.fill(this.stuckMiso, 0, count);
      return;
    }
    if (this.random.chance(this.misoSlip)) slipOneBit(miso, count);
    this.flip(miso, count, this.misoFlips);
  }

  /** Walks from flip to flip by geometric gaps, so that rare flips cost nothing per bit. */
  private flip(bytes: Uint8Array, count: number, probability: number): void {
    if (probability <= 0) return;
    const bits = count * 8;
    for (let bit = this.gap(probability); bit < bits; bit += this.flipLength + this.gap(probability)) {
      for (let at = bit; at < bit + this.flipLength && at < bits; at++) bytes[at >>> 3] ^= 0x80 >>> (at & 7);
    }
  }

  /** Bits that stay whole before the next flip. */
  private gap(probability: number): number {
    if (probability >= 1) return 0;
    return Math.floor(Math.log(1 - this.random.next()) / Math.log(1 - probability));
  }
}

/** As if one clock edge were missed at the start: every bit arrives one late, most significant bit first. */
function slipOneBit(bytes: Uint8Array, count: number): void {
  let carry = 0;
  for (let i = 0; i < count; i++) {
    const byte = bytes[i];
    bytes[i] = carry | (byte >>> 1);
    carry = (byte & 1) << 7;
  }
}
