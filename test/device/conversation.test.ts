/* A board that is too busy to listen holds its speaker up, and is heard again; an XON that was lost holds up nobody for ever. */
import test from 'ava';
import { Conversation } from '../../host-tools/device/repl/conversation.ts';
import { pause } from '../../host-tools/device/serial/time.ts';
import { linePair } from './board/memory-line.ts';
import { VirtualTime } from './board/virtual-time.ts';

function talk() {
  const time = new VirtualTime();
  const pair = linePair('/dev/x', time);
  let heard = 0;
  pair.board.onBytes((bytes) => (heard += bytes.length));
  return { time, board: pair.board, talk: new Conversation(pair.host, time), heard: () => heard };
}

test('after XOFF nothing is said until XON', async (t) => {
  const { time, board, talk: speaker, heard } = talk();
  await board.write(Uint8Array.of(0x13));
  await pause(time, 10);
  const said = speaker.say(new Uint8Array(600));
  await pause(time, 1000);
  t.is(heard(), 0);
  await board.write(Uint8Array.of(0x11));
  await said;
  await pause(time, 100);
  t.is(heard(), 600);
});

test('three seconds without XON, and it is said all the same', async (t) => {
  const { time, board, talk: speaker, heard } = talk();
  await board.write(Uint8Array.of(0x13));
  await pause(time, 10);
  await speaker.say(new Uint8Array(600));
  await pause(time, 100);
  t.is(heard(), 600);
  t.true(time.now() > 3000 && time.now() < 4000, `${time.now()}`);
});

test('quiet is when nothing comes for a while, and not for ever', async (t) => {
  const { time, board, talk: speaker } = talk();
  for (let at = 0; at < 500; at += 50) time.after(at, () => void board.write(Uint8Array.of(0x2e)));
  await speaker.quiet(100, 5000);
  t.true(time.now() > 540 && time.now() < 600, `${time.now()}`);
  t.is(speaker.takeText(), '..........');
  for (let at = 0; at < 9000; at += 50) time.after(at, () => void board.write(Uint8Array.of(0x2e)));
  await speaker.quiet(100, 2000);
  t.true(time.now() < 2700, `${time.now()}`);
});
