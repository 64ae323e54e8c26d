/*
 * EspruinoTools beside our own uploader, on real interpreters: both leave the same files in Storage, byte for byte. A
 * board of its own for each, with a Storage that is empty at first.
 */
import test, { type ExecutionContext } from 'ava';
import { type BothUploads, uploadBothWays } from '../device/board/both-uploads.ts';
import { startInterpreter } from '../device/board/interpreter.ts';
import { findInterpreters } from './interpreters.ts';

const { found, reason } = findInterpreters();

for (const binary of found) {
  test.serial(`EspruinoTools and our uploader leave the same files: ${binary}`, async (t) => {
    const { exitCode, said, theirs, ours } = await onInterpreters(t, binary);
    t.is(exitCode, 0, said);
    t.deepEqual(Object.keys(theirs), ['.boot0', 'board.json', 'config.json']);
    t.deepEqual(theirs, ours);
  });
}

/** On a busy machine, with much to read at once, the Linux build may end itself: then it says so, and counts for nothing. */
const ownEnd = /ASSERT\(.*jsdevices\.c|EXITING/;
const attempts = 4;

async function onInterpreters(t: ExecutionContext, binary: string): Promise<BothUploads> {
  for (let attempt = 1; ; attempt++) {
    const heard: string[] = [];
    try {
      const both = await uploadBothWays(() => {
        const interpreter = startInterpreter(binary);
        interpreter.line.onBytes((bytes) => heard.push(Buffer.from(bytes).toString('latin1')));
        return interpreter;
      });
      return both;
    } catch (error) {
      if (attempt === attempts || !ownEnd.test(heard.join(''))) throw error;
    }
    t.log(`${binary} ended itself, as its Linux build does when it is hurried; once more.`);
  }
}

if (reason) test.skip(`EspruinoTools on a real interpreter (skipped: ${reason})`, () => {});
