/* Boards by name and by file, and what is said about one that is not there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { boardNames, defaultBoard, readBoard } from '../../../host-tools/device/board/boards.ts';

const sentence = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return '';
};

test('the boards that come with the program are read by name, one of them without', (t) => {
  t.true(boardNames().includes(defaultBoard));
  for (const name of boardNames()) t.is(readBoard(name).board.board, name);
  t.deepEqual(readBoard(), readBoard(defaultBoard));
});

test('the text is the file, byte for byte', (t) => {
  const { file, text } = readBoard();
  t.is(file, `boards/${defaultBoard}/board.json`);
  t.is(text, readFileSync(file, 'utf8'));
});

test('an unknown name is answered with the known ones', (t) => {
  const said = sentence(() => readBoard('esp32'));
  t.regex(said, /^There is no board 'esp32'\. There are .*esp32-shared-bus.*--board \.\/board\.json\.$/);
});

test('a name cannot lead out of the folder', (t) => {
  t.regex(
    sentence(() => readBoard('../boards/esp32-shared-bus')),
    /^There is no board '\.\.\/boards/,
  );
});

test('a board file of somebody is read, and what is wrong with it said', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-board-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'mine.json');
  const { text, board } = readBoard();
  writeFileSync(file, text);
  t.deepEqual(readBoard(file), { file, text, board });
  writeFileSync(file, text.replace('"D18"', '"D34"'));
  t.is(
    sentence(() => readBoard(file)),
    `${file}: spi.sck: expected another pin than "D34": it is input only`,
  );
  t.regex(
    sentence(() => readBoard(join(folder, 'no.json'))),
    /^There is no board file '.*no\.json'\. Boards .*esp32-shared-bus/,
  );
  writeFileSync(file, text);
  t.regex(
    sentence(() => readBoard(`${folder}/.json`)),
    /^There is no board file/,
  );
});
