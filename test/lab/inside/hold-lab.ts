/*
 * Opens a lab (without firmware) and keeps it busy until it is killed. Not inside a namespace itself: it is the
 * program whose sudden end must leave nothing behind. Prints "ready", or "closed" if told to close by itself.
 */
import { openKernelLab } from '../../../host-tools/lab/kernel/kernel-lab.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';

const lab = await openKernelLab({ bundle: '', files: {}, forward: 'copy' });
console.log('ready');
if (process.argv[2] === 'close') {
  await lab.close();
  console.log('closed');
} else {
  // Nobody is at this address: everything is in the middle of something.
  await lab.client.ping('192.168.0.99', 1000, 60_000);
  await lab.client.ping(CAST.I.address, 1000, 60_000);
}
