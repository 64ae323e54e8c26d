/*
 * A real headless browser for tests of pages and pictures: Debian's chromium, or the one that CHROMIUM names. Where
 * there is none, the tests are skipped and say so. It fetches nothing: whatever is not a file of the project fails.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { chromium, type Browser, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const program = process.env.CHROMIUM || found();
if (program === undefined)
  console.log(
    `SKIPPED: there is no browser on PATH (${names.join(', ')}), and CHROMIUM names none. ` +
      "On Debian 'make browser-deps' installs one.",
  );

function found(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

let running: Promise<Browser> | undefined;

/** One browser for all tests of a file; its profile is a new, empty directory that goes with it. */
function browser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return running;
}

test.after.always(async () => {
  await (await running)?.close();
});

const collisions = readFileSync(new URL('./collisions.js', import.meta.url), 'utf8');

/** What is in each other's way on the page now, as sentences; see collisions.js. */
export function collisionsOn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(collisions);
}

export interface View {
  width: number;
  height: number;
  colorScheme?: 'light' | 'dark';
}

/** `test` with a page of this size, where there is a browser. Errors on the page and requests to elsewhere fail it. */
export function pageTest(
  title: string,
  view: View,
  run: (t: ExecutionContext, page: Page) => Promise<void>,
): void {
  const whole = async (t: ExecutionContext): Promise<void> => {
    const { width, height, colorScheme = 'light' } = view;
    const context = await (
      await browser()
    ).newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    try {
      await run(t, page);
    } finally {
      await context.close();
    }
    t.deepEqual(complaints, []);
  };
  if (program === undefined) test.serial.skip(`${title} (skipped: no browser)`, whole);
  else test.serial(title, whole);
}
