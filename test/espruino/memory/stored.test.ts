// The config store where it will live: in the interpreter's own Storage, in a board's few variables, over restarts. What
// the models show byte by byte is here once, with the real thing. Skipped with the reason where ESPRUINO names none.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import test from 'ava';
import { findInterpreters } from '../interpreters.ts';
import type { FlashedInterpreter } from './interpreter.ts';
import { withInterpreter } from './measure.ts';

const { small, smallReason } = findInterpreters();
const bundle = readFileSync('dist/firmware.js', 'latin1');

type Answer = Record<string, unknown> & { ok: boolean; error: string };

/** Boots, asks, and leaves Storage to the next boot. */
function ask(interpreter: FlashedInterpreter, lines: readonly string[]): Answer[] {
  const script = `
checkpoints.serve(1);
var lines = ${JSON.stringify(lines)}, at = 0;
while (at < lines.length) stage.print('ANSWER ' + hairpin(lines[at++]));`;
  const output = interpreter.boot(script);
  const answers = [...output.matchAll(/ANSWER (\{.*\})/g)].map(([, text]) => JSON.parse(text) as Answer);
  if (answers.length !== lines.length) throw new Error(`It said:\n${output.slice(-1500)}`);
  return answers;
}

if (small.length === 0) test.skip(`SKIPPED, interpreter with a board's variables: ${smallReason}`, () => {});

for (const [index, binary] of small.entries()) {
  test(`${basename(binary)} ${index + 1}: saved, edited, read, pushed and forgotten, over restarts`, (t) => {
    withInterpreter(binary, bundle, 0, (interpreter) => {
      const first = ask(interpreter, [
        'stored',
        'set nat.timeouts.udp 555',
        'forward add late udp 2222 192.168.0.2:22',
        'set forward late hairpin lan',
        'forward remove echo',
        'set wan.mtu 12',
        'stored',
      ]);
      t.deepEqual(
        first.map(({ ok }) => ok),
        [true, true, true, true, true, false, true],
        JSON.stringify(first, null, 1),
      );
      t.is(first[0].file, 'config.json');
      t.like(first[6], { file: 'config.a', sequence: 4, running: true, damaged: '' });

      const second = ask(interpreter, ['config', 'stored', 'stored read 0', 'forwards']);
      const config = second[0].config as { nat: object; forwards: { name: string; hairpin: string }[] };
      t.like(config.nat, { timeouts: { udp: 555, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 } });
      t.like(config.forwards.at(-1), { name: 'late', hairpin: 'lan' });
      t.false(config.forwards.some(({ name }) => name === 'echo'));
      t.like(second[1], { file: 'config.a', sequence: 4, running: true, damaged: '' });
      t.regex(String(second[2].piece), /^\{/);

      const text = JSON.stringify({ ...config, forwards: [] });
      const crc = String(ask(interpreter, [`stored write 0 ${text.length} 00000000 "${'x'}"`])[0].next);
      t.is(crc, '1');
      const pieces: string[] = [];
      for (let at = 0; at < text.length; at += 60)
        pieces.push(
          `stored write ${at} ${text.length} ${crcOf(text)} ${JSON.stringify(text.slice(at, at + 60))}`,
        );
      const third = ask(interpreter, [...pieces, 'stored', 'set dmz 192.168.0.7']);
      t.true(
        third.slice(0, -1).every(({ ok }) => ok),
        JSON.stringify(third.slice(-4), null, 1),
      );
      t.like(third.at(-2), { file: 'config.a', sequence: 5, running: false });
      t.regex(third.at(-1)?.error ?? '', /changed since the router started/);

      const fourth = ask(interpreter, ['forwards', 'factory-reset yes', 'stored']);
      t.deepEqual(fourth[0].forwards, []);
      t.is(fourth[2].file, 'config.json');
    });
  });
}

function crcOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
