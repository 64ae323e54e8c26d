/*
 * What a forwarded frame costs on SPI, counted by the models: chip-select frames, driver transfers and bytes on both
 * chips, from the status read that shows the frame to the commands that send it and free its room. What the driver
 * does whether or not a frame is there - interrupt clears, empty looks, health - is counted apart.
 */
import type { W5500 } from '../emulator/w5500.ts';
import type { LoadedRouter, Side } from './loaded-router.ts';

/** Chip-select frames, driver transfers and bytes on the wire, headers included. */
export interface SpiCost {
  frames: number;
  transfers: number;
  bytes: number;
}

/** One line of the result; costs are per forwarded frame. */
export interface SpiMeasurement {
  /** Ethernet length L in bytes. */
  length: number;
  /** Frames that arrived together. */
  burst: number;
  forwarding: SpiCost;
  /** Interrupt clears, looks that found nothing, health. */
  housekeeping: SpiCost;
}

/** The budget for a frame that comes alone. */
export const spiBudget = { frames: 8, transfers: 10, bytes: (length: number): number => 2 * length + 48 };

const lengths = [64, 512, 1514];
const bursts = [1, 8];
/** Bursts measured for each line, after as many unmeasured ones as the driver needs to get used to them. */
const repeats = 50;
const unmeasured = 2;

/** Control bytes and addresses that tell accesses apart (W5500 datasheet 2.2.2, 4.1 and 4.2). */
const control = { commonRead: 0x00, socketRead: 0x08, socketWrite: 0x0c, receiveRead: 0x18 };
const address = { interrupt: 0x02, receiveSize: 0x26, receiveEnd: 0x2a };
/** A read of the socket's registers this long is the health check. */
const healthBytes = 40;

const nothing = (): SpiCost => ({ frames: 0, transfers: 0, bytes: 0 });

function add(to: SpiCost, cost: SpiCost): void {
  to.frames += cost.frames;
  to.transfers += cost.transfers;
  to.bytes += cost.bytes;
}

function difference(after: SpiCost, before: SpiCost): SpiCost {
  return {
    frames: after.frames - before.frames,
    transfers: after.transfers - before.transfers,
    bytes: after.bytes - before.bytes,
  };
}

/** Listens to one chip and sorts its accesses. */
class Listener {
  readonly forwarding = nothing();
  readonly housekeeping = nothing();
  private counted: SpiCost;
  /** A status read whose outcome is not known yet: the next access tells. */
  private look: SpiCost | null = null;

  constructor(private readonly chip: W5500) {
    this.counted = { ...chip.counters };
    chip.onAccess = (code, at, count) => this.hear(code, at, count);
  }

  /** Stops listening; a look that nothing followed was empty. */
  close(): void {
    this.chip.onAccess = null;
    this.resolve(false);
  }

  private hear(code: number, at: number, count: number): void {
    const cost = this.sinceLast();
    this.resolve(code === control.receiveRead);
    const reads = code === control.socketRead;
    if (reads && count < healthBytes && at <= address.receiveEnd && at + count > address.receiveSize)
      this.look = cost;
    else if (code === control.commonRead || (reads && count >= healthBytes)) add(this.housekeeping, cost);
    else if (code === control.socketWrite && at === address.interrupt) add(this.housekeeping, cost);
    else add(this.forwarding, cost);
  }

  private resolve(found: boolean): void {
    if (this.look) add(found ? this.forwarding : this.housekeeping, this.look);
    this.look = null;
  }

  private sinceLast(): SpiCost {
    const { frames, transfers, bytes } = this.chip.counters;
    const before = this.counted;
    this.counted = { frames, transfers, bytes };
    return {
      frames: frames - before.frames,
      transfers: transfers - before.transfers,
      bytes: bytes - before.bytes,
    };
  }
}

function measure(router: LoadedRouter, from: Side, length: number, burst: number): SpiMeasurement {
  const { world, connections } = router;
  const to = from === 'lan' ? 'wan' : 'lan';
  const frame = router.segment(connections[0], from, length);
  const arrive = () => {
    for (let i = 0; i < burst; i++) world[from].deliver(frame);
    world.settle();
  };
  for (let i = 0; i < unmeasured; i++) arrive();
  const before = router.left[to];
  const listeners = [new Listener(world.lan), new Listener(world.wan)];
  for (let i = 0; i < repeats; i++) arrive();
  for (const listener of listeners) listener.close();
  const forwarded = router.left[to] - before;
  if (forwarded !== repeats * burst)
    throw new Error(`Of ${repeats * burst} frames ${forwarded} were forwarded.`);
  const perFrame = (pick: (listener: Listener) => SpiCost): SpiCost => {
    const sum = nothing();
    for (const listener of listeners) add(sum, pick(listener));
    return {
      frames: sum.frames / forwarded,
      transfers: sum.transfers / forwarded,
      bytes: sum.bytes / forwarded,
    };
  };
  return {
    length,
    burst,
    forwarding: perFrame((l) => l.forwarding),
    housekeeping: perFrame((l) => l.housekeeping),
  };
}

/** All lines, for frames that arrive on one port and leave by the other. Needs one connection. */
export function measureSpi(router: LoadedRouter, from: Side): SpiMeasurement[] {
  return lengths.flatMap((length) => bursts.map((burst) => measure(router, from, length, burst)));
}

/** What the router spends on SPI in a second in which nothing arrives: looks at both ports, and their health. */
export function measureIdle({ world }: LoadedRouter): SpiCost {
  const spent = nothing();
  const before = [world.wan, world.lan].map((chip) => ({ chip, counters: { ...chip.counters } }));
  world.run(1_000_000);
  for (const { chip, counters } of before) add(spent, difference(chip.counters, counters));
  return spent;
}

/** Whether a line is within the budget; frames in a burst must cost less than the budget of one alone. */
export function withinSpiBudget({ length, burst, forwarding }: SpiMeasurement): boolean {
  const { frames, transfers, bytes } = forwarding;
  const alone = burst === 1;
  return (
    (alone ? frames <= spiBudget.frames : frames < spiBudget.frames) &&
    (alone ? transfers <= spiBudget.transfers : transfers < spiBudget.transfers) &&
    (alone ? bytes <= spiBudget.bytes(length) : bytes < spiBudget.bytes(length))
  );
}
