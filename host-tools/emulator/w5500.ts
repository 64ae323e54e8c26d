// One W5500: its pins, its SPI side and its wire side, put together from the parts beside this file.
// A model of the chip only: no board, no bus, no firmware. Usage, modes and gaps: docs/emulator.md.
import { TIMED, UNTIMED, type Behaviour } from './behaviour.ts';
import { checkBufferSizes, placeRings } from './buffers.ts';
import type { Clock } from './clock.ts';
import { Commands } from './commands.ts';
import { CommonBlock } from './common-block.ts';
import { ChipContext } from './context.ts';
import { zeroCounters, type W5500Counters } from './counters.ts';
import type { Faults } from './faults.ts';
import { MemoryMap } from './memory-map.ts';
import { Phy } from './phy.ts';
import { Receiver } from './receive.ts';
import { BUFFER_MEMORY, SIPR, SOCKET_COUNT } from './registers.ts';
import { RESET_PULSE, ResetState } from './reset.ts';
import { Ring } from './ring.ts';
import { Socket } from './socket.ts';
import { SpiFrame } from './spi-frame.ts';
import { Transmitter } from './transmit.ts';
import { Unanswered } from './unanswered.ts';

export interface W5500Options {
  /** How complaints name the chip, e.g. 'wan'. */
  name: string;
  clock: Clock;
  /** SEND and arrivals take wire time, a reset its milliseconds, a link its seconds. Default: nothing takes time. */
  timed?: boolean;
  /** Hears of every illegal host action, as a sentence. */
  strict?: (complaint: string) => void;
  faults?: Faults;
  /** Choices that differ from the mode's defaults; the object made of them may be changed at run time. */
  behaviour?: Partial<Behaviour>;
}

/** Made as a chip that was powered and reset long ago, with its cable plugged in and the link up. */
export class W5500 {
  readonly counters: W5500Counters = zeroCounters();
  /** The choices in force. */
  readonly behaviour: Behaviour;
  /** INTn changed: called with its new level. */
  onInterrupt: (low: boolean) => void = () => {};

  private readonly context: ChipContext;
  private readonly sockets: readonly Socket[];
  private readonly common: CommonBlock;
  private readonly phy: Phy;
  private readonly transmitter: Transmitter;
  private readonly receiver: Receiver;
  private readonly commands: readonly Commands[];
  private readonly spi: SpiFrame;
  /** The level of INTn last reported, to see its edges. */
  private reportedLow = false;

  constructor(options: W5500Options) {
    const { name, clock, timed = false, strict, faults = null } = options;
    this.behaviour = { ...(timed ? TIMED : UNTIMED), ...options.behaviour };
    const context = new ChipContext(
      name,
      clock,
      timed,
      this.behaviour,
      faults,
      this.counters,
      new ResetState(clock),
      strict,
    );
    this.context = context;
    this.sockets = makeSockets(context);
    this.phy = new Phy(context);
    this.common = new CommonBlock(context, this.sockets, this.phy);
    this.transmitter = new Transmitter(context, this.sockets[0], this.phy);
    this.receiver = new Receiver(context, this.sockets[0], this.phy, this.common.bytes);
    const engine = {
      transmitter: this.transmitter,
      receiver: this.receiver,
      checkSettings: () => this.checkSettings(),
    };
    this.commands = this.sockets.map((socket, n) => {
      const unanswered = new Unanswered(context, socket, this.common.bytes);
      return new Commands(context, socket, n === 0 ? engine : null, unanswered);
    });
    this.spi = new SpiFrame(
      context,
      new MemoryMap(context, this.common, this.sockets, this.transmitter, this.receiver),
    );
    context.interruptsChanged = () => this.reportInterrupt();
    this.phy.onLink = (up) => this.transmitter.linkChanged(up);
    this.common.onReset = () => this.resetChip();
  }

  /** SCSn goes low. */
  select(): void {
    this.counters.frames++;
    this.spi.select();
    const { faults, reset } = this.context;
    if (reset.held) this.context.complain('RSTn', 'SPI access while the chip is held in reset.');
    if (faults === null || faults.nextInterruptBits === 0) return;
    this.sockets[0].latch(faults.nextInterruptBits);
    faults.nextInterruptBits = 0;
    this.reportInterrupt();
  }

