// The bundle in the real interpreter: a connection from the LAN around the hairpin (the worked example in the name of
// P), recorded between firmware and models under Node and replayed byte for byte. Needs a real interpreter; skipped
// with the reason where there is none.
import { basename } from 'node:path';
import test from 'ava';
import { Recorder } from '../../host-tools/emulator/recording.ts';
import { ipFrame, ipHex, mac } from '../scenes/cast.ts';
import { hairpinExternal as example, packet } from '../scenes/examples.ts';
import { bootRouter, bundle, introduce } from '../scenes/router.ts';
import { findInterpreters } from './interpreters.ts';
import { replay } from './replay.ts';

const { found, reason } = findInterpreters();

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const [index, interpreter] of found.entries()) {
  test(`${basename(interpreter)} ${index + 1}: the hairpin handshake, byte for byte`, async (t) => {
    const recorder = new Recorder();
    const router = await bootRouter({ recorder });
    introduce(router);
    const send = (from: string, input: string) =>
      router.send('lan', ipFrame(from, mac.routerLan, packet(input))).lan.map(ipHex);
    t.deepEqual(send(mac.client, example.syn), [packet(example.synToServer)]);
    t.deepEqual(send(mac.server, example.synAck), [packet(example.synAckToClient)]);
    t.deepEqual(send(mac.client, example.ack), [packet(example.ackToServer)]);
    for (const line of ['status', 'counters', 'flows', 'forwards', 'neighbours', 'config', 'version'])
      router.ask(line);

    const result = await replay(interpreter, await bundle(), recorder.events);
    t.is(result.difference, '');
    t.is(result.answers, 7);
  });
}
