/*
 * The conformance script under Node: it plays to its end, reaches every counter, and reaches the firmware's statements
 * as far as the figure below. test/espruino holds the real interpreters against the same script.
 */
import test from 'ava';
import { counterNames } from '../../firmware/layout/reasons.ts';
import { markedFirmware, marksOf, measure, percent } from '../espruino/conformance/coverage.ts';
import { play, script } from '../espruino/conformance/script.ts';
import { toRecordingFile } from '../espruino/recording-file.ts';
import { bundle } from '../scenes/router.ts';

/** Per cent of the statements inside functions, as reached: it may only rise. */
const floor = 99;

test('the script reaches every counter and the statements of the firmware', async (t) => {
  t.timeout(60_000);
  const firmware = await bundle();
  const marked = await markedFirmware();
  const reached = new Set<number>();
  const counted = new Set<string>();
  for (const subject of script) {
    const stage = play(subject, marked.code);
    const played = toRecordingFile(play(subject, firmware).events);
    t.true(
      toRecordingFile(stage.events).equals(played),
      `${subject.title}: the marked firmware does the same`,
    );
    for (const mark of marksOf(stage.routers)) reached.add(mark);
    for (const router of stage.routers) {
      // One that the guard has left out counts nothing.
      const answer = JSON.parse(router.world.board.hairpin('counters')) as {
        counters?: Record<string, number>;
      };
      for (const [name, value] of Object.entries(answer.counters ?? {})) if (value > 0) counted.add(name);
    }
  }
  t.deepEqual(
    counterNames.filter((name) => name !== '' && !counted.has(name)),
    [],
    'counters not reached',
  );

  const coverage = measure(marked.places, reached);
  const table = [...coverage.files, coverage.total].map(
    (line) => `${line.file.padEnd(32)} ${line.reached} of ${line.all}: ${percent(line)} %`,
  );
  const missed = ['not reached:', ...coverage.missed];
  t.log([...table, ...missed].join('\n'));
  t.true(percent(coverage.total) >= floor, `Only ${percent(coverage.total)} % reached. ${missed.join('\n')}`);
});
