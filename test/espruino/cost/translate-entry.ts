/**
 * Entry of a second bundle from the same sources in the same order, for counting the datapath alone: the firmware, and
 * a seam that also hands out `translate` and the bucket heads of both ports. Never flashed.
 */
import { hairpin as answer } from '../../../firmware/main.ts';
import { translate } from '../../../firmware/datapath/translate.ts';
import { lanIndex, wanIndex } from '../../../firmware/layout/arena.ts';

/** The firmware's seam; 'translate', 'lanIndex' and 'wanIndex' give the thing itself. */
function hairpin(line: string): unknown {
  if (line === 'translate') return translate;
  if (line === 'lanIndex') return lanIndex;
  if (line === 'wanIndex') return wanIndex;
  return answer(line);
}

export { hairpin };
