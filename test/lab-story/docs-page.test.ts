/*
 * The pages of docs show what the program says: each block marked `shown: NAME` holds that text as it is made today,
 * and the page to click through is made of the pictures. `make readme` writes them anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { conversationPicture } from '../../host-tools/explain/picture.ts';
import { tellConversation } from '../../host-tools/explain/tell.ts';
import { pictureOf } from '../../host-tools/lab/report.ts';
import { tell } from '../../host-tools/lab/story.ts';
import { sitePage } from '../../host-tools/site/page.ts';
import { askedRouter } from '../explain/asked.ts';
import { playedScenes } from './played.ts';

const pages = { mistake: 'docs/why-dnat-fails-from-the-lan.md', explain: 'docs/explain.md' };
const block = /(<!-- shown: ([\w-]+);[^\n]*-->\n\n```text\n)[^]*?(```\n)/g;
const fromLan = 'tcp 192.168.0.3:33333 > 12.0.0.1:25';

/** What is told of the packet from the LAN. */
async function explained(hairpin: string): Promise<string> {
  const { about, network, config } = await askedRouter(hairpin);
  return tellConversation(about(fromLan), network, config);
}

/** Holds a file against what it has to be; writes it when that is asked for. */
function isCurrent(t: ExecutionContext, file: string, wanted: string): void {
  if (process.env.UPDATE_README) writeFileSync(file, wanted);
  t.is(readFileSync(file, 'utf8'), wanted, `${file}: run make readme`);
}

function showsOnly(t: ExecutionContext, page: string, shown: Record<string, string>): void {
  const text = readFileSync(page, 'utf8');
  t.deepEqual([...text.matchAll(block)].map(([, , name]) => name).sort(), Object.keys(shown).sort());
  isCurrent(
    t,
    page,
    text.replace(block, (_, begin: string, name: string, end: string) => `${begin}${shown[name]}\n${end}`),
  );
}

test.serial(
  'the listings on the page about the mistake and its picture of split DNS are what the program makes',
  async (t) => {
    showsOnly(t, pages.mistake, {
      'scene-2': tell((await playedScenes())[1].story).join('\n'),
      'explain-dnat-only': await explained('dnat-only'),
    });
    const { about, network } = await askedRouter();
    const split = about('tcp 192.168.0.3:33333 > 192.168.0.2:25');
    isCurrent(t, 'docs/pictures/split-dns.svg', conversationPicture(split, network));
  },
);

test.serial('the listing and the picture on the page about explain are what the program makes', async (t) => {
  showsOnly(t, pages.explain, { 'explain-hairpin': await explained('external') });
  const { about, network } = await askedRouter();
  isCurrent(t, 'docs/pictures/explain.svg', conversationPicture(about(fromLan), network));
});

test.serial('every picture on the pages and in the README is there', (t) => {
  const pictures = (file: string, folder: string): string[] =>
    [...readFileSync(file, 'utf8').matchAll(/(?:\]\(|src=")([^)"]+\.svg)/g)].map(([, path]) => folder + path);
  const all = [
    ...pictures(pages.mistake, 'docs/'),
    ...pictures(pages.explain, 'docs/'),
    ...pictures('README.md', ''),
  ];
  t.is(all.length, 8);
  for (const file of all) t.true(existsSync(file), file);
});

test.serial('the page to click through is made of the same scenes', async (t) => {
  const made = sitePage((await playedScenes()).map(pictureOf));
  isCurrent(t, 'docs/site/index.html', made);
  t.deepEqual(
    [...made.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path]) => path),
    ['style.css', '../why-dnat-fails-from-the-lan.md', 'steps.js'],
  );
});

test.serial('notes for other hops than there are make no page', async (t) => {
  const [first, ...rest] = (await playedScenes()).map(pictureOf);
  t.throws(() => sitePage([{ ...first, packets: first.packets.slice(1) }, ...rest]), {
    message: 'Scene 1 has 2 hops and notes for 4.',
  });
});
