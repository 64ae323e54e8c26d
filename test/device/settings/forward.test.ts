/*
 * `hairpin forward` against the real firmware on a soft board.
 */
import test from 'ava';
import { runGet } from '../../../host-tools/device/settings/config.ts';
import { runForwardAdd, runForwardRemove } from '../../../host-tools/device/settings/forward.ts';
import { softRouter } from '../console/soft-router.ts';

import { json, refused, run, text } from './one-command.ts';

test.serial('forward add and remove', async (t) => {
  const soft = await softRouter();
  const added = await run(soft, (edges) =>
    runForwardAdd(
      ['web', 'tcp', '80', '192.168.0.2:8080'],
      { json: false, from: '198.51.100.0/24', hairpin: 'lan' },
      edges,
    ),
  );
  t.is(added.out, 'The forward web is there, from now on.');
  t.like(JSON.parse((await run(soft, (edges) => runGet('forwards.web', text, edges))).out), {
    port: 80,
    to: '192.168.0.2:8080',
    from: '198.51.100.0/24',
    hairpin: 'lan',
  });
  const removed = await run(soft, (edges) => runForwardRemove('web', json, edges));
  t.deepEqual(JSON.parse(removed.out), {
    schema: 'hairpin.forward-remove/1',
    name: 'web',
    forwards: 2,
    restartDue: false,
    warnings: [],
  });
  const add = (...words: [string, string, string, string]) =>
    run(soft, (edges) => runForwardAdd(words, json, edges)).then(({ exitCode }) => exitCode);
  await refused(t, add('smtp', 'tcp', '26', '192.168.0.2'), /there is a forward named "smtp" already/);
  await refused(t, add('x', 'tcp', '25', '192.168.0.2'), /both have tcp port 25/);
  await refused(t, add('x', 'tcp', '26', '10.0.0.1'), /expected an address on the LAN/);
  await refused(t, add('x y', 'tcp', '26', '192.168.0.2'), /words without blanks, but got 'x y'/);
  const gone = run(soft, (edges) => runForwardRemove('web', json, edges)).then(({ exitCode }) => exitCode);
  await refused(t, gone, /no forward is named "web"/);
});
