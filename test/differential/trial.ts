/**
 * Runs seeded sequences through both routers and keeps the score; a sequence with a difference that nobody allowed is
 * made as small as it can be and told in words. Needs two routers, however they came to be.
 */
import * as fc from 'fast-check';
import { compare, type Comparison } from './compare.ts';
import { ADDRESS } from './network.ts';
import { tellOutcome } from './outcome.ts';
import { text } from './flows.ts';
import { play, type Story } from './play.ts';
import type { RouterUnderTest } from './router.ts';
import { addSequence, type Score } from './score.ts';
import { sequences, singleSteps, type Sequence } from './sequence.ts';

/** The seed of a run's sequence: neighbours have nothing in common (mixing of MurmurHash3). */
export function sequenceSeed(seed: number, number: number): number {
  let mixed = (Math.imul(seed, 0x9e3779b1) + number) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) & 0x7fffffff;
}

export interface Routers {
  linux: RouterUnderTest;
  firmware: RouterUnderTest & { printed: readonly string[] };
}

/** Runs the sequence of one seed and adds it to the score. */
export function runSequence(seed: number, routers: Routers, score: Score): void {
  let first = true;
  let broken: Error | null = null;
  let smallest: Trial | undefined;
  const property = fc.property(sequences, (sequence) => {
    // The test itself is at its end, and not the routers' likeness.
    if (broken) return true;
    try {
      const trial = tryOut(sequence, routers);
      if (first) addSequence(score, trial.comparison);
      first = false;
      if (trial.trouble !== null) smallest = trial;
      return trial.trouble === null;
    } catch (error) {
      broken = error as Error;
      return false;
    }
  });
  const { failed } = fc.check(property, { seed, numRuns: 1, unbiased: true });
  if (broken) throw broken as Error;
  if (failed) score.failures.push({ seed, words: tell(pruned(smallest as unknown as Trial, routers)) });
}

/** Without the steps and the last flows that are not needed: shrinking removes them only from the front. */
function pruned(trial: Trial, routers: Routers): Trial {
  let best = trial;
  const attempt = (change: Partial<Sequence>): boolean => {
    const one = tryOut({ ...best.sequence, ...change }, routers);
    if (one.trouble === null) return false;
    best = one;
    return true;
  };
  for (let index = best.sequence.steps.length - 1; index >= 0 && best.sequence.steps.length > 1; index--)
    attempt({ steps: best.sequence.steps.filter((_, other) => other !== index) });
  while (best.sequence.flows.length > 1 && attempt({ flows: best.sequence.flows.slice(0, -1) })) continue;
  return best;
}

const [FIRST_ID, LAST_ID] = [0x100, 0xffff];
let nextId = FIRST_ID;

/** IP ids that no piece still waiting in Linux has: it waits for its datagram longer than a sequence lasts. */
function takeIds(sequence: Sequence): number {
  const count = singleSteps(sequence.steps).length;
  if (nextId + count > LAST_ID) nextId = FIRST_ID;
  nextId += count;
  return nextId - count;
}

interface Trial {
  sequence: Sequence;
  linux: Story;
  firmware: Story;
  comparison: Comparison;
  /** What is wrong with it, or null. */
  trouble: string | null;
}

function tryOut(sequence: Sequence, { linux, firmware }: Routers): Trial {
  const firstId = takeIds(sequence);
  const stories = { linux: play(sequence, linux, firstId), firmware: play(sequence, firmware, firstId) };
  const comparison = compare(stories.linux, stories.firmware);
  const different = comparison.verdicts.findIndex((verdict) => !verdict.same && verdict.row === null);
  const troubles = [
    different >= 0 ? `Step ${different + 1} differs.` : '',
    firmware.printed.length > 0 ? `The firmware printed: ${firmware.printed.join(' / ')}` : '',
    sharedPorts(stories.firmware),
  ];
  return { sequence, ...stories, comparison, trouble: troubles.find(Boolean) ?? null };
}

/** What a renaming that Linux broke could hide: the firmware's public ports, one for each inner endpoint. */
function sharedPorts({ flows }: Story): string {
  const outer = new Map<string, string>();
  const inner = new Map<string, string>();
  for (const { spec, client, seenAs } of flows) {
    if (spec.route === 'in' || !seenAs) continue;
    const [endpoint, port] = [
      `${seenAs.address} ${spec.proto} ${text(client)}`,
      `${spec.proto} ${text(seenAs)}`,
    ];
    if ((outer.get(endpoint) ?? port) !== port) return `${endpoint} has more than one public port.`;
    if ((inner.get(port) ?? endpoint) !== endpoint) return `${port} belongs to more than one host.`;
    outer.set(endpoint, port);
    inner.set(port, endpoint);
  }
  return '';
}

/** A sequence, step by step, and what both routers made of it. */
function tell({ sequence, linux, firmware, comparison, trouble }: Trial): string {
  const name = ({ address, port }: { address: string; port: number }) =>
    `${Object.keys(ADDRESS).find((letter) => ADDRESS[letter] === address) ?? address}:${port}`;
  const flows = linux.flows.map(
    ({ spec, client, asked }, index) => `  flow ${index}: ${spec.proto} ${name(client)} > ${name(asked)}`,
  );
  const steps = linux.played.flatMap((played, index) => {
    const other = firmware.played[index];
    const verdict = comparison.verdicts[index];
    const said =
      played.words === other.words ? [played.words] : [played.words, `with the firmware ${other.words}`];
    const head = `  ${index + 1}. ${said.join('; ')}`;
    if (verdict.same) return [`${head} -> ${tellOutcome(played.outcome)}`];
    const why = verdict.row === null ? 'DIFFERENT' : `allowed by ${verdict.row}`;
    return [
      `${head} -> ${why}`,
      `       Linux:    ${tellOutcome(played.outcome)}`,
      `       firmware: ${tellOutcome(other.outcome)}`,
    ];
  });
  return [`WAN MTU ${sequence.mtu}. ${trouble ?? ''}`, ...flows, ...steps].join('\n');
}
