/**
 * run.ts ORDER: the differential test itself, inside network and mount namespaces made for it (in-namespaces.ts starts
 * it so). The order is JSON; the score is the JSON of its last line.
 */
import { readFileSync } from 'node:fs';
import { FirmwareRouter } from './firmware-router.ts';
import { LinuxRouter } from './linux-router.ts';
import { MUTANTS } from './mutants.ts';
import { emptyScore } from './score.ts';
import { runSequence, sequenceSeed } from './trial.ts';

export interface Order {
  /** Of the run; each sequence has one of its own that follows from it. */
  seed: number;
  /** Numbers of the first sequence and of the one behind the last. */
  first: number;
  end: number;
  /** More failures than this tell nothing new: it stops. */
  failures: number;
  /** A seed that a failure named: that one sequence and no other. */
  only?: number;
  /** Which of the broken firmwares; none: the one that is built. */
  mutant?: number;
}

const order = JSON.parse(process.argv[2]) as Order;
const mutant = order.mutant === undefined ? undefined : MUTANTS[order.mutant];
const built = readFileSync('dist/firmware.js', 'utf8');
const bundle = mutant?.bundle ? built.replace(mutant.bundle.from, mutant.bundle.to) : built;
if (mutant?.bundle && bundle === built)
  throw new Error(`The bundle has nothing to change for: ${mutant.what}.`);

const linux = new LinuxRouter();
const routers = { linux, firmware: new FirmwareRouter(bundle, mutant?.config) };
const score = emptyScore();
if (order.only !== undefined) runSequence(order.only, routers, score);
else
  for (let number = order.first; number < order.end && score.failures.length < order.failures; number++)
    runSequence(sequenceSeed(order.seed, number), routers, score);
linux.close();
console.log(JSON.stringify(score));
