/*
 * Every folder in boards/: its board.json keeps the firmware's rules, its page and its picture are what the program
 * makes of it. `make readme` writes both anew. A new board is a new folder, and this test finds it.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { boardNames, readBoard } from '../../../host-tools/device/board/boards.ts';
import { conditionsOf } from '../../../host-tools/device/board/conditions.ts';
import { boardPage } from '../../../host-tools/device/board/page.ts';
import { wiresOf } from '../../../host-tools/device/board/wires.ts';
import { drawWiring } from '../../../host-tools/picture/wiring/draw.ts';

/** As prettier leaves it, a page differs in spaces, dashes of tables and line ends within a paragraph only. */
const bare = (page: string) => page.replace(/-{3,}/g, '---').replace(/\s+/g, ' ');

for (const name of boardNames()) {
  const folder = `boards/${name}`;

  test(`${folder}: board.json keeps the rules and says the folder's name`, (t) => {
    t.is(readBoard(name).board.board, name);
    t.deepEqual(readdirSync(folder).sort(), ['README.md', 'board.json', 'wiring.svg']);
  });

  for (const [file, make, same] of [
    ['README.md', boardPage, bare],
    ['wiring.svg', drawWiring, String],
  ] as const)
    test.serial(`${folder}/${file} is what 'make readme' makes of board.json`, (t) => {
      const path = `${folder}/${file}`;
      const wanted = make(readBoard(name).board);
      if (process.env.UPDATE_README) writeFileSync(path, wanted);
      t.true(existsSync(path), `There is no ${path} yet: make readme.`);
      t.true(same(readFileSync(path, 'utf8')) === same(wanted), `${path} is old: make readme.`);
    });

  test(`${folder}: page and picture have every wire and every condition`, (t) => {
    const { board } = readBoard(name);
    const [page, picture] = [boardPage(board), drawWiring(board)];
    for (const { pin } of wiresOf(board)) {
      t.true(page.includes(`| ${pin} |`), pin);
      t.true(picture.includes(`>${pin}<`), pin);
    }
    for (const { condition } of conditionsOf(board)) {
      t.true(page.includes(condition));
      t.true(picture.includes(condition.slice(0, 40)));
    }
  });
}

test('boards/README.md lists every board', (t) => {
  const page = readFileSync('boards/README.md', 'utf8');
  for (const name of boardNames()) t.true(page.includes(`[${name}](${name}/README.md)`), name);
});
