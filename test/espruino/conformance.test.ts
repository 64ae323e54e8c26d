// The conformance script on the real interpreters: what the bundle did under Node, subject by subject, replayed byte
// for byte. Needs a real interpreter; skipped with the reason where there is none.
import { basename } from 'node:path';
import test from 'ava';
import type { RecordedEvent } from '../../host-tools/emulator/recording.ts';
import { bundle } from '../scenes/router.ts';
import { play, script } from './conformance/script.ts';
import type { Subject } from './conformance/subject.ts';
import { findInterpreters } from './interpreters.ts';
import { replay } from './replay.ts';

const { found, reason } = findInterpreters();

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

const firmware = await bundle();
const recorded = new Map<Subject, readonly RecordedEvent[]>();

/** What a subject's boots did under Node, played once. */
function recording(subject: Subject): readonly RecordedEvent[] {
  const events = recorded.get(subject) ?? play(subject, firmware).events;
  recorded.set(subject, events);
  return events;
}

for (const subject of script) {
  for (const [index, interpreter] of found.entries()) {
    test(`${basename(interpreter)} ${index + 1}: ${subject.title}`, async (t) => {
      const events = recording(subject);
      const result = await replay(interpreter, firmware, events);
      t.is(result.difference, '');
      t.is(result.events, events.length);
      t.is(result.answers, events.filter(({ kind }) => kind === 'answer').length);
    });
  }
}
