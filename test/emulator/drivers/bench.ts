// What chip tests share: a chip with a host on its bus and a peer on its wire, opened as the router opens it.
import type { Behaviour } from '../../../host-tools/emulator/behaviour.ts';
import { VirtualClock } from '../../../host-tools/emulator/clock.ts';
import type { Faults } from '../../../host-tools/emulator/faults.ts';
import type { Random } from '../../../host-tools/emulator/random.ts';
import * as reg from '../../../host-tools/emulator/registers.ts';
import { W5500 } from '../../../host-tools/emulator/w5500.ts';
import { COMMON, RX0, SOCKET0, SpiHost, TX0, socketBlock } from './spi-host.ts';

/** S: the address of the chip under test. */
export const OWN_MAC = [0x02, 0x00, 0x00, 0x00, 0xa8, 0x02];
/** MACRAW, own unicast and broadcast only. */
export const ROUTER_MODE = 0xb4;

/** ESP32 at 20 MHz: 28 us for each transaction besides its bits. */
const TRANSACTION = 28;
const SPI_MEGAHERTZ = 20;

export interface BenchOptions {
  timed?: boolean;
  faults?: Faults;
  behaviour?: Partial<Behaviour>;
}

export class Bench {
  readonly clock = new VirtualClock();
  readonly complaints: string[] = [];
  readonly transmitted: Uint8Array[] = [];
  readonly chip: W5500;
  readonly host: SpiHost;

  constructor(options: BenchOptions = {}) {
    this.chip = new W5500({
      name: 'chip',
      clock: this.clock,
      strict: (complaint) => this.complaints.push(complaint),
      ...options,
    });
    this.chip.onTransmit = (frame) => this.transmitted.push(frame);
    const spend = (bytes: number) => this.clock.advance(TRANSACTION + (bytes * 8) / SPI_MEGAHERTZ);
    this.host = new SpiHost(this.chip, options.timed === true ? spend : undefined);
  }

  /** MAC, 16 KB each way for socket 0, RECV interrupt unmasked, OPEN. */
  open(mode = ROUTER_MODE): this {
    const { host } = this;
    host.write(COMMON, reg.SHAR, OWN_MAC);
    host.write(SOCKET0, reg.Sn_RXBUF_SIZE, [16, 16]);
    for (let n = 1; n < reg.SOCKET_COUNT; n++) host.write(socketBlock(n), reg.Sn_RXBUF_SIZE, [0, 0]);
    host.write8(SOCKET0, reg.Sn_IMR, reg.Sn_IR_RECV);
    host.write8(SOCKET0, reg.Sn_MR, mode);
    this.command(reg.OPEN);
    host.write8(COMMON, reg.SIMR, 1);
    return this;
  }

  command(command: number): void {
    this.host.write8(SOCKET0, reg.Sn_CR, command);
  }

  /** Reads the frame at RX_RD, trusting its header, and frees it. */
  take(): Uint8Array {
    const { host } = this;
    const at = host.read16(SOCKET0, reg.Sn_RX_RD);
    const length = host.read16(RX0, at);
    const frame = host.read(RX0, at + 2, length - 2);
    host.write16(SOCKET0, reg.Sn_RX_RD, at + length);
    this.command(reg.RECV);
    return frame;
  }

  /** Writes a frame behind TX_WR and sends it. */
  send(frame: Uint8Array): void {
    const { host } = this;
    const at = host.read16(SOCKET0, reg.Sn_TX_WR);
    host.write(TX0, at, frame);
    host.write16(SOCKET0, reg.Sn_TX_WR, at + frame.length);
    this.command(reg.SEND);
  }

  /** Sets the PHY to 10 Mbit/s full duplex and waits for its link. */
  forceTenFull(): void {
    const mode = reg.PHY_OPMD | (1 << 3);
    this.host.write8(COMMON, reg.PHYCFGR, mode);
    this.host.write8(COMMON, reg.PHYCFGR, reg.PHY_RST | mode);
    this.clock.advance(3e6);
  }

  get interrupts(): number {
    return this.host.read8(SOCKET0, reg.Sn_IR);
  }

  get waiting(): number {
    return this.host.read16(SOCKET0, reg.Sn_RX_RSR);
  }
}

/** A frame to the chip under test, filled with bytes that depend on `tag`. */
export function frameOf(length: number, tag = 0, destination = OWN_MAC): Uint8Array {
  const frame = new Uint8Array(length);
  for (let i = 0; i < length; i++) frame[i] = tag + i * 7;
  frame.set(destination);
  frame.set([0x02, 0, 0, 0, 0xa8, 0x03, 0x08, 0x00], 6);
  return frame;
}

/** Frames of every size from 60 to 1514 with random contents. */
export function randomFrames(random: Random, count: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const frame = frameOf(60 + random.below(1455), random.below(256));
    for (let j = 14; j < frame.length; j++) frame[j] = random.below(256);
    frames.push(frame);
  }
  return frames;
}
