/*
 * Cables and a learning switch on a virtual clock, with taps. Frames are never lost, reordered or changed here:
 * what goes wrong in a scripted lab goes wrong in a host or in the router.
 */
import type { VirtualClock } from '../../emulator/clock.ts';
import type { LabFrame, Wire } from '../lab.ts';

/** One end of a cable: where a host or a chip plugs in. */
export interface Plug {
  /** Sends a frame into the cable. */
  send(frame: Uint8Array): void;
  /** Called with each frame that comes out of the cable. */
  onFrame: (frame: Uint8Array) => void;
}

/** From one end of a cable to the other, in microseconds: short, but never at once, so that order is visible. */
const cableDelay = 10;
/** What of a frame is kept: all headers and the beginning of the payload. */
const snapLength = 160;

/** Collects what the taps see. */
export class Tap {
  readonly frames: LabFrame[] = [];
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  see(wire: Wire, frame: Uint8Array): void {
    const bytes = frame.slice(0, snapLength);
    this.frames.push({ time: this.clock.now(), wire, bytes, length: frame.length });
  }
}

/** A cable between two plugs, tapped at its middle. */
export function cable(clock: VirtualClock, wire: Wire, tap: Tap): [Plug, Plug] {
  const plug = (other: () => Plug): Plug => ({
    send(frame) {
      tap.see(wire, frame);
      clock.schedule(clock.now() + cableDelay, () => other().onFrame(frame));
    },
    onFrame: () => {},
  });
  const ends: [Plug, Plug] = [plug(() => ends[1]), plug(() => ends[0])];
  return ends;
}

/** A switch that learns who is where from source addresses and floods what it does not know (IEEE 802.1D section 7). */
export class LearningSwitch {
  private readonly ports: Plug[] = [];
  private readonly portByMac = new Map<string, Plug>();

  /** Gives the switch one more port at this end of a cable. */
  plugIn(port: Plug): void {
    this.ports.push(port);
    port.onFrame = (frame) => this.forward(frame, port);
  }

  private forward(frame: Uint8Array, from: Plug): void {
    this.portByMac.set(macText(frame, 6), from);
    const to = this.portByMac.get(macText(frame, 0));
    if (to) {
      if (to !== from) to.send(frame);
      return;
    }
    for (const port of this.ports) if (port !== from) port.send(frame);
  }
}

function macText(frame: Uint8Array, at: number): string {
  return Buffer.from(frame.buffer, frame.byteOffset + at, 6).toString('latin1');
}
