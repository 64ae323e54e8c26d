/**
 * Entry of a second bundle from the same sources in the same order, for counting the datapath alone: the firmware, and
 * a seam that also hands out what the drains do between header words readable and header words rewritten, once for
 * each port, and a function that does nothing. Never flashed.
 */
import { hairpin as answer } from '../../../firmware/main.ts';
import { fromLan, fromWan, isPublic, kindOf, toPublic } from '../../../firmware/datapath/fast.ts';

function lan(words: Uint32Array): number {
  const kind = kindOf(words);
  if (isPublic(words)) return toPublic(words, kind);
  return fromLan(words, kind);
}

function wan(words: Uint32Array): number {
  const kind = kindOf(words);
  return fromWan(words, kind);
}

/** What is taken off: the drains have that text in them, and call no function for it. */
function nothing(words: Uint32Array): number {
  return words && 0;
}

/** The firmware's seam; 'translate lan', 'translate wan' and 'translate nothing' give the functions themselves. */
function hairpin(line: string): unknown {
  if (line === 'translate lan') return lan;
  if (line === 'translate wan') return wan;
  if (line === 'translate nothing') return nothing;
  return answer(line);
}

export { hairpin };
