// Conformance must be able to fail: every mutation of the bundle turns it red on the interpreter, and those that
// stand for a difference between Node and the interpreter only there.
import { basename } from 'node:path';
import test from 'ava';
import { bundle } from '../scenes/router.ts';
import { play, script } from './conformance/script.ts';
import type { Subject } from './conformance/subject.ts';
import { findInterpreters } from './interpreters.ts';
import { probes, slips, withProbe, withSlip } from './mutations.ts';
import { toRecordingFile } from './recording-file.ts';
import { replay } from './replay.ts';

const { found, reason } = findInterpreters();
const firmware = await bundle();

/** The shortest subject there is: an answer. */
const greeting: Subject = {
  title: 'greeting',
  play: (stage) => void stage.boot({ config: null }).ask('version'),
};

/** Whether the models under Node tell the mutant from the firmware: by an expectation, or by what the recording says. */
function noticed(subject: Subject, mutant: string): boolean {
  const wanted = toRecordingFile(play(subject, firmware).events);
  try {
    return !toRecordingFile(play(subject, mutant).events).equals(wanted);
  } catch {
    return true;
  }
}

for (const slip of slips) {
  const subject = script.find(({ title }) => title === slip.subject)!;
  const mutant = withSlip(firmware, slip);
  test(`Node ${slip.node ? 'notices' : 'does not notice'}: ${slip.what}`, (t) => {
    t.is(noticed(subject, mutant), slip.node);
  });
}

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const [index, interpreter] of found.entries()) {
  const name = `${basename(interpreter)} ${index + 1}`;

  for (const slip of slips) {
    const subject = script.find(({ title }) => title === slip.subject)!;
    test(`${name} turns red: ${slip.what}`, async (t) => {
      const { events } = play(subject, firmware);
      const result = await replay(interpreter, withSlip(firmware, slip), events);
      t.false(result.ok);
      t.regex(result.difference, /First difference at event/);
    });
  }

  for (const probe of probes) {
    test(`${name} turns red: ${probe.row}`, async (t) => {
      const mutant = withProbe(firmware, probe);
      const result = await replay(interpreter, mutant, play(greeting, mutant).events);
      t.false(result.ok);
      // An answer, and not an exception: the interpreter can do that, and does something else.
      t.regex(result.difference, /interpreter: answer /);
      t.regex(result.difference, /"probe"/);
    });
  }
}
