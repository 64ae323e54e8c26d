/*
 * For programs that run inside a namespace of their own: a virtual cable `port` -- `eth0`, whose far end is in a
 * namespace `far` with an address and a fixed neighbour, so that it sends without being answered.
 */
import { mkdirSync } from 'node:fs';
import { runProgram } from '../../../host-tools/lab/kernel/programs.ts';

export const FAR_ADDRESS = '192.0.2.1';
export const NEAR_ADDRESS = '192.0.2.2';
const NEAR_MAC = '02:00:00:00:00:02';

export function layCable(): void {
  runProgram('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  mkdirSync('/run/netns');
  const commands = [
    'netns add far',
    'link add port type veth peer name eth0',
    'link set eth0 netns far',
    'link set port mtu 9000 arp off up',
    '-n far link set eth0 mtu 9000 up',
  ];
  for (const command of commands) runProgram('ip', command.split(' '));
  const far = [
    `addr add ${FAR_ADDRESS}/24 dev eth0`,
    `neigh add ${NEAR_ADDRESS} lladdr ${NEAR_MAC} dev eth0`,
  ];
  runProgram('ip', ['-n', 'far', '-batch', '-'], far.join('\n') + '\n');
}

/** Sends one UDP datagram from the far end; `segment` cuts it into pieces of that size, which is left to the card. */
export function sendFromFar(length: number, segment = 0): void {
  const file = new URL('./send-udp.ts', import.meta.url).pathname;
  const node = [
    process.execPath,
    '--import',
    import.meta.resolve('tsx'),
    file,
    NEAR_ADDRESS,
    `${length}`,
    `${segment}`,
  ];
  runProgram('ip', ['netns', 'exec', 'far', ...node]);
}
