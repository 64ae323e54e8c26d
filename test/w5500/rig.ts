/**
 * A router whose chips can be told to misbehave: the built bundle over two models with strict mode, faults and
 * behaviour in the test's hands, on a virtual clock. For tests of the driver; stories use scenes/router.ts.
 */
import { readFileSync } from 'node:fs';
import { currentFirmware } from '../../host-tools/build/current.ts';
import type { Behaviour } from '../../host-tools/emulator/behaviour.ts';
import { Board } from '../../host-tools/emulator/board.ts';
import { VirtualClock } from '../../host-tools/emulator/clock.ts';
import { Faults } from '../../host-tools/emulator/faults.ts';
import { W5500 } from '../../host-tools/emulator/w5500.ts';
import { address, arpFrame, configText, mac } from '../scenes/cast.ts';

export type Side = 'wan' | 'lan';
export const otherSide = { wan: 'lan', lan: 'wan' } as const;

export interface RigOptions {
  /** Wire and bus take their time; a chip that is reset has its link 2 s later. */
  timed?: boolean;
  behaviour?: Partial<Behaviour>;
  /** Of every random choice the faults make. */
  seed?: number;
  /** The WAN's MTU, 1500 if not set. */
  mtu?: number;
}

/** Turns of the idle loop at one instant after which the firmware is taken to be going in circles. */
const MOST_TURNS = 10_000;

const bundle = currentFirmware('.').then(({ code }) => code);
const boardText = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

export class Rig {
  readonly clock = new VirtualClock();
  readonly faults: Record<Side, Faults>;
  readonly chips: Record<Side, W5500>;
  readonly board: Board;
  /** What strict mode had to say, in order. */
  readonly complaints: string[] = [];
  readonly console: string[] = [];
  private readonly sent: Record<Side, Uint8Array[]> = { wan: [], lan: [] };

  constructor(code: string, options: RigOptions) {
    const { timed = false, behaviour, seed = 1, mtu = 1500 } = options;
    this.faults = { wan: new Faults(seed), lan: new Faults(seed + 1) };
    const chip = (name: Side) => {
      const strict = (complaint: string) => this.complaints.push(complaint);
      const made = new W5500({
        name,
        clock: this.clock,
        timed,
        behaviour,
        strict,
        faults: this.faults[name],
      });
      made.onTransmit = (frame) => this.sent[name].push(frame);
      return made;
    };
    this.chips = { wan: chip('wan'), lan: chip('lan') };
    this.board = new Board({
      bundle: code,
      files: { 'board.json': boardText, 'config.json': withMtu(configText('external'), mtu) },
      chips: this.chips,
      clock: this.clock,
      spi: { hertzTimed: timed },
      print: (line) => this.console.push(line),
    });
  }

  /** Turns the board's idle loop until nothing is due now. */
  settle(): void {
    for (let turn = 0; this.board.runPending(); turn++) {
      if (turn === MOST_TURNS) throw new Error(`The firmware goes in circles at ${this.clock.now()} us.`);
    }
  }

  /** Lets that much time pass; timed firmware that is always busy is left alone once it has worked that long. */
  run(us: number): void {
    const end = this.clock.now() + us;
    while (this.clock.now() < end) {
      if (this.board.runPending()) continue;
      const next = [this.board.nextDue(), this.clock.nextDue(), end].filter((at) => at !== undefined);
      this.clock.advanceTo(Math.min(...next));
    }
  }

  /** Frames that left a port since the last call. */
  take(side: Side): Uint8Array[] {
    return this.sent[side].splice(0);
  }

  /** Forgets what left both ports, and what strict mode said. */
  forget(): void {
    this.take('wan');
    this.take('lan');
    this.complaints.length = 0;
  }

  /** Introduces G and C by ARP, so that no packet has to wait for a neighbour. */
  introduce(): void {
    this.chips.wan.deliver(arpFrame(1, mac.gateway, address.G, mac.routerWan, address.P));
    this.chips.lan.deliver(arpFrame(1, mac.client, address.C, mac.routerLan, address.R));
    this.run(10_000);
  }

  ask(line: string): Record<string, unknown> {
    return JSON.parse(this.board.hairpin(line)) as Record<string, unknown>;
  }

  /** A counter of the firmware by its name. */
  counter(name: string): number {
    const { counters } = this.ask('counters') as { counters: Record<string, number> };
    if (!(name in counters)) throw new Error(`The firmware has no counter ${name}.`);
    return counters[name];
  }
}

function withMtu(text: string, mtu: number): string {
  const config = JSON.parse(text) as { wan: object };
  return JSON.stringify({ ...config, wan: { ...config.wan, mtu } });
}

/** A router that has just been switched on; nothing has run but the bundle's own boot. */
export async function switchOn(
  options: RigOptions = {},
  prepare: (rig: Rig) => void = () => {},
): Promise<Rig> {
  const rig = new Rig(await bundle, options);
  prepare(rig);
  rig.board.boot();
  return rig;
}

/** A router in full service: links up, G and C known. */
export async function inService(options: RigOptions = {}): Promise<Rig> {
  const rig = await switchOn(options);
  rig.run(options.timed ? 3_000_000 : 300_000);
  rig.introduce();
  rig.forget();
  return rig;
}