  /**
   * Clocks `mosi.length` bytes both ways inside a chip-select frame. `miso`, if given, has at least that length.
   * A frame may consist of any number of transfers.
   */
  transfer(mosi: Uint8Array, miso: Uint8Array | null): void {
    this.counters.transfers++;
    this.counters.bytes += mosi.length;
    const { faults, reset } = this.context;
    if (!this.spi.isSelected || reset.held) {
      if (!this.spi.isSelected) this.context.complain('SCSn', 'SPI transfer while the chip is not selected.');
      miso?.fill(this.spi.isSelected ? this.behaviour.heldMiso : 0xff, 0, mosi.length);
      return;
    }
    if (faults === null) {
      this.spi.shift(mosi, miso);
      return;
    }
    this.spi.shift(faults.spoilMosi(mosi), miso);
    if (miso !== null) faults.spoilMiso(miso, mosi.length);
  }

  /** SCSn goes high. */
  deselect(): void {
    this.spi.deselect();
  }

  /**
   * A frame (destination MAC to end of payload, no FCS) comes from the wire. False if it was not stored; the
   * counters say why. In timed mode it takes its wire time first: true then means "on its way to an open socket".
   */
  deliver(frame: Uint8Array): boolean {
    return this.receiver.deliver(frame);
  }

  /** Bytes free in the receive ring. No real peer can know; a lab that must not lose frames asks. */
  get receiveRoom(): number {
    return this.sockets[0].rxFree;
  }

  /** Called with a fresh copy of every frame sent, when its SEND completes. */
  get onTransmit(): (frame: Uint8Array) => void {
    return this.transmitter.onTransmit;
  }

  set onTransmit(listener: (frame: Uint8Array) => void) {
    this.transmitter.onTransmit = listener;
  }

  /** Called at the end of each chip-select frame with its control byte, start address and number of data bytes. */
  set onAccess(listener: ((control: number, address: number, count: number) => void) | null) {
    this.spi.onAccess = listener;
  }

  /** The level of INTn. */
  get interruptLow(): boolean {
    return !this.context.reset.held && this.common.interrupting;
  }

  /** RSTn. Low then high is also what a brown-out looks like to the host. */
  setReset(low: boolean): void {
    const { reset } = this.context;
    if (low === reset.held) return;
    if (low) reset.hold();
    else if (reset.release() < RESET_PULSE)
      this.context.complain(
        'RSTn',
        `was low for less than ${RESET_PULSE} us; the chip is undefined after that.`,
      );
    this.resetChip();
  }

  /** The cable is plugged in or pulled, or the far side goes. */
  setLink(up: boolean): void {
    this.phy.setCable(up);
  }

  private resetChip(): void {
    const { context } = this;
    if (!context.reset.held) this.counters.resets++;
    this.transmitter.reset();
    for (const commands of this.commands) commands.reset();
    for (const socket of this.sockets) socket.reset();
    placeRings(this.sockets);
    this.common.reset();
    context.reset.settle(this.behaviour.resetTime);
    this.phy.reset();
    context.interruptsChanged();
  }

  private checkSettings(): void {
    checkBufferSizes(this.sockets, this.context);
    for (let i = 0; i < 4; i++) {
      if (this.common.bytes[SIPR + i] === 0) continue;
      this.context.complain(
        'SIPR',
        'is set, so the chip answers ARP and ping by itself (not modelled); keep it 0.',
      );
      break;
    }
  }

  private reportInterrupt(): void {
    const low = this.interruptLow;
    if (low === this.reportedLow) return;
    this.reportedLow = low;
    if (low) this.counters.interrupts++;
    const { faults } = this.context;
    if (faults !== null && faults.random.chance(faults.interruptEdgeLoss)) return;
    this.onInterrupt(low);
  }
}

function makeSockets(context: ChipContext): readonly Socket[] {
  const transmitMemory = new Uint8Array(BUFFER_MEMORY);
  const receiveMemory = new Uint8Array(BUFFER_MEMORY);
  const sockets: Socket[] = [];
  for (let n = 0; n < SOCKET_COUNT; n++)
    sockets.push(new Socket(n, context, new Ring(transmitMemory), new Ring(receiveMemory)));
  for (const socket of sockets) socket.onBufferSize = () => placeRings(sockets);
  placeRings(sockets);
  return sockets;
}
