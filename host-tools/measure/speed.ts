/*
 * Packets per second under Node: through bundle and models together, and through the bundle alone, with prepared
 * bytes in place of the models' answers. A figure for this machine and this day; it says nothing about a board.
 */
import type { W5500 } from '../emulator/w5500.ts';
import type { LoadedRouter } from './loaded-router.ts';

/** Ethernet length of the frames. */
export const speedLength = 64;

/** Frames let in before the router is given its turn. */
const perTurn = 8;

const socketRead = 0x08;
const socketWrite = 0x0c;
const receiveRead = 0x18;
const receivePointerLow = 0x28;
const receiveEndLow = 0x2a;
const transmitIdle = 0x40;
const commandLow = 0x01;
const commandSend = 0x20;

/** Runs of which the fastest counts: the one least disturbed by whatever else the machine does. */
const runs = 3;

/** Runs `turn`, which forwards some frames, for that long several times. @returns frames a second */
function rate(milliseconds: number, turn: () => number): number {
  let best = 0;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    let frames = 0;
    do for (let i = 0; i < 20; i++) frames += turn();
    while (performance.now() - start < milliseconds);
    best = Math.max(best, (frames / (performance.now() - start)) * 1000);
  }
  return Math.round(best);
}

function segments(router: LoadedRouter): Uint8Array[] {
  return router.connections.map((connection) => router.segment(connection, 'lan', speedLength));
}

/** Frames a second from the LAN to the WAN, taking turns between all connections. */
export function throughModels(router: LoadedRouter, milliseconds: number): number {
  const frames = segments(router);
  let next = 0;
  return rate(milliseconds, () => {
    const before = router.left.wan;
    for (let i = 0; i < perTurn; i++) router.world.lan.deliver(frames[next++ % frames.length]);
    router.world.settle();
    if (router.left.wan - before !== perTurn) throw new Error('The router lost a frame.');
    return perTurn;
  });
}

/**
 * The same without the models: frames arrive one by one, the transmitter is always idle. What is left is the
 * bundle and the platform's SPI objects. The router's models are of no use afterwards.
 */
export function throughBundle(router: LoadedRouter, milliseconds: number): number {
  const { world } = router;
  const waiting = new WaitingFrames(world.lan, segments(router));
  let sent = 0;
  standIn(world.wan, (mosi, miso) => {
    if (miso) miso[3] = transmitIdle;
    else if (mosi[2] === socketWrite && mosi[1] === commandLow && mosi[3] === commandSend) sent++;
  });
  return rate(milliseconds, () => {
    const before = sent;
    waiting.refill();
    world.settle();
    if (sent - before !== perTurn) throw new Error(`Of ${perTurn} frames the bundle sent ${sent - before}.`);
    return perTurn;
  });
}

function standIn(chip: W5500, transfer: (mosi: Uint8Array, miso: Uint8Array | null) => void): void {
  chip.select = chip.deselect = () => {};
  chip.transfer = transfer;
}

/** The receiving chip's side: one frame at a time, from a list, as long as any are left in this turn. */
class WaitingFrames {
  private left = 0;
  private next = 0;
  /** The driver's place in the ring. */
  private pointer: number;
  /** Frames as a read brings them: a byte of no meaning, the length header, the frame. */
  private readonly bursts: Uint8Array[];

  constructor(
    private readonly chip: W5500,
    frames: readonly Uint8Array[],
  ) {
    this.bursts = frames.map((frame) =>
      Uint8Array.from([0, (frame.length + 2) >> 8, frame.length + 2, ...frame]),
    );
    const miso = new Uint8Array(5);
    chip.select();
    chip.transfer(Uint8Array.of(0, receiveEndLow, socketRead, 0, 0), miso);
    chip.deselect();
    this.pointer = (miso[3] << 8) | miso[4];
    standIn(chip, (mosi, answer) => this.transfer(mosi, answer));
  }

  refill(): void {
    this.left = perTurn;
    this.chip.onInterrupt(true);
  }

  private transfer(mosi: Uint8Array, miso: Uint8Array | null): void {
    const burst = this.bursts[this.next];
    if (miso === null) {
      if (mosi[2] === socketWrite && mosi[1] === receivePointerLow) this.take((mosi[3] << 8) | mosi[4]);
    } else if (mosi[2] === receiveRead) miso.set(burst, 3);
    else {
      const end = this.pointer + (this.left > 0 ? burst.length - 1 : 0);
      miso[3] = end >> 8;
      miso[4] = end;
    }
  }

  /** RX_RD, which is committed one byte behind the next frame. */
  private take(committed: number): void {
    this.pointer = (committed + 1) & 0xffff;
    this.next = (this.next + 1) % this.bursts.length;
    this.left--;
    // The next frame arrives behind this one: a falling edge of its own.
    this.chip.onInterrupt(false);
    if (this.left > 0) this.chip.onInterrupt(true);
  }
}
