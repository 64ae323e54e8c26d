/*
 * EspruinoTools beside our own uploader, on the REPL stand-in: what both leave in Storage, and why its word is not
 * taken for it. On real interpreters: test/espruino/tools.test.ts.
 */
import test from 'ava';
import { uploadBothWays } from '../device/board/both-uploads.ts';
import { contentOf, espruinoTools, standInBoard } from '../device/board/espruino-tools.ts';

test.serial('EspruinoTools and our uploader leave the same files', async (t) => {
  const { exitCode, said, theirs, ours } = await uploadBothWays();
  t.is(exitCode, 0, said);
  t.deepEqual(Object.keys(theirs), ['.boot0', 'board.json', 'config.json']);
  t.deepEqual(theirs, ours);
});

test.serial('its exit code is 0 for a file that did not fit', async (t) => {
  const board = standInBoard();
  t.teardown(() => board.close());
  // One digit more than Storage has bytes.
  const words = ['-e', `require("Storage").write("big","x",0,9000000);${' '.repeat(600)}`];
  const { exitCode, said } = await espruinoTools(board.line, words);
  t.is(exitCode, 0);
  t.regex(said, /Uncaught/);
  t.regex(said, /Upload Complete/);
  t.deepEqual(await contentOf(board.line), {});
});
