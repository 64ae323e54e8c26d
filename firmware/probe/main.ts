/**
 * The probe: a small script of its own (dist/probe.js) that `hairpin doctor` sends to a board with nothing but the
 * interpreter on it. One request line in, one JSON line out, like the router's seam; facts only, all judging is done
 * on the host (host-tools/device/doctor/). Lives in RAM until the board restarts and touches no Storage.
 *
 *   use wan|lan BUS SCK MISO MOSI HERTZ SELECT INTERRUPT RESET    where a chip is; both resets it and asks for nothing
 *   identity             the interpreter: version, board, memory, radios
 *   lines wan|lan        level of each wire at rest
 *   chip wan|lan         version register, eight times
 *   miso wan|lan         MISO with nobody selected, and with this chip
 *   ladder wan|lan HERTZ a pattern written and read back at that clock
 *   reset wan|lan        what this reset line resets
 *   interrupt wan|lan    which line this chip's interrupt moves
 *   link wan|lan         PHYCFGR
 */
import { lanPort, wanPort } from '../layout/ports.ts';
import { interpreterFacts } from '../platform/look.ts';
import { chipFacts, ladderFacts, linkFacts } from './chip.ts';
import { interruptFacts, lineFacts, misoFacts, resetFacts } from './signals.ts';
import { openChip, portNamed } from './wires.ts';

function use(words: string[]): object {
  const bus = { bus: words[2], sck: words[3], miso: words[4], mosi: words[5], hertz: +words[6] };
  const pins = { select: words[7], interrupt: words[8], reset: words[9] };
  openChip(words[1] == 'lan' ? lanPort : wanPort, bus, pins);
  return { ok: true };
}

/** Requests about one chip. */
const questions: { [word: string]: (port: number, hertz: number) => object } = {
  lines: lineFacts,
  chip: chipFacts,
  miso: misoFacts,
  ladder: ladderFacts,
  reset: resetFacts,
  interrupt: interruptFacts,
  link: linkFacts,
};

function factsFor(words: string[]): object {
  if (words[0] == 'use') return use(words);
  if (words[0] == 'identity') return interpreterFacts();
  const question = questions[words[0]];
  if (!question) return { ok: false, error: 'The probe does not know ' + words[0] + '.' };
  return question(portNamed(words[1]), +words[2]);
}

/** Answers one request line. Never throws. */
export function probe(line: string): string {
  try {
    return JSON.stringify(factsFor(line.split(' ')));
  } catch (error) {
    return JSON.stringify({ ok: false, error: '' + error });
  }
}
