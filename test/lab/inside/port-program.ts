/* Receives on a port what the far end of a cable sends, and prints what came: frames as hex, and the counters. */
import { EthernetPort } from '../../../host-tools/lab/kernel/ethernet-port.ts';
import { countersOf } from '../../../host-tools/lab/kernel/port-report.ts';
import { runProgram } from '../../../host-tools/lab/kernel/programs.ts';
import { layCable, sendFromFar } from './cable.ts';

function promiscuity(): number {
  const [link] = JSON.parse(runProgram('ip', ['-j', '-d', 'link', 'show', 'port'])) as {
    promiscuity: number;
  }[];
  return link.promiscuity;
}

layCable();
const before = promiscuity();
const port = EthernetPort.open('port');
const during = promiscuity();
const frames: string[] = [];
// Short and odd; whole; too long for Ethernet; cut by a card that is not there.
for (const [length, segment] of [
  [5, 0],
  [1000, 0],
  [4000, 0],
  [6000, 1000],
]) {
  sendFromFar(length, segment);
  for (let frame = port.receive(); frame; frame = port.receive())
    if (frame[12] === 0x08) frames.push(Buffer.from(frame).toString('hex'));
}
const counters = countersOf(port);
port.close();
console.log(JSON.stringify({ frames, counters, promiscuity: [before, during, promiscuity()] }));
