/**
 * The README shows what the program prints: its figure is the one that the scripted lab draws from its packets.
 * `make readme` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';
import { figureText } from '../../host-tools/lab/report.ts';
import { playScenes } from '../../host-tools/lab/scenes.ts';
import { openScriptedLab } from '../../host-tools/lab/scripted.ts';
import { firmwareRouter } from '../../host-tools/lab/scripted/firmware-router.ts';

const figureBlock = /(<!-- figure:[^\n]*-->\n\n```text\n)[^]*?(```\n\n<!-- end of figure -->)/;

test('the figure in the README is the one the lab draws', async (t) => {
  const lab = openScriptedLab({ router: firmwareRouter({ ...(await firmwareFiles()), print: () => {} }) });
  const scenes = await playScenes(lab, () => {});
  await lab.close();
  const drawn = figureText(scenes).trimEnd() + '\n';
  const readme = readFileSync('README.md', 'utf8');
  const wanted = readme.replace(figureBlock, (_, begin: string, end: string) => begin + drawn + end);
  if (process.env.UPDATE_README) writeFileSync('README.md', wanted);
  t.regex(readme, figureBlock);
  t.is(process.env.UPDATE_README ? wanted : readme, wanted);
});
