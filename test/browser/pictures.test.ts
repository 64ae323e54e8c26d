/*
 * Every picture that is kept, in a real browser at 800 pixels: no text over another, over an edge or outside, in light
 * and dark; and the dark one is dark.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { collisionsOn, pageTest } from './browser.ts';

const boards = readdirSync(new URL('../../boards/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `../../boards/${name}/`);
const folders = ['../../docs/pictures/', '../explain/golden/', ...boards];
const files = folders.flatMap((folder) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith('.svg'))
    .map((name) => new URL(folder + name, import.meta.url)),
);

for (const colorScheme of ['light', 'dark'] as const) {
  pageTest(
    `nothing overlaps in any picture, ${colorScheme}`,
    { width: 800, height: 900, colorScheme },
    async (t, page) => {
      t.true(files.length >= 22);
      for (const file of files) {
        const picture = readFileSync(file, 'utf8');
        await page.setContent(`<body style="margin: 0">${picture}</body>`);
        t.deepEqual(await collisionsOn(page), [], file.pathname);
        const paper = await page.evaluate("getComputedStyle(document.querySelector('.hp-paper')).fill");
        t.is(paper, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 17, 23)');
      }
    },
  );
}
