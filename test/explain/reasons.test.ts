/* Every name the firmware can give for what it did has a sentence for people, and no sentence is left over. */
import test from 'ava';
import { counterNames } from '../../firmware/layout/reasons.ts';
import { namedReasons, reasonSentence } from '../../host-tools/explain/reasons.ts';

test('there is a sentence for every reason and counter of the firmware, and for nothing else', (t) => {
  t.deepEqual(namedReasons().sort(), counterNames.filter(Boolean).sort());
});

test('every sentence is one: a capital, a full stop, plain ASCII', (t) => {
  for (const name of namedReasons()) t.regex(reasonSentence(name), /^[A-Z][ -~]*\.$/, name);
});

test('a name of a newer firmware is said as it is', (t) => {
  t.regex(reasonSentence('drop-of-tomorrow'), /"drop-of-tomorrow"/);
});
