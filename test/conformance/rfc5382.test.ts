/** Section 2 of the checklist, RFC 5382 for TCP: ports, courses of a connection, and time. */
import type { ExecutionContext } from 'ava';
import { type Wish, lan, pause, router, wan } from '../control/table.ts';
import { type Shape, tcp } from '../wire/packets.ts';
import { row } from './row.ts';
import { publicPort } from './seen.ts';

row(['5382-1'], 'TCP from one port has one public port, to other hosts and other ports', (t) => {
  router();
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'S')), ['wan G | tcp P:40000 > I:80 S']);
  t.deepEqual(lan(tcp('C:40000', 'J:80', 'S')), ['wan G | tcp P:40000 > J:80 S']);
  t.deepEqual(lan(tcp('C:40000', 'I:443', 'S')), ['wan G | tcp P:40000 > I:443 S']);
  const other = publicPort(lan(tcp('S:40000', 'I:80', 'S')));
  t.not(other, 40000);
  t.is(publicPort(lan(tcp('S:40000', 'J:80', 'S'))), other);
});

row(['5382-7'], 'two hosts with one TCP port get two public ports, and each its own answers', (t) => {
  router();
  const ports = [publicPort(lan(tcp('C:45000', 'I:9', 'S'))), publicPort(lan(tcp('S:45000', 'I:9', 'S')))];
  t.not(ports[0], ports[1]);
  t.deepEqual(wan(tcp('I:9', `P:${ports[0]}`, 'SA')), ['lan C | tcp I:9 > C:45000 SA']);
  t.deepEqual(wan(tcp('I:9', `P:${ports[1]}`, 'SA')), ['lan S | tcp I:9 > S:45000 SA']);
});

/** Who talks to whom: both ends as each side of the router names them, and how packets get in and out. */
interface Pair {
  /** As the client sends: from, to; and as the server receives. */
  client: [from: string, to: string];
  server: [from: string, to: string];
  sendClient: (packet: Uint8Array) => string[];
  sendServer: (packet: Uint8Array) => string[];
  /** `port MAC |` of what goes to the server, and to the client. */
  toServer: string;
  toClient: string;
  wish?: Wish;
}

const outward: Pair = {
  client: ['C:40000', 'I:80'],
  server: ['P:40000', 'I:80'],
  sendClient: lan,
  sendServer: wan,
  toServer: 'wan G',
  toClient: 'lan C',
};
const inward: Pair = {
  client: ['I:44444', 'P:25'],
  server: ['I:44444', 'S:25'],
  sendClient: wan,
  sendServer: lan,
  toServer: 'lan S',
  toClient: 'wan G',
};
const around: Pair = {
  client: ['C:33333', 'P:25'],
  server: ['P:33333', 'S:25'],
  sendClient: lan,
  sendServer: lan,
  toServer: 'lan S',
  toClient: 'lan C',
};

const aroundAsRouter: Pair = {
  ...around,
  server: ['R:33333', 'S:25'],
  wish: { hairpin: 'lan' },
};
const everyWay = [outward, inward, around, aroundAsRouter];

/** Plays segments, `>SA` by the client and `<F` by the server; each must reach the other end, translated. */
function course(t: ExecutionContext, pair: Pair, segments: string, shape: Shape = {}): void {
  router(pair.wish);
  for (const segment of segments.split(' ')) {
    const flags = segment.slice(1);
    const [from, to] = segment.startsWith('>') ? pair.client : [pair.server[1], pair.server[0]];
    const [seenFrom, seenTo] = segment.startsWith('>') ? pair.server : [pair.client[1], pair.client[0]];
    const left = (segment.startsWith('>') ? pair.sendClient : pair.sendServer)(tcp(from, to, flags, shape));
    const hop = segment.startsWith('>') ? pair.toServer : pair.toClient;
    t.deepEqual(left, [`${hop} | tcp ${seenFrom} > ${seenTo} ${flags}`], `${segment} of ${segments}`);
  }
}

/** Legal courses after RFC 9293; each begins with the client's SYN. */
const courses = {
  'opening, data both ways, closing by the client': '>S <SA >A >PA <A <PA >A >FA <A <FA >A',
  'half closed by the client, data goes on for the other side': '>S <SA >A >FA <A <PA >A <PA >A <FA >A',
  'half closed by the server': '>S <SA >A <FA >A >PA <A >PA <A >FA <A',
  'both close at once': '>S <SA >A >FA <FA >A <A',
  'a SYN sent again, and its answer': '>S >S >S <SA <SA >A',
  'the opening ACK is lost, data stands for it': '>S <SA >PA <A',
  'keep-alive': '>S <SA >A >A <A >A <A',
  'FIN sent again after the end': '>S <SA >A >FA <FA >A <FA >A',
  urgent: '>S <SA >A >PAU <A <PAU >A',
  'refused by the server': '>S <RA',
  'given up by the client before an answer': '>S >R',
  'given up after the answer': '>S <SA >R',
  'reset by the client while open': '>S <SA >A >PA >RA',
  'reset by the server while open': '>S <SA >A >PA <R',
  'reset while half closed': '>S <SA >A >FA <A <R',
  'reset after both have closed': '>S <SA >A >FA <FA >R',
  'an answer that acknowledges something old, reset, and the SYN again': '>S <A >R >S <SA >A',
};

row(['5382-2'], 'every legal course of TCP passes outwards, inwards and around both hairpins', (t) => {
  for (const segments of Object.values(courses)) for (const pair of everyWay) course(t, pair, segments);
  for (const pair of everyWay) {
    course(t, pair, '>S <SA >A', { data: 'data in a SYN' });
    course(t, pair, '>S <SA >PAU <PAU', { urgent: 7, data: 'urgent' });
  }
});

row(['5382-2a'], 'two SYNs that cross open a connection', (t) => {
  course(t, outward, '>S <S >SA <SA >A <A >PA <PA');
});

row(['5382-4'], 'an unexpected SYN meets silence for 6 s, a crossing SYN connects', (t) => {
  router();
  t.deepEqual(wan(tcp('I:80', 'P:26', 'S')), []);
  t.deepEqual(pause(3), []);
  t.deepEqual(wan(tcp('I:80', 'P:40000', 'S')), []);
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'S')), ['wan G | tcp P:40000 > I:80 S']);
  t.deepEqual(wan(tcp('I:80', 'P:40000', 'S')), ['lan C | tcp I:80 > C:40000 S']);
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'SA')), ['wan G | tcp P:40000 > I:80 SA']);
  t.deepEqual(wan(tcp('I:80', 'P:40000', 'SA')), ['lan C | tcp I:80 > C:40000 SA']);
  t.deepEqual(pause(4), []);
});

row(['5382-4a'], 'nothing answers an unexpected SYN later either, however many come', (t) => {
  router();
  for (let i = 0; i < 600; i++) t.deepEqual(wan(tcp(`I:${1024 + i}`, 'P:26', 'S')), []);
  t.deepEqual(pause(30), []);
  // None of them took room.
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'S')), ['wan G | tcp P:40000 > I:80 S']);
});
