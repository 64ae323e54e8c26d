/**
 * This firmware as the router: the bundle on an emulated board, on virtual time, booted anew for every sequence.
 * Here silence needs no marker: time passes until nothing is due any more. Its questions by ARP are answered.
 */
import { readFileSync } from 'node:fs';
import { World } from '../../host-tools/emulator/world.ts';
import {
  ADDRESS,
  LAN_HOSTS,
  MAC,
  addressBytes,
  firmwareConfig,
  macBytes,
  type Side,
  type WanMtu,
} from './network.ts';
import type { Arrived, RouterUnderTest } from './router.ts';

/** Microseconds of virtual time: to bring the chips up; and for one exchange, enough that errors are not rate limited. */
const BOOT = 500_000;
const MOMENT = 150_000;

const board = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

export class FirmwareRouter implements RouterUnderTest {
  readonly name = 'this firmware';
  private world!: World;
  private arrived: Arrived[] = [];
  /** What the firmware printed in the sequence at hand: exceptions, above all. */
  printed: string[] = [];

  /**
   * @param bundle text of dist/firmware.js
   * @param config what the firmware is configured with
   * @param seed of its random numbers, by which it chooses ports
   */
  constructor(
    private readonly bundle: string,
    private readonly config: (mtu: WanMtu) => object = firmwareConfig,
    private readonly seed = 1,
  ) {}

  begin(mtu: WanMtu): void {
    this.world = new World({
      bundle: this.bundle,
      seed: this.seed,
      files: { 'board.json': board, 'config.json': JSON.stringify(this.config(mtu)) },
      print: (line) => void this.printed.push(line),
    });
    for (const side of ['wan', 'lan'] as const) {
      this.world[side].onTransmit = (frame) => this.take(side, frame.slice());
      this.world[side].setLink(true);
    }
    this.world.board.boot();
    this.world.run(BOOT);
    this.say('wan', arp(1, 'G', 'P'));
    for (const host of LAN_HOSTS) this.say('lan', arp(1, host, 'R'));
    this.arrived = [];
    // What it says about its configuration is no fault.
    this.printed = [];
  }

  exchange(side: Side, frames: readonly Uint8Array[]): Arrived[] {
    this.arrived = [];
    for (const frame of frames) this.world[side].deliver(frame);
    this.world.run(MOMENT);
    return this.arrived;
  }

  private say(side: Side, frame: Uint8Array): void {
    this.world[side].deliver(frame);
    this.world.run(MOMENT);
  }

  private take(side: Side, frame: Uint8Array): void {
    const isArp = frame[12] === 8 && frame[13] === 6;
    if (!isArp) this.arrived.push({ side, frame });
    else if (frame[21] === 1) this.answer(side, frame);
  }

  private answer(side: Side, question: Uint8Array): void {
    const asked = Array.from(question.subarray(38, 42)).join('.');
    const host = Object.keys(MAC).find((name) => ADDRESS[name] === asked && name !== 'P' && name !== 'R');
    if (host) this.world[side].deliver(arp(2, host, side === 'wan' ? 'P' : 'R'));
  }
}

/** An ARP request (1) or reply (2) of a host to the router's address on its side. */
function arp(operation: 1 | 2, from: string, to: string): Uint8Array {
  const frame = new Uint8Array(60);
  frame.set(macBytes(to), 0);
  frame.set(macBytes(from), 6);
  frame.set([8, 6, 0, 1, 8, 0, 6, 4, 0, operation], 12);
  frame.set(macBytes(from), 22);
  frame.set(addressBytes(from), 28);
  if (operation === 2) frame.set(macBytes(to), 32);
  frame.set(addressBytes(to), 38);
  return frame;
}
