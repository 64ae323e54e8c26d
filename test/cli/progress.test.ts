/* Progress: a bar that stays on its line of the terminal, a few lines elsewhere, nothing with --json. */
import test from 'ava';
import { type Screen, progressOn } from '../../host-tools/cli/progress.ts';

function screen(isTTY: boolean, columns?: number): Screen & { text: string } {
  return {
    isTTY,
    columns,
    text: '',
    write(text: string) {
      this.text += text;
    },
  };
}

/** What a terminal shows in the end: text after a return overwrites. */
function visible(text: string): string[] {
  return text.split('\n').map((line) => {
    let shown = '';
    for (const piece of line.split('\r')) shown = piece + shown.slice(piece.length);
    return shown.trimEnd();
  });
}

test('on a terminal one line moves, and ends with the result', (t) => {
  const terminal = screen(true, 60);
  const progress = progressOn(terminal, false);
  progress.begin('writing .boot0', 1000);
  progress.at(500);
  t.is(visible(terminal.text).at(-1), 'writing .boot0 [###############...............]  50%');
  progress.at(1000);
  t.is(visible(terminal.text).at(-1), 'writing .boot0 [##############################] 100%');
  progress.end();
  progress.begin('restarting');
  t.is(visible(terminal.text).at(-1), 'restarting ...');
  progress.end('the router runs');
  progress.say('Done.');
  t.deepEqual(visible(terminal.text), ['writing .boot0: done', 'restarting: the router runs', 'Done.', '']);
});

test('a narrow terminal loses the bar, never the line', (t) => {
  for (let columns = 24; columns < 100; columns++) {
    const terminal = screen(true, columns);
    const progress = progressOn(terminal, false);
    progress.begin('writing .boot0', 7);
    for (let done = 0; done <= 7; done++) progress.at(done);
    const widest = Math.max(...terminal.text.split('\r').map((piece) => piece.length));
    t.true(widest < columns, `${widest} of ${columns}`);
  }
});

test('elsewhere a long step takes a few lines, a short one its last', (t) => {
  const log = screen(false);
  const progress = progressOn(log, false);
  progress.begin('writing .boot0', 65536);
  for (let done = 0; done <= 65536; done += 1024) progress.at(done);
  progress.end();
  progress.begin('writing board.json', 400);
  progress.at(200);
  progress.end('already there');
  t.deepEqual(log.text.split('\n'), [
    'writing .boot0, 64 kB',
    'writing .boot0: 25%',
    'writing .boot0: 50%',
    'writing .boot0: 75%',
    'writing .boot0: done',
    'writing board.json: already there',
    '',
  ]);
  t.false(log.text.includes('\r'));
});

test('with --json nothing is written', (t) => {
  for (const terminal of [screen(true), screen(false)]) {
    const progress = progressOn(terminal, true);
    progress.begin('writing', 65536);
    progress.at(40000);
    progress.say('half');
    progress.end();
    t.is(terminal.text, '');
  }
});
