/**
 * Making a failing story shorter and plainer, as long as it fails in the same way: steps are left out in ever smaller
 * pieces, then the numbers of those that remain become 0. Bounded in time.
 */
import type { Step, Story } from './grammar.ts';

/** Milliseconds for one story. */
const patience = 20_000;

/** A fault without its numbers and bytes: two stories with the same kind fail in the same way. */
export function kindOf(fault: string): string {
  return fault.replace(/\(.*|[0-9a-f]*\d[0-9a-f]*/gs, '').slice(0, 60);
}

function withoutSteps(story: Story, stillFails: (shorter: Story) => boolean): Story {
  let shortest = story;
  for (let size = story.steps.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= shortest.steps.length;) {
      const steps = [...shortest.steps.slice(0, at), ...shortest.steps.slice(at + size)];
      if (steps.length && stillFails({ ...shortest, steps })) shortest = { ...shortest, steps };
      else at += size;
    }
  }
  return shortest;
}

function plainer(story: Story, stillFails: (plainer: Story) => boolean): Story {
  let plainest = story;
  story.steps.forEach((_, i) => {
    for (const key of Object.keys(story.steps[i]) as (keyof Step)[]) {
      if (key === 'kind' || plainest.steps[i][key] === 0) continue;
      const steps = plainest.steps.with(i, { ...plainest.steps[i], [key]: 0 });
      if (stillFails({ ...plainest, steps })) plainest = { ...plainest, steps };
    }
  });
  return plainest;
}

/** @param play tells what is wrong with a story, or undefined */
export function shrunk(story: Story, play: (story: Story) => string | undefined): Story {
  const kind = kindOf(play(story) ?? '');
  const end = Date.now() + patience;
  const stillFails = (other: Story) => {
    if (Date.now() > end) return false;
    const fault = play(other);
    return fault !== undefined && kindOf(fault) === kind;
  };
  let before = Infinity;
  let now = story;
  while (now.steps.length < before) {
    before = now.steps.length;
    now = plainer(withoutSteps(now, stillFails), stillFails);
  }
  return now;
}
