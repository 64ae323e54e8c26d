/*
 * The lab of real hosts as the npm package has it: its processes and threads are compiled modules, found by the names
 * of their sources. Writes dist/js.
 */
import { join } from 'node:path';
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';
import type { openKernelLab } from '../../host-tools/lab/kernel/kernel-lab.ts';
import { CAST } from '../../host-tools/lab/lab.ts';
import { compileHostTools } from '../../host-tools/package/compile.ts';
import { kernelTest } from './in-namespace.ts';

const root = join(import.meta.dirname, '../..');

kernelTest('compiled, the firmware runs between real hosts as it does from the sources', async (t) => {
  await compileHostTools(root);
  const compiled = join(root, 'dist/js/host-tools/lab/kernel/kernel-lab.js');
  const module = (await import(compiled)) as { openKernelLab: typeof openKernelLab };
  const lab = await module.openKernelLab(await firmwareFiles());
  t.teardown(() => lab.close());
  const { P } = CAST;
  t.like(await lab.internet.connect(P.address, 25, 4000), { outcome: 'connected' });
  t.like(await lab.client.connect(P.address, 25, 4000), { outcome: 'connected' });
  t.true(lab.frames().length > 0);
});
