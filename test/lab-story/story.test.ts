/* The worked examples, told: who sent what to whom, what was rewritten, whom the server saw. */
import test from 'ava';
import type { LabFrame } from '../../host-tools/lab/lab.ts';
import { storyOf, tell, type Story } from '../../host-tools/lab/story.ts';
import { dnatOnly, fromTheInternet, hairpinned, sighting } from './cast-frames.ts';

const greeting = { protocol: 'tcp', port: 25 } as const;

function hopsOf(story: Story): string[] {
  return story.hops.map(
    ({ number, from, to, source, target, what }) => `${number} ${from}>${to} ${source}>${target} ${what}`,
  );
}

test('example A, from the Internet, is told hop by hop with what the router rewrote', (t) => {
  t.deepEqual(tell(storyOf(fromTheInternet, greeting)), [
    '   1  Internet 0c:fe -> router 0c:01 I:44444 > P:25  SYN             on wan',
    '   2  router a8:01 -> S a8:02        I:44444 > S:25  SYN             on router-lan, server',
    '        the router rewrote target P:25 -> S:25, TTL 64 -> 63',
    '   3  S a8:02 -> router a8:01        S:25 > I:44444  SYN/ACK         on server, router-lan',
    '   4  router 0c:01 -> Internet 0c:fe P:25 > I:44444  SYN/ACK         on wan',
    '        the router rewrote source S:25 -> P:25, TTL 64 -> 63',
    '   5  Internet 0c:fe -> router 0c:01 I:44444 > P:25  ACK             on wan',
    '   6  router a8:01 -> S a8:02        I:44444 > S:25  ACK             on router-lan, server',
    '        the router rewrote target P:25 -> S:25, TTL 64 -> 63',
    '  The server saw the connection come from I:44444.',
  ]);
});

test('example B, the mistake: the answer goes past the router, is discarded, and the SYN is repeated', (t) => {
  t.deepEqual(tell(storyOf(dnatOnly, greeting)), [
    '   1  C a8:03 -> router a8:01        C:33333 > P:25  SYN             on client, router-lan',
    '   2  router a8:01 -> S a8:02        C:33333 > S:25  SYN             on router-lan, server',
    '        the router rewrote target P:25 -> S:25, TTL 64 -> 63',
    '        and one more like it',
    '   3  S a8:02 -> C a8:03             S:25 > C:33333  SYN/ACK         on server, client',
    '        straight through the switch: the router never sees it',
    '        C never spoke to S:25: it discards the packet and resets the sender',
    '        and one more like it',
    '   4  C a8:03 -> S a8:02             C:33333 > S:25  RST             on client, server',
    '        and one more like it',
    '  The server saw the connection come from C:33333.',
  ]);
});

test('example C2, the hairpin: both addresses are rewritten, there and back', (t) => {
  const story = storyOf(hairpinned, greeting);
  t.is(story.serverSaw, 'P:33333');
  t.deepEqual(hopsOf(story), [
    '1 C>router C:33333>P:25 SYN',
    '2 router>S P:33333>S:25 SYN',
    '3 S>router S:25>P:33333 SYN/ACK',
    '4 router>C P:25>C:33333 SYN/ACK',
    '5 C>router C:33333>P:25 ACK',
    '6 router>S P:33333>S:25 ACK',
  ]);
  t.deepEqual(story.hops[1].before, { source: 'C:33333', target: 'P:25', ttl: 64 });
  t.deepEqual(
    story.hops.map(({ packet }) => packet),
    [1, 1, 2, 2, 3, 3],
  );
});

test('every captured frame of the story knows its hop', (t) => {
  const story = storyOf(dnatOnly, greeting);
  t.is(story.hopOfFrame.size, dnatOnly.length);
  t.is(story.hopOfFrame.get(dnatOnly[dnatOnly.length - 1])?.number, 4);
});

test('other conversations are left out', (t) => {
  const other = hairpinned.map((frame) => {
    const bytes = frame.bytes.slice();
    // The client's port, on whichever side it is: 33333 becomes 33334.
    for (const at of [34, 36]) if (bytes[at] === 0x82 && bytes[at + 1] === 0x35) bytes[at + 1] = 0x36;
    return { ...frame, time: frame.time + 50, bytes };
  });
  const mixed = [...hairpinned, ...other].sort((a, b) => a.time - b.time);
  t.deepEqual(hopsOf(storyOf(mixed, greeting)), hopsOf(storyOf(hairpinned, greeting)));
});

test('taps that are read late do not turn cause and effect around', (t) => {
  // The frame's copy at the client's own port is noted after the one at the router's.
  const late = hairpinned.map((frame) =>
    frame.wire === 'client' ? { ...frame, time: frame.time + 15 } : frame,
  );
  const story = storyOf(
    [...late].sort((a, b) => a.time - b.time),
    greeting,
  );
  t.deepEqual(hopsOf(story), hopsOf(storyOf(hairpinned, greeting)));
  t.deepEqual(story.hops[0].wires, ['client', 'router-lan']);
});

test('a packet that the router swallows is told as such', (t) => {
  const story = storyOf(hairpinned.slice(0, 2), greeting);
  t.deepEqual(
    story.hops.map(({ fate }) => fate),
    ['stopped'],
  );
  t.is(story.serverSaw, null);
  t.deepEqual(tell(story).slice(1), [
    '        it enters the router and does not come out again',
    '  Nothing of it reached the server.',
  ]);
});

test('a refusal by the router itself is an answer', (t) => {
  const refusal = sighting(
    1100,
    'R',
    'C',
    ['router-lan', 'client'],
    '450000280000400040066e240c000001c0a80003 0019823500000000100000015014000000000000',
  );
  const story = storyOf([...hairpinned.slice(0, 2), ...refusal], greeting);
  t.deepEqual(
    story.hops.map(({ fate, what }) => `${what} ${fate}`),
    ['SYN answered', 'RST arrived'],
  );
});

test('a capture without the conversation says so', (t) => {
  const none: LabFrame[] = [];
  t.is(storyOf(none, greeting).opening, null);
  t.regex(tell(storyOf(none, greeting))[0], /Nobody opened/);
});
