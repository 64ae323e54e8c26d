/**
 * A config that comes and goes in pieces, as host tools push and pull it: `stored write`, `stored read`, and what a supply
 * that is lost at any byte of a push leaves.
 */
import test from 'ava';
import { type Answer, ask, fresh, load, plain, save, start, udpTimeout } from './stored-board.ts';
import { board } from './stub-board.ts';
import { Flash } from '../../host-tools/emulator/flash.ts';
import { headBytes } from '../../firmware/config/stored.ts';
import { describeConfig } from '../../firmware/config/validate.ts';
import { readStored } from '../../firmware/services/config-store.ts';
import { router } from '../control/table.ts';

function push(text: string, size: number, between: (t: number) => void = () => {}): Answer {
  let result: Answer = { ok: false, error: '' };
  for (let at = 0; at < text.length; at += size) {
    const line = `stored write ${at} ${text.length} ${crcOf(text)} ${JSON.stringify(text.slice(at, at + size))}`;
    if (line.length > 240) throw new Error('too long for the console');
    result = ask(line);
    if (!result.ok) return result;
    between(at);
  }
  return result;
}

const crcOf = (text: string) =>
  (globalThis as unknown as { E: { CRC32(t: string): number } }).E.CRC32(text).toString(16).padStart(8, '0');

/** As a person would write it, and longer than what is written at once. */
const pushed = JSON.stringify(JSON.parse(describeConfig(router({ timeouts: { udp: 1234 } }))), null, 2);
const shortPushed = plain.replace('"lan"', '"nat":{"timeouts":{"udp":1234}},"lan"');

test('stored write: a config in pieces counts from the next start on; a piece that comes twice does no harm', (t) => {
  fresh();
  save(400);
  const result = push(pushed, 80, (at) => {
    if (at)
      t.true(
        ask(
          `stored write ${at} ${pushed.length} ${crcOf(pushed)} ${JSON.stringify(pushed.slice(at, at + 80))}`,
        ).ok || at + 80 >= pushed.length,
      );
  });
  t.deepEqual(result, { ok: true, stored: 'config.a', restart: true, warnings: [] } as unknown as Answer);
  t.is(ask('stored').running, false);
  t.true(ask('config').ok, 'what runs is told as before');
  t.regex(save(500).error, /changed since the router started/);
  t.is(start().text, pushed);
});

test('stored write: what another push left unfinished in the other file is not gone on with', (t) => {
  fresh();
  save(400);
  const room = () => readStored().files[0].size - readStored().files[0].end - headBytes;
  for (let n = 500; room() >= pushed.length; n++) save(n);
  // A push of a shorter text finds room there still, and is cut off.
  t.true(room() > 160);
  for (const at of [0, 80]) t.true(ask(`stored write ${at} 161 0 ${JSON.stringify('x'.repeat(80))}`).ok);
  t.is(push(pushed, 80).error, undefined as unknown as string);
  t.is(start().text, pushed);
});

test('stored write: a wrong checksum, a wrong text and a gap are refused, and the next start says nothing of it', (t) => {
  fresh();
  save(400);
  const bad = pushed.replace('12.0.0.1/24', '12.0.0.0/24');
  t.regex(push(bad, 80).error, /^config: wan\.address: expected/);
  t.regex(
    ask(`stored write 0 10 00000000 "0123456789"`).error,
    /checksum .*, not 00000000\. Nothing was changed/,
  );
  t.regex(ask('stored write 80 800 00000000 "x"').error, /Begin at offset 0 again/);
  for (const line of [
    'stored write',
    'stored write 0 9000 0 "x"',
    'stored write 0 5 0 x',
    'stored write 0 2 0 "xyz"',
    'stored x',
  ])
    t.regex(ask(line).error, /expected/, line);
  const chosen = start();
  t.is(chosen.notice, '');
  t.is(udpTimeout(chosen), 400);
});

test('power lost at every byte of a push: the old config or the new one', (t) => {
  fresh();
  save(400);
  const image = board.storage.flash.bytes.slice();
  board.storage.flash.power();
  t.true(push(shortPushed, 60).ok);
  const bytes = board.storage.flash.written;
  for (let n = 0; n <= bytes; n += 1) {
    load(new Flash(image.slice()));
    start();
    board.storage.flash.power({ afterBytes: n });
    push(shortPushed, 60);
    load(board.storage.flash);
    const chosen = start();
    t.is(udpTimeout(chosen), n === bytes ? 1234 : 400, `byte ${n}`);
  }
});

test('stored read: the text in pieces', (t) => {
  fresh();
  t.true(push(pushed, 60).ok);
  let text = '';
  let next: unknown = 0;
  while (next !== null) {
    const part = ask(`stored read ${String(next)}`);
    t.is(part.crc, crcOf(pushed));
    t.true(JSON.stringify(part).length < 500);
    text += String(part.piece);
    next = part.next;
  }
  t.is(text, pushed);
  for (const offset of ['-1', 'x', `${pushed.length}`]) t.false(ask(`stored read ${offset}`).ok, offset);
});
