/* Scene 2: the well-known mistake. The forward only rewrites the destination, and a LAN client hears nothing. */
import test from 'ava';
import { complaints, hops, played } from './play.ts';

test('from the LAN with DNAT only, the answer passes the router by and the client waits in silence', async (t) => {
  const scene = await played(2);
  t.deepEqual(complaints(scene), []);
  t.deepEqual(hops(scene), [
    '1 C > router  C:33333 > P:25  SYN',
    '2 router > S  C:33333 > S:25  SYN',
    '3 S > C  S:25 > C:33333  SYN/ACK',
    '4 C > S  C:33333 > S:25  RST',
  ]);
  t.deepEqual(
    scene.story.hops.map(({ fate, repeats }) => `${fate} ${repeats}`),
    ['onward 2', 'arrived 2', 'discarded 2', 'arrived 2'],
  );
  t.is(scene.story.serverSaw, 'C:33333');
  t.deepEqual(scene.measured.connect, { outcome: 'timeout', milliseconds: 4000 });
});
