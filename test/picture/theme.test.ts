/* The colours of the pictures: every text can be read on what lies behind it, in light and in dark (WCAG 2, 1.4.3). */
import test from 'ava';
import { styles } from '../../host-tools/picture/theme.ts';
import { contrast } from './contrast.ts';

/** Classes of text, and the classes of what may lie behind them. */
const onAreas = ['internet', 'lan'];
const pairs: [text: string, behind: string[]][] = [
  ['title', ['paper']],
  ['body', ['paper']],
  ['small', ['paper', 'idle', ...onAreas]],
  ['name', ['box', 'router', ...onAreas]],
  ['endpoint', ['box', 'router', ...onAreas]],
  ['field', ['idle', ...onAreas]],
  ['remark', onAreas],
  ['changed-text', ['changed']],
  ['number', ['question-fill', 'answer-fill', 'reset-fill', 'lost-fill']],
  ['badge', ['good', 'bad']],
];
const leastContrast = 4.5;

for (const mode of ['light', 'dark'] as const) {
  for (const [text, behind] of pairs) {
    test(`${text} can be read in ${mode}`, (t) => {
      for (const ground of behind) {
        const ratio = contrast(styles[text][mode].fill!, styles[ground][mode].fill!);
        t.true(ratio >= leastContrast, `${text} on ${ground}: ${ratio.toFixed(2)}`);
      }
    });
  }
}

test('the measure of contrast is that of WCAG', (t) => {
  t.is(contrast('#000000', '#ffffff'), 21);
  t.is(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});
