/* Scene 3: the same client on the same boot, after one setting of the forward was changed. */
import test from 'ava';
import { complaints, hops, played } from './play.ts';

test('from the LAN with the hairpin, both addresses are rewritten both ways and the client is served', async (t) => {
  const scene = await played(3);
  t.deepEqual(complaints(scene), []);
  t.deepEqual(hops(scene).slice(0, 8), [
    '1 C > router  C:33334 > P:25  SYN',
    '2 router > S  P:33334 > S:25  SYN',
    '3 S > router  S:25 > P:33334  SYN/ACK',
    '4 router > C  P:25 > C:33334  SYN/ACK',
    '5 C > router  C:33334 > P:25  ACK',
    '6 router > S  P:33334 > S:25  ACK',
    '7 S > router  S:25 > P:33334  28 bytes',
    '8 router > C  P:25 > C:33334  28 bytes',
  ]);
  t.is(scene.story.serverSaw, 'P:33334');
  t.like(scene.measured.connect, { outcome: 'connected', greeting: '220 you are 12.0.0.1:33334' });
  const wan = scene.frames.filter(({ wire, bytes }) => wire === 'wan' && bytes[23] === 6);
  t.is(wan.length, 0, 'nothing of a hairpinned connection leaves towards the Internet');
});
