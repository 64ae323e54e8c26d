/** Section 2 of the checklist, RFC 5382 for TCP: idle time, and what is left free. */
import { type Wish, lan, pause, router, wan } from '../control/table.ts';
import { tcp } from '../wire/packets.ts';
import { row } from './row.ts';
import { idle } from './seen.ts';

/** Segments of C:40000 <> I:80: `>SA` travels outwards, `<F` inwards. @returns whether the last one passed, translated */
function passes(segments: string): boolean {
  const passed = segments.split(' ').map((segment) => {
    const flags = segment.slice(1);
    const left = segment.startsWith('>')
      ? lan(tcp('C:40000', 'I:80', flags))
      : wan(tcp('I:80', 'P:40000', flags));
    const wanted = segment.startsWith('>')
      ? `wan G | tcp P:40000 > I:80 ${flags}`
      : `lan C | tcp I:80 > C:40000 ${flags}`;
    return left.length === 1 && left[0] === wanted;
  });
  return passed.at(-1)!;
}

/** Whether a segment from outside still finds its flow after so many seconds of silence. */
function lives(opening: string, seconds: number, last: string, wish: Wish = {}): boolean {
  router(wish);
  if (!passes(opening)) throw new Error(`${opening} did not pass`);
  idle(seconds);
  return passes(last);
}

row(['5382-5'], 'idle TCP lives 7439 s established or half closed, 239 s opening or closed', (t) => {
  t.true(lives('>S <SA >A', 7439, '<PA'));
  t.true(lives('>S <SA >A >PA <A', 7439, '<PA'));
  t.true(lives('>S <SA >A >FA', 7439, '<FA'));
  t.true(lives('>S <SA >A <FA', 7439, '<A'));
  t.true(lives('>S', 239, '<SA'));
  t.true(lives('>S <SA >A >FA <FA', 239, '<A'));
  // Each limit is one: opening flows go after it, and an established one is on its way out.
  t.false(lives('>S', 242, '<SA'));
  t.false(lives('>S <SA >A >FA <FA', 242, '<A'));
  router();
  passes('>S <SA >A');
  idle(7442);
  idle(242);
  t.false(passes('<PA'));
});

row(['5382-5a'], 'the TCP timers hold what is set, which is not less than the RFC wants', (t) => {
  const timeouts = { tcpEstablished: 9000, tcpTransitory: 300 };
  t.true(lives('>S <SA >A', 8999, '<PA', { timeouts }));
  t.true(lives('>S', 299, '<SA', { timeouts }));
  t.false(lives('>S', 302, '<SA', { timeouts }));
  t.throws(() => router({ timeouts: { tcpEstablished: 7439 } }), { message: /7440/ });
  t.throws(() => router({ timeouts: { tcpTransitory: 239 } }), { message: /240/ });
});

row(['5382-5 text'], 'closed flows open anew, stray segments go out but not in, no end is told', (t) => {
  // TIME_WAIT: a SYN takes the entry of the closed connection, with its port.
  t.true(lives('>S <SA >A >FA <FA >A', 5, '>S'));
  t.true(passes('<SA >A <PA'));
  // A segment without a flow: from the LAN it makes one, from the WAN it ends in silence.
  router();
  t.false(passes('<A'));
  t.true(passes('>A <PA'));
  // A flow that ends sends nothing to either side.
  router();
  passes('>S');
  t.deepEqual(
    pause(300).filter((words) => !words.includes('arp')),
    [],
  );
  t.false(passes('<SA'));
});
