// All runs on all interpreters, two at a time, and their figures put together. Prints how far it has come.
import { versionOf } from './interpreter.ts';
import { count, jobsFor, type Counted, type Figures, type Job } from './measure.ts';
import type { InterpreterResult } from './report.ts';
import { scriptOf, variants, type Variant } from './variants.ts';

/** Runs at a time: instruction counts do not mind company. */
const lanes = 2;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The interpreters by version; of two with the same version the first. */
export function interpretersByVersion(found: readonly string[]): Map<string, string> {
  const byVersion = new Map<string, string>();
  for (const interpreter of found) {
    const version = versionOf(interpreter);
    if (byVersion.has(version)) say(`${interpreter} is another ${version}: only the first is measured.`);
    else byVersion.set(version, interpreter);
  }
  return byVersion;
}

/** Does all jobs, so many at a time, and tells how far it has come. */
export async function countAll(
  root: string,
  versions: Map<string, string>,
  files: Record<string, string>,
): Promise<InterpreterResult[]> {
  const scripts = new Map<string, string>();
  const jobs = [...versions].flatMap(([version, interpreter]) =>
    jobsFor(interpreter).map((job) => ({ version, job, counted: undefined as Counted | undefined })),
  );
  for (const { job } of jobs) {
    const key = `${job.entry} ${job.variant}`;
    if (!scripts.has(key)) scripts.set(key, await scriptOf(root, job.entry, job.variant));
  }
  const waiting = [...jobs];
  let done = 0;
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const started = performance.now();
      const { job, version } = next;
      try {
        next.counted = await count(job, scripts.get(`${job.entry} ${job.variant}`)!, files);
      } catch (error) {
        // Nothing more is begun; what runs in the other lane comes to its end.
        waiting.length = 0;
        throw error;
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      say(`[${++done}/${jobs.length}] ${version}: ${job.name}, bundle ${describe(job)}, ${seconds} s`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const order = ['translation', 'paths', 'full table'];
  jobs.sort((a, b) => order.indexOf(a.job.name) - order.indexOf(b.job.name));
  return [...versions.keys()].map((version) =>
    gather(
      version,
      jobs.filter((each) => each.version === version),
    ),
  );
}

const describe = ({ variant }: Job): string =>
  ({ built: 'as built', written: 'with names as written', cold: 'behind 60 cold functions' })[variant];

function gather(version: string, jobs: { job: Job; counted?: Counted }[]): InterpreterResult {
  const figures = Object.fromEntries(variants.map((variant): [Variant, Figures] => [variant, {}])) as Record<
    Variant,
    Figures
  >;
  for (const { job, counted } of jobs) Object.assign(figures[job.variant], counted!.figures);
  const { turn, stubs } = jobs.find(({ job }) => job.name === 'paths' && job.variant === 'built')!.counted!;
  return { version, turn, stubs, figures };
}
