/* Scene 1: a host on the Internet uses the forward. */
import test from 'ava';
import { complaints, hops, played } from './play.ts';

test('from the Internet, the destination is rewritten on the way in and the source on the way back', async (t) => {
  const scene = await played(1);
  t.deepEqual(complaints(scene), []);
  t.deepEqual(hops(scene).slice(0, 8), [
    '1 Internet > router  I:44444 > P:25  SYN',
    '2 router > S  I:44444 > S:25  SYN',
    '3 S > router  S:25 > I:44444  SYN/ACK',
    '4 router > Internet  P:25 > I:44444  SYN/ACK',
    '5 Internet > router  I:44444 > P:25  ACK',
    '6 router > S  I:44444 > S:25  ACK',
    '7 S > router  S:25 > I:44444  33 bytes',
    '8 router > Internet  P:25 > I:44444  33 bytes',
  ]);
  t.is(scene.story.serverSaw, 'I:44444');
  t.like(scene.measured.connect, { outcome: 'connected', greeting: '220 you are 198.51.100.10:44444' });
  t.deepEqual(scene.printed, [], 'the firmware has nothing to complain about');
});
