/*
 * A part of `make test-nightly`: a million inputs, most of them frames. Prints what was fed, what it cost, and the seed;
 * SEED=number plays the same again, and a failing story alone by the seed that its report names. FUZZ_INPUTS shortens a
 * trial.
 */
import {
  boardText as oneBus,
  dualBoardText as twoBuses,
  exampleText as config,
  homeText as home,
} from '../config/documents.ts';
import { boardText, bundle } from '../scenes/router.ts';
import { fuzzBoard } from './board.ts';
import { fuzzFrames } from './frames.ts';
import { fuzzTexts } from './texts.ts';

const total = Number(process.env.FUZZ_INPUTS ?? 1_000_000);
/** Another one every day, and every run says which. */
const seed = Number(process.env.SEED ?? Math.floor(Date.now() / 86_400_000) * 10_000);
/** Parts of all inputs: texts, and what goes to the board; the rest are frames. */
const textShare = 0.1;
const boardShare = 0.05;

interface Part {
  name: string;
  run(): { fed: number; failure?: string };
}

const code = await bundle();
const parts: Part[] = [
  {
    name: 'frames at both ports, and time',
    run: () => fuzzFrames(seed, Math.round(total * (1 - textShare - boardShare))),
  },
  {
    name: 'texts of configurations and boards',
    run: () => ({
      fed: total * textShare,
      ...fuzzTexts(seed, total * textShare, { configs: [config, home], boards: [oneBus, twoBuses] }),
    }),
  },
  {
    name: 'frames and requests to the bundle on the board',
    run: () => {
      const { frames, requests, failure } = fuzzBoard(seed, total * boardShare, code, boardText);
      return { fed: frames + requests, failure };
    },
  },
];

console.log(`fuzz: ${total} inputs, SEED=${seed}`);
for (const { name, run } of parts) {
  const begin = process.cpuUsage();
  const { fed, failure } = run();
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1e6;
  console.log(
    `${failure ? 'NOT OK' : 'ok'}: ${fed} ${name}, ${seconds.toFixed(1)} s, ${Math.round(fed / seconds)} a second`,
  );
  if (!failure) continue;
  console.log(failure);
  process.exitCode = 1;
}
