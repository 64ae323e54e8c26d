/*
 * The page on the mistake shows what the program says: each block marked `shown: NAME` holds that text as it is made
 * today; and the page to click through is made of the pictures. `make readme` writes them anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { pictureOf } from '../../host-tools/lab/report.ts';
import { tell } from '../../host-tools/lab/story.ts';
import { sitePage } from '../../host-tools/site/page.ts';
import { tellConversation } from '../../host-tools/explain/tell.ts';
import { askedRouter } from '../explain/asked.ts';
import { playedScenes } from './played.ts';

const page = 'docs/why-dnat-fails-from-the-lan.md';
const block = /(<!-- shown: ([\w-]+);[^\n]*-->\n\n```text\n)[^]*?(```\n)/g;

test('the listings on the page are what the program says', async (t) => {
  const scenes = await playedScenes();
  const { about, network, config } = await askedRouter('dnat-only');
  const shown: Record<string, string> = {
    'scene-2': tell(scenes[1].story).join('\n'),
    'explain-dnat-only': tellConversation(about('tcp 192.168.0.3:33333 > 12.0.0.1:25'), network, config),
  };
  const text = readFileSync(page, 'utf8');
  t.deepEqual([...text.matchAll(block)].map(([, , name]) => name).sort(), Object.keys(shown).sort());
  const wanted = text.replace(
    block,
    (_, begin: string, name: string, end: string) => `${begin}${shown[name]}\n${end}`,
  );
  if (process.env.UPDATE_README) writeFileSync(page, wanted);
  t.is(process.env.UPDATE_README ? wanted : text, wanted);
});

test('every picture on the page and in the README is there', (t) => {
  const pictures = (file: string, folder: string): string[] =>
    [...readFileSync(file, 'utf8').matchAll(/(?:\]\(|src=")([^)"]+\.svg)/g)].map(([, path]) => folder + path);
  const all = [...pictures(page, 'docs/'), ...pictures('README.md', '')];
  t.is(all.length, 6);
  for (const file of all) t.true(existsSync(file), file);
});

test('the page to click through is made of the same scenes', async (t) => {
  const made = sitePage((await playedScenes()).map(pictureOf));
  const file = 'docs/site/index.html';
  if (process.env.UPDATE_README) writeFileSync(file, made);
  t.is(readFileSync(file, 'utf8'), made);
  t.deepEqual(
    [...made.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path]) => path),
    ['style.css', '../why-dnat-fails-from-the-lan.md', 'steps.js'],
  );
});

test('notes for other hops than there are make no page', async (t) => {
  const scenes = (await playedScenes()).map(pictureOf);
  const [first, ...rest] = scenes;
  t.throws(() => sitePage([{ ...first, packets: first.packets.slice(1) }, ...rest]), {
    message: 'Scene 1 has 2 hops and notes for 4.',
  });
});
