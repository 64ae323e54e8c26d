/*
 * The page that `bench probe --html` writes, in a real browser: for every verdict, at the width of a page and of a
 * phone, nothing is in the way of anything, nothing sticks out, and the picture is there where it can be read.
 */
import { judge } from '../../host-tools/bench/judge/judge.ts';
import { VERDICTS } from '../../host-tools/bench/judge/verdicts.ts';
import { buildReport } from '../../host-tools/bench/report/report.ts';
import { reportHtml } from '../../host-tools/bench/report/html.ts';
import { LEADS_TO } from '../bench/every-verdict.ts';
import { measured } from '../bench/measured.ts';
import { collisionsOn, pageTest, type View } from './browser.ts';

const views: [string, View][] = [
  ['800 wide', { width: 800, height: 900 }],
  ['800 wide and dark', { width: 800, height: 900, colorScheme: 'dark' }],
  ['380 wide', { width: 380, height: 760 }],
];
for (const [name, view] of views) {
  pageTest(`the report of every verdict, ${name}`, view, async (t, page) => {
    for (const verdict of VERDICTS) {
      const measurements = measured(LEADS_TO[verdict]);
      const judgement = judge(measurements);
      const asRoot = 'sudo npx hairpin bench probe --public 12.0.0.1:25 --server 192.168.0.2:8025 --mine';
      const report = buildReport({ measurements, judgement, asRoot });
      await page.setContent(reportHtml(report, judgement, measurements, new Date(0)));
      t.deepEqual(await collisionsOn(page), [], verdict);
      t.true((await page.locator('h1').innerText()).includes(report.headline), verdict);
      const pictures = await page.locator('.picture svg:visible').count();
      t.is(pictures, report.picture !== null && view.width >= 800 ? 1 : 0, verdict);
      t.is(await page.locator('.plot:visible').count(), 1, verdict);
      const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      t.is(paper, view.colorScheme === 'dark' ? 'rgb(20, 23, 27)' : 'rgb(255, 255, 255)');
    }
  });
}
