/*
 * A thread that copies every frame from one port to the other and does nothing else: what the same port code
 * manages when there is no router in between, for comparison.
 */
import { workerData } from 'node:worker_threads';
import { EthernetPort } from './ethernet-port.ts';
import { post, runPortLoop } from './port-loop.ts';
import { countersOf } from './port-report.ts';
import { Tap, microsecondsSince } from './tap.ts';
import type { RouterData } from './router-thread.ts';

const data = workerData as RouterData;

/** Frames taken from one port before the other has its turn. */
const BURST = 32;

runPortLoop(data.wake, () => {
  const ports = [EthernetPort.open(data.wan), EthernetPort.open(data.lan)];
  const tap = data.captureWan
    ? new Tap(microsecondsSince(data.start), data.snap, (batch) => post({ kind: 'frames', batch }))
    : null;
  function burst(from: EthernetPort, to: EthernetPort): boolean {
    for (let count = 0; count < BURST; count++) {
      const frame = from.receive();
      if (!frame) return false;
      tap?.record('wan', frame);
      to.send(frame);
    }
    return true;
  }
  return {
    ports,
    turn: () => {
      const more = [burst(ports[0], ports[1]), burst(ports[1], ports[0])];
      return more.includes(true) ? 0 : -1;
    },
    answer: (request) => {
      if (request === 'flush') return tap?.flush();
      if (request === 'ports') return ports.map(countersOf);
      throw new Error('There is no firmware here: frames are only copied.');
    },
  };
});
