/** dist/ is built when it has to be, and only then. */
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { currentFirmware } from '../../host-tools/build/current.ts';
import { projectOf } from './project.ts';

const files = {
  'firmware/main.ts': `import { answer } from './answer.ts';\nexport function hairpin() {\n  return answer;\n}\n`,
  'firmware/answer.ts': `export const answer = 'one';\n`,
  'firmware/services/guard.ts': `export let hairpin: undefined;\n`,
};

test('built once, read from dist/ the next time, built again after a change of content', async (t) => {
  const root = await projectOf(t, files);
  const first = await currentFirmware(root);
  t.true(first.isNew);
  t.is(await readFile(join(root, 'dist/firmware.js'), 'utf8'), first.code);

  await utimes(join(root, 'firmware/answer.ts'), new Date(), new Date());
  const again = await currentFirmware(root);
  t.false(again.isNew);
  t.deepEqual([again.code, again.map, again.report.bytes], [first.code, first.map, first.report.bytes]);

  await writeFile(join(root, 'firmware/answer.ts'), `export const answer = 'two';\n`);
  const changed = await currentFirmware(root);
  t.true(changed.isNew);
  t.true(changed.code.includes('two'));
});

test('built again when a result is missing or its record is damaged', async (t) => {
  const root = await projectOf(t, files);
  await currentFirmware(root);
  await rm(join(root, 'dist/firmware.js.map'));
  t.true((await currentFirmware(root)).isNew);
  await writeFile(join(root, 'dist/build.json'), '{');
  t.true((await currentFirmware(root)).isNew);
  t.false((await currentFirmware(root)).isNew);
});

test('a refused build leaves dist/ as it was, and the next run refuses again', async (t) => {
  const root = await projectOf(t, files);
  const { code } = await currentFirmware(root);
  await writeFile(join(root, 'firmware/answer.ts'), `export const answer = Math.trunc(1.5);\n`);
  await t.throwsAsync(() => currentFirmware(root), { name: 'BuildRefused' });
  await t.throwsAsync(() => currentFirmware(root), { name: 'BuildRefused' });
  t.is(await readFile(join(root, 'dist/firmware.js'), 'utf8'), code);
});

test('without sources, as in the npm package, dist/ is what there is', async (t) => {
  const root = await projectOf(t, files);
  const built = await currentFirmware(root);
  await rm(join(root, 'firmware'), { recursive: true });
  const packed = await currentFirmware(root);
  t.false(packed.isNew);
  t.deepEqual([packed.code, packed.map, packed.report.bytes], [built.code, built.map, built.report.bytes]);
});
