/* Thousands of configurations and boards, sensible, odd and damaged. SEED replays. */
import test from 'ava';
import { boardText, dualBoardText, exampleText, homeText } from '../config/documents.ts';
import { fuzzTexts } from './texts.ts';

const seed = Number(process.env.SEED ?? 20261125);

test(`6,000 texts of configurations and boards (SEED=${seed})`, (t) => {
  const { failure, read } = fuzzTexts(seed, 6000, {
    configs: [exampleText, homeText],
    boards: [boardText, dualBoardText],
  });
  t.is(failure, undefined, failure);
  // Both ways are gone often enough.
  t.true(read > 100 && read < 5900, `${read} of 6000 were read`);
});
