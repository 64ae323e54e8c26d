/* What a picture shows of a scene: every hop with its ends, what was rewritten, what was lost - and nothing fetched. */
import test from 'ava';
import { drawPicture } from '../../host-tools/picture/draw.ts';
import { layOut } from '../../host-tools/picture/layout.ts';
import { routerId, type PictureHop, type PictureScene } from '../../host-tools/picture/scene.ts';

const unchanged = { source: false, target: false };
const hop = (number: number, from: string, to: string, more: Partial<PictureHop> = {}): PictureHop => ({
  number,
  from,
  to,
  source: `10.0.0.${number}:1`,
  target: `10.0.1.${number}:2`,
  what: 'SYN',
  changed: unchanged,
  kind: 'question',
  lost: false,
  ...more,
});

const hairpin: PictureScene = {
  id: 'test',
  title: 'A <title> & more',
  result: { word: 'WORKS', good: true },
  router: { wan: 'P 12.0.0.1', lan: 'R 192.168.0.1' },
  hosts: [
    { id: 'C', area: 'lan', name: 'client', address: '192.168.0.3' },
    { id: 'S', area: 'lan', name: 'server', address: '192.168.0.2' },
  ],
  packets: [
    [hop(1, 'C', routerId), hop(2, routerId, 'S', { changed: { source: true, target: true } })],
    [hop(3, 'S', routerId, { kind: 'answer' }), hop(4, routerId, 'C', { kind: 'answer' })],
  ],
  outcome: ['It went well.'],
};
const around: PictureScene = {
  ...hairpin,
  packets: [
    hairpin.packets[0],
    [hop(3, 'S', 'C', { kind: 'answer', lost: true, remark: 'Nobody asked for this.' })],
  ],
};

const count = (text: string, piece: RegExp): number => [...text.matchAll(piece)].length;

test('every hop is there once, numbered, with source and destination', (t) => {
  const drawn = drawPicture(hairpin);
  for (const number of [1, 2, 3, 4]) {
    t.is(count(drawn, new RegExp(`class="hp-hop" data-hop="${number}"`, 'g')), 1);
    t.is(count(drawn, new RegExp(`>10\\.0\\.0\\.${number}:1<`, 'g')), 1);
    t.is(count(drawn, new RegExp(`>10\\.0\\.1\\.${number}:2<`, 'g')), 1);
  }
});

test('what the router put in is marked, and only that', (t) => {
  const drawn = drawPicture(hairpin);
  t.is(count(drawn, /class="hp-changed-text"[^>]*>10\.0\.[01]\.2:/g), 2);
  t.is(count(drawn, /class="hp-changed-text"/g), 2);
});

test('a lost packet has a broken line, a cross, its remark, and no arrow head', (t) => {
  t.is(
    count(drawPicture(hairpin), /hp-cross|hp-lost-line/g),
    count(drawPicture(hairpin), /\.hp-(cross|lost-line)\{/g),
  );
  const group = /<g class="hp-hop" data-hop="3">[^]*?\n {2}<\/g>/.exec(drawPicture(around))![0];
  t.regex(group, /class="hp-lost-line"[^>]*stroke-dasharray/);
  t.regex(group, /class="hp-cross"/);
  t.regex(group, /class="hp-remark"[^>]*>Nobody asked for this\.</);
  t.notRegex(group, /polygon/);
});

test('the same scene is the same text, and refers to nothing outside', (t) => {
  t.is(drawPicture(hairpin), drawPicture(structuredClone(hairpin)));
  t.notRegex(drawPicture(hairpin).replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|href/);
});

test('it has a title and a description for those who do not see it, escaped', (t) => {
  const drawn = drawPicture(around);
  t.regex(drawn, /role="img" aria-labelledby="test-title test-desc"/);
  t.regex(drawn, /<title id="test-title">A &lt;title&gt; &amp; more: WORKS<\/title>/);
  t.regex(
    drawn,
    /<desc id="test-desc">.*Hop 2, the router to server: .* source and destination rewritten by the router\./,
  );
  t.regex(drawn, /<desc.*Nobody asked for this\..*It went well\./);
});

test('light is in the elements themselves, dark in a style sheet', (t) => {
  const drawn = drawPicture(hairpin);
  t.regex(drawn, /<rect class="hp-paper" fill="#ffffff"/);
  t.regex(drawn, /<style>@media \(prefers-color-scheme: dark\)\{.*\.hp-paper\{fill:#0d1117\}/);
});

test('around the hairpin the answer turns within the question', (t) => {
  const { arrows, turns } = layOut(hairpin);
  const [one, two, three, four] = arrows.map(({ from }) => from.y);
  t.true(one < four && four < three && three < two);
  const [question, answer] = turns.map(({ points }) => Math.min(...points.map(({ x }) => x)));
  t.true(question < answer);
});

test('a packet from the Internet passes the router on one level, in reading order', (t) => {
  const hosts: PictureScene['hosts'] = [
    { id: 'I', area: 'internet', name: 'host', address: '198.51.100.10' },
    ...hairpin.hosts,
  ];
  const packets = [
    [hop(1, 'I', routerId), hop(2, routerId, 'S')],
    [hop(3, 'S', routerId), hop(4, routerId, 'I')],
  ];
  const [one, two, three, four] = layOut({ ...hairpin, hosts, packets }).arrows;
  t.is(one.from.y, two.to.y);
  t.is(three.from.y, four.to.y);
  t.true(one.from.y < three.from.y);
  t.true(one.from.x < one.to.x && one.to.x < two.from.x && two.from.x < two.to.x);
});

test('a host without a part in it is there, but idle', (t) => {
  const { hosts } = layOut({ ...hairpin, packets: [[hop(1, 'C', routerId)]] });
  t.deepEqual(
    hosts.map(({ host, idle }) => [host.id, idle]),
    [
      ['C', false],
      ['S', true],
    ],
  );
});

test('more hosts than there is room for are refused', (t) => {
  const hosts = [...hairpin.hosts, { ...hairpin.hosts[0], id: 'D' }];
  t.throws(() => layOut({ ...hairpin, hosts }), { message: /has room for/ });
});
