/* The client: probes and judges as often as it is asked, one setting as JSON per line. Prints "ready" first. */
import { createInterface } from 'node:readline';
import { judge } from '../../../host-tools/bench/judge/judge.ts';
import { probe, type ProbeSetting } from '../../../host-tools/bench/probe/probe.ts';
import type { RunResult } from '../run-world.ts';

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const begin = performance.now();
  let answer: object;
  try {
    const measurements = await probe(JSON.parse(line) as ProbeSetting);
    const judgement = judge(measurements);
    const { verdict, reason } = judgement;
    const milliseconds = Math.round(performance.now() - begin);
    answer = { ok: { verdict, reason, milliseconds, judgement, measurements } satisfies RunResult };
  } catch (error) {
    answer = { error: (error as Error).stack };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
