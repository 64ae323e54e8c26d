/* What checkInterface says about interfaces in various states, and what switching offloads off and back does. */
import { InterfaceRefused, checkInterface } from '../../../host-tools/lab/kernel/interface.ts';
import { readFeatures, restoreOffloads, switchOffloadsOff } from '../../../host-tools/lab/kernel/offloads.ts';
import { runProgram } from '../../../host-tools/lab/kernel/programs.ts';

function verdict(name: string): string {
  try {
    checkInterface(name);
    return 'accepted';
  } catch (error) {
    if (error instanceof InterfaceRefused) return error.message;
    throw error;
  }
}

const ip = (command: string) => runProgram('ip', command.split(' '));
const verdicts: Record<string, string> = {};
verdicts.missing = verdict('left');
ip('link add left type veth peer name right');
verdicts.down = verdict('left');
ip('link set left up');
ip('link set right up');
verdicts.up = verdict('left');
ip('addr add 192.0.2.1/24 dev left');
verdicts.addressed = verdict('left');
ip('addr flush dev left');
// The second address carries a label of its own; no address carries the interface's name.
ip('addr add 192.0.2.2/24 dev left label left:1');
verdicts.labelled = verdict('left');
ip('addr flush dev left');
ip('link set left mtu 1400');
verdicts.small = verdict('left');
ip('link set left mtu 1500');
ip('link set lo up');
verdicts.loopback = verdict('lo');

// Something unusual, to be found again afterwards.
switchOffloadsOff('right');
const offloaded = readFeatures('left')!;
const before = switchOffloadsOff('left')!;
const during = readFeatures('left')!;
const restored = restoreOffloads('left', before);
const after = readFeatures('left')!;
const right = readFeatures('right')!;
console.log(JSON.stringify({ verdicts, features: { offloaded, during, after, restored, right } }));
