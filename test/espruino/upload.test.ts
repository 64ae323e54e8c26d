/*
 * Uploading to a real Espruino (ESPRUINO): the firmware arrives, a second run writes nothing, and a firmware that was cut
 * short anywhere leaves a prompt that answers, so that the next run finishes it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { silentProgress } from '../../host-tools/cli/progress.ts';
import { enterQuietRepl } from '../../host-tools/device/repl/enter.ts';
import { installFiles } from '../../host-tools/device/upload/install.ts';
import { startInterpreter } from '../device/board/interpreter.ts';
import { findInterpreters } from './interpreters.ts';

const { found, reason } = findInterpreters();
/** What the Linux build lacks of a board, or has and crashes at: RTC memory and a button that nobody holds. */
const board =
  'function peek32(){return 0}function poke32(){}function Pin(){return{mode:function(){},read:function(){return true}}}\n';
/** As much of the bundle as may lie twice, whole and half, in the 256 kB of flash that the interpreter has on a PC. */
const firmware = (board + readFileSync('dist/firmware.js', 'latin1')).slice(0, 100_000);
const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text, 'latin1') });

/** What a cut leaves: a file of full length, whose end was never written. */
const cutShort =
  '(function(S){var f=S.read("half"),i;for(i=0;i<f.length;i+=1024)' +
  `S.write(".boot0",f.substr(i,1024),i,${firmware.length});S.erase("half");})(require("Storage"))`;

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const binary of found) {
  test.serial(`a firmware cut short leaves a prompt, and the next run finishes it: ${binary}`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'hairpin-espruino-'));
    t.teardown(() => rmSync(directory, { recursive: true, force: true }));
    for (const share of [0.01, 0.5]) {
      const cut = Math.floor(firmware.length * share);
      await withInterpreter(binary, directory, async (repl) => {
        await repl.writeFile('half', Buffer.from(firmware.slice(0, cut), 'latin1'));
        await repl.evaluate(cutShort);
      });
      await withInterpreter(binary, directory, async (repl) => {
        t.is(await repl.evaluate('typeof hairpin'), '"undefined"', `${share}: nothing of it runs`);
        const [done] = await installFiles(repl, [file('.boot0', firmware)], silentProgress);
        t.true(done.written);
        const [again] = await installFiles(repl, [file('.boot0', firmware)], silentProgress);
        t.false(again.written);
        await repl.evaluate('require("Storage").eraseAll()');
      });
    }
  });
}

async function withInterpreter(
  binary: string,
  directory: string,
  work: (repl: Awaited<ReturnType<typeof enterQuietRepl>>) => Promise<unknown>,
): Promise<void> {
  const interpreter = startInterpreter(binary, directory);
  try {
    const repl = await enterQuietRepl(interpreter.line);
    await work(repl);
    repl.end();
  } finally {
    await interpreter.close();
  }
}
