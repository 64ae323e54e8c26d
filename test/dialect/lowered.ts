/** A bundle of all samples that the build is said to lower: `hairpin(index)` answers with a list of one value. */
import type { ExecutionContext } from 'ava';
import { buildFirmware } from '../../host-tools/build/build.ts';
import { projectOf } from '../build/project.ts';
import { rules } from './rules.ts';

/** The answers `lowered` of all rows. */
export const loweredAnswers = Object.values(rules)
  .flat()
  .flatMap(({ answers }) => answers)
  .filter((answer) => answer.kind === 'lowered');

/** Builds the samples as a firmware. Throws BuildRefused when one of them is not lowered to what may pass. */
export async function builtSamples(t: ExecutionContext): Promise<string> {
  const samples = loweredAnswers.map(({ sample }) => `function () { return ${sample}; }`);
  const text = `const samples: Array<() => unknown> = [\n${samples.join(',\n')}\n];
export function hairpin(line: string): string { return JSON.stringify([samples[parseInt(line)]()]); }`;
  const { code } = await buildFirmware({ root: await projectOf(t, { 'firmware/main.ts': text }) });
  return code;
}
