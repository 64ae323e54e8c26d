/*
 * The figure of the worked examples, kept as golden/figure.txt. UPDATE_GOLDEN=1 writes it anew: look at it then, it
 * is what the README shows.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { drawFigure, type Scene } from '../../host-tools/lab/figure.ts';
import { storyOf, type Hop } from '../../host-tools/lab/story.ts';
import { dnatOnly, fromTheInternet, hairpinned } from './cast-frames.ts';

const greeting = { protocol: 'tcp', port: 25 } as const;
const golden = new URL('./golden/figure.txt', import.meta.url);

const scenes: Scene[] = [
  {
    number: 1,
    title: 'from the Internet',
    result: 'WORKS',
    story: storyOf(fromTheInternet, greeting),
    outcome: ['S saw I:44444.'],
  },
  {
    number: 2,
    title: 'from the LAN, forwarded only',
    result: 'SILENCE',
    story: storyOf(dnatOnly, greeting),
    outcome: ['S saw C:33333.'],
  },
  {
    number: 3,
    title: 'from the LAN, hairpinned',
    result: 'WORKS',
    story: storyOf(hairpinned, greeting),
    outcome: ['S saw P:33333.'],
  },
];

test('the three worked examples are drawn as the golden figure', (t) => {
  const figure = drawFigure(scenes, 'THREE SCENES');
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, figure);
  t.is(figure, readFileSync(golden, 'utf8'));
});

test('the figure is ASCII and at most 100 columns wide', (t) => {
  for (const row of drawFigure(scenes, 'THREE SCENES').split('\n')) {
    t.true(row.length <= 100, row);
    t.regex(row, /^[ -~]*$/);
  }
});

test('a packet the router swallows ends at the router', (t) => {
  const story = storyOf(hairpinned.slice(0, 2), greeting);
  const figure = drawFigure([{ ...scenes[2], story }], '');
  t.regex(figure, /#X-+ C:33333 > P:25 SYN -1-\|/);
  t.regex(figure, /# it does not come out again/);
});

test('what would not fit between two columns gets a row of its own, and the arrow stays whole', (t) => {
  const story = storyOf(hairpinned, greeting);
  story.hops[1].source = '172.16.200.200:33333';
  const rows = drawFigure([{ ...scenes[2], story }], '').split('\n');
  const label = rows.findIndex((row) => row.includes('[172.16.200.200:33333] > [S:25] SYN'));
  t.true(label > 0);
  t.regex(rows[label + 1], /#-2-+>\|/);
});

test('further packets on the same ways are counted', (t) => {
  const story = storyOf(dnatOnly, greeting);
  t.regex(drawFigure([{ ...scenes[1], story }], ''), /and 3 more packets, by the same ways/);
});

test('behind the first data only what goes other ways is drawn', (t) => {
  const { hops, ...story } = storyOf(hairpinned, greeting);
  const later = (number: number, change: Partial<Hop>): Hop => ({
    ...hops[0],
    number,
    packet: number,
    ...change,
  });
  const data = later(7, { what: '5 bytes', fate: 'arrived' });
  const same = later(8, { what: 'FIN', fate: 'arrived' });
  const other = later(9, { what: 'FIN', fate: 'arrived', to: 'S', target: 'S:25' });
  const draw = (more: Hop[]): string =>
    drawFigure([{ ...scenes[2], story: { ...story, hops: [...hops, ...more] } }], '');
  t.regex(draw([data]), /C:33333 > P:25 data -7-/);
  t.notRegex(draw([data, same]), /-8-/);
  t.regex(draw([data, same]), /and 1 more packet, by the same ways/);
  t.regex(draw([data, same, other]), /C:33333 > S:25 FIN -9-/);
});
