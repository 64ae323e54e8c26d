/*
 * docs/site in a real browser: clicked and typed through from beginning to end at the width of a page and of a phone.
 * At every step the words are those of the step, and nothing is in the way of anything.
 */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { notes } from '../../host-tools/site/notes.ts';
import { collisionsOn, pageTest, type View } from './browser.ts';

const file = new URL('../../docs/site/index.html', import.meta.url).href;

/** Every step of the page: what is said there. The last of a scene is its outcome. */
const outcomes = [/S saw the client as I:44444/, /just silence/, /S saw the client as P:33334/];
const steps = notes.flatMap(({ hops }, scene) =>
  [...hops, outcomes[scene]].map((words, step) => ({ scene, step, words, count: hops.length + 1 })),
);

async function isAt(page: Page, { scene, step, words, count }: (typeof steps)[number]): Promise<string[]> {
  const complaints: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) complaints.push(`${scene + 1}.${step + 1}: ${what}`);
  };
  const said = await page.locator('section:visible [data-step]:visible').allInnerTexts();
  expect('one step is shown', said.length === 1);
  expect(`it says ${words}`, typeof words === 'string' ? said[0].includes(words) : words.test(said[0]));
  expect('one scene is shown', (await page.locator('section:visible').count()) === 1);
  expect(
    'its button is pressed',
    (await page.locator('nav [aria-pressed="true"]').getAttribute('data-scene')) === `${scene + 1}`,
  );
  expect('the place is said', (await page.locator('#place').innerText()) === `Step ${step + 1} of ${count}`);
  expect('the address has it', page.url().endsWith(`#${scene + 1}.${step + 1}`));
  const hops = await page.locator('section:visible .hp-hop:visible').count();
  expect(
    `${Math.min(step + 1, count - 1)} hops are drawn, not ${hops}`,
    hops === Math.min(step + 1, count - 1),
  );
  for (const collision of await collisionsOn(page)) expect(collision, false);
  return complaints;
}

const views: [string, View][] = [
  ['800 wide', { width: 800, height: 900 }],
  ['800 wide and dark', { width: 800, height: 900, colorScheme: 'dark' }],
  ['640 wide', { width: 640, height: 900 }],
  ['380 wide', { width: 380, height: 760 }],
];
for (const [name, view] of views) {
  pageTest(`clicked through from beginning to end, ${name}`, view, async (t, page) => {
    await page.goto(file);
    for (const [index, step] of steps.entries()) {
      if (index > 0) await page.click('#next');
      t.deepEqual(await isAt(page, step), []);
    }
    t.true(await page.locator('#next').isDisabled());
    t.is(steps.length, 15);
  });
}

pageTest('arrow keys go on and back, across scenes and not beyond the ends', views[0][1], async (t, page) => {
  await page.goto(file);
  await page.keyboard.press('ArrowLeft');
  t.deepEqual(await isAt(page, steps[0]), []);
  for (const step of steps.slice(1)) {
    await page.keyboard.press('ArrowRight');
    t.deepEqual(await isAt(page, step), []);
  }
  await page.keyboard.press('ArrowRight');
  for (const step of steps.slice(0, -1).reverse()) {
    await page.keyboard.press('ArrowLeft');
    t.deepEqual(await isAt(page, step), []);
  }
});

pageTest(
  'a button opens its scene, and next keeps the focus from scene to scene',
  views[3][1],
  async (t, page) => {
    await page.goto(file);
    await page.click('nav [data-scene="3"]');
    t.deepEqual(await isAt(page, steps[10]), []);
    await page.click('nav [data-scene="1"]');
    await page.locator('#next').focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press('Enter');
    t.deepEqual(await isAt(page, steps[5]), []);
    t.is(await page.evaluate('document.activeElement.id'), 'next');
  },
);

pageTest('an address leads to its step, and a wrong one to a step there is', views[0][1], async (t, page) => {
  await page.goto(`${file}#2.3`);
  t.deepEqual(await isAt(page, steps[7]), []);
  await page.goto(`${file}#9.99`);
  t.deepEqual(await isAt(page, steps[14]), []);
});

pageTest('without a script everything is there, below each other', views[3][1], async (t, page) => {
  await page.route(/steps\.js/, (route) => route.abort());
  await page.goto(file);
  t.is(await page.locator('section:visible').count(), 3);
  t.is(await page.locator('[data-step]:visible').count(), 15);
  t.is(await page.locator('.controls:visible, nav:visible').count(), 0);
  t.deepEqual(await collisionsOn(page), []);
});

pageTest('the check of collisions sees them', views[3][1], async (t, page) => {
  await page.goto(`${file}#2.3`);
  t.deepEqual(await collisionsOn(page), []);
  await page.addStyleTag({
    content: '.stage .hp-label { display: inline !important } #next { margin-right: -80px }',
  });
  const collisions = (await collisionsOn(page)).join('\n');
  t.regex(collisions, /overlaps/);
  t.regex(collisions, /sticks out of the window/);
});

pageTest('it is a file that opens from where it lies', views[0][1], async (t, page) => {
  await page.goto(file);
  t.is(fileURLToPath(page.url().split('#')[0]), fileURLToPath(file));
  t.is(await page.title(), 'Why a port forward is dead from the LAN');
});
