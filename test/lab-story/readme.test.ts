/**
 * The README and the docs show what the program makes: the figure and the pictures are those that the scripted lab
 * draws from its packets. `make readme` writes them anew.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { figureText, pictureOf, writePictures } from '../../host-tools/lab/report.ts';
import { drawPicture } from '../../host-tools/picture/draw.ts';
import { playedScenes } from './played.ts';

const figureBlock = /(<!-- figure:[^\n]*-->\n\n```text\n)[^]*?(```\n\n<!-- end of figure -->)/;

test('the figure in the README is the one the lab draws', async (t) => {
  const drawn = figureText(await playedScenes()).trimEnd() + '\n';
  const readme = readFileSync('README.md', 'utf8');
  const wanted = readme.replace(figureBlock, (_, begin: string, end: string) => begin + drawn + end);
  if (process.env.UPDATE_README) writeFileSync('README.md', wanted);
  t.regex(readme, figureBlock);
  t.is(process.env.UPDATE_README ? wanted : readme, wanted);
});

test('a lab leaves a picture of each scene in its directory', async (t) => {
  const scenes = await playedScenes();
  const directory = mkdtempSync(join(tmpdir(), 'hairpin-pictures-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  writePictures(directory, { mode: 'scripted', reason: '', origin: 0, milliseconds: 0, scenes });
  t.deepEqual(readdirSync(directory).sort(), ['scene-1.svg', 'scene-2.svg', 'scene-3.svg']);
  t.is(readFileSync(join(directory, 'scene-2.svg'), 'utf8'), drawPicture(pictureOf(scenes[1])));
});

test('the pictures in docs/pictures are the ones the lab draws', async (t) => {
  for (const scene of await playedScenes()) {
    const drawn = drawPicture(pictureOf(scene));
    const file = `docs/pictures/scene-${scene.number}.svg`;
    if (process.env.UPDATE_README) writeFileSync(file, drawn);
    t.is(readFileSync(file, 'utf8'), drawn, file);
  }
});
