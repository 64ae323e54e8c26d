/*
 * The LAN switch of the lab: three ports that learn which MAC lives where, each of them tapped. What crosses a
 * port is captured in the order it crosses, so the captures show what a host on that port really saw.
 */
import { workerData } from 'node:worker_threads';
import { Random } from '../../emulator/random.ts';
import type { Wire } from '../lab.ts';
import { EthernetPort } from './ethernet-port.ts';
import { post, runPortLoop } from './port-loop.ts';
import { countersOf } from './port-report.ts';
import { Tap, microsecondsSince } from './tap.ts';

export interface SwitchData {
  wake: number;
  /** process.hrtime.bigint() when the lab began. */
  start: bigint;
  snap: number;
  capture: boolean;
  /** Interface and the wire its capture is named after. */
  ports: { name: string; wire: Wire }[];
  /** A bad cable: of the frames in each direction of this port, this share (0 to 1) is lost, by a seeded choice. */
  loss?: { port: string; share: number; seed: number };
}

/** Frames taken from one port before the next has its turn. */
const BURST = 32;

const data = workerData as SwitchData;

/** A MAC as a number: 48 bits fit a double. */
function mac(frame: Uint8Array, at: number): number {
  const high = (frame[at] << 8) | frame[at + 1];
  const low = (frame[at + 2] << 24) | (frame[at + 3] << 16) | (frame[at + 4] << 8) | frame[at + 5];
  return high * 0x100000000 + (low >>> 0);
}

runPortLoop(data.wake, () => {
  const ports = data.ports.map((port) => EthernetPort.open(port.name));
  const bad = data.ports.findIndex(({ name }) => name === data.loss?.port);
  const chance = new Random(data.loss?.seed ?? 0);
  const lost = (index: number) => index === bad && chance.chance(data.loss!.share);
  const tap = data.capture
    ? new Tap(microsecondsSince(data.start), data.snap, (batch) => post({ kind: 'frames', batch }))
    : null;
  /** MAC -> index of the port it was last heard on. Never aged: the lab's hosts do not move. */
  const heardOn = new Map<number, number>();

  function leave(index: number, frame: Uint8Array): void {
    if (lost(index)) return;
    tap?.record(data.ports[index].wire, frame);
    ports[index].send(frame);
  }

  function forward(from: number, frame: Uint8Array): void {
    if (lost(from)) return;
    tap?.record(data.ports[from].wire, frame);
    heardOn.set(mac(frame, 6), from);
    const group = (frame[0] & 1) !== 0;
    const to = group ? undefined : heardOn.get(mac(frame, 0));
    if (to === undefined) ports.forEach((_, index) => index !== from && leave(index, frame));
    else if (to !== from) leave(to, frame);
  }

  function burst(from: number): boolean {
    for (let count = 0; count < BURST; count++) {
      const frame = ports[from].receive();
      if (!frame) return false;
      forward(from, frame);
    }
    return true;
  }

  return {
    ports,
    turn: () => {
      let more = false;
      for (let index = 0; index < ports.length; index++) more = burst(index) || more;
      return more ? 0 : -1;
    },
    answer: (request) => {
      if (request === 'flush') return tap?.flush();
      if (request === 'ports') return ports.map(countersOf);
      throw new Error(`The switch knows no request '${request}'.`);
    },
  };
});
