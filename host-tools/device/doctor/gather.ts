/*
 * What the probe is asked, in order, and what is asked again because of an answer. Puts the answers together as facts;
 * judges only as far as the next question needs it. Knows no serial line: questions go through a function.
 */
import { UserError } from '../../cli/user-error.ts';
import {
  allRight,
  type BoardWiring,
  type ChipFacts,
  type ChipName,
  chipNames,
  type ChipWiring,
  type IdentityFacts,
  type InterruptFacts,
  ladderHertz,
  type LadderFacts,
  type LineFacts,
  type MisoFacts,
  type ProbeFacts,
  type ResetFacts,
  slowHertz,
  type TrialFacts,
  type WireOfChip,
} from './facts.ts';

/** Asks the probe one line. The answer is parsed JSON. */
export type Ask = (request: string) => Promise<unknown>;

export interface GatherOptions {
  wiring: BoardWiring;
  /** Resolves after so many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
  /** Told what is being looked at, for a person who waits. */
  begin?: (what: string) => void;
}

/** A link takes 1.5 to 3 s after a reset; asked this often, this long apart (ms). */
const linkLooks = 16;
const linkPause = 250;

/**
 * Asks the probe everything.
 * @throws UserError when the probe answers with an error
 */
export async function gather(ask: Ask, options: GatherOptions): Promise<ProbeFacts> {
  const { wiring, begin = () => {} } = options;
  const asked = async <T>(request: string): Promise<T> => checked<T>(request, await ask(request));
  begin('the interpreter');
  const identity = bare(await asked<IdentityFacts>('identity'));
  for (const name of chipNames) await asked(useRequest(name, wiring[name]));
  const chips = {} as Record<ChipName, ChipFacts>;
  for (const name of chipNames) {
    begin(`the ${name.toUpperCase()} module`);
    chips[name] = {
      lines: bare(await asked<LineFacts>(`lines ${name}`)),
      miso: bare(await asked<MisoFacts>(`miso ${name}`)),
      reads: (await asked<{ reads: number[][] }>(`chip ${name}`)).reads,
      reset: bare(await asked<ResetFacts>(`reset ${name}`)),
      interrupt: bare(await asked<InterruptFacts>(`interrupt ${name}`)),
      trials: [],
      ladder: [],
      phy: null,
    };
  }
  for (const name of chipNames) {
    const chip = chips[name];
    if (!allRight(chip.reads)) chip.trials = await tryOthers(asked, wiring, name, chip);
    else
      for (const hertz of ladderHertz)
        chip.ladder.push(bare(await asked<LadderFacts>(`ladder ${name} ${hertz}`)));
  }
  begin('the cables');
  await waitForLinks(asked, options, chips);
  return { identity, ...chips };
}

type Asked = <T>(request: string) => Promise<T>;

function checked<T>(request: string, answer: unknown): T {
  const { ok, error } = answer as { ok?: boolean; error?: string };
  if (ok === true) return answer as T;
  throw new UserError(
    `The probe on the board answered '${request}' with ${error ? `an error: ${error}` : JSON.stringify(answer)}`,
  );
}

/** Facts without the answer's own mark. */
function bare<T>(answer: T): T {
  const { ok: _, ...facts } = answer as T & { ok: true };
  return facts as T;
}

/** The request that says where a chip is; at the slow clock. */
function useRequest(name: ChipName, { bus, pins }: ChipWiring): string {
  const { sck, miso, mosi, select, interrupt, reset } = pins;
  return ['use', name, bus, sck, miso, mosi, slowHertz, select, interrupt, reset].join(' ');
}

/** Two wires of one chip, or one wire with the other chip's, that may have been mistaken for each other. */
interface Exchange {
  exchanged: string;
  pins: ChipWiring['pins'];
}

/**
 * Exchanges that can be tried without driving a line that a chip drives: while MISO floats the chip drives nothing,
 * and otherwise only wires that the board drives anyway are exchanged.
 */
function exchangesFor(wiring: BoardWiring, name: ChipName, chip: ChipFacts): Exchange[] {
  const own = wiring[name].pins;
  const floats = chip.miso.selected[0] === 1 && chip.miso.selected[1] === 0;
  const pairs: [WireOfChip, WireOfChip][] = floats
    ? [
        ['miso', 'mosi'],
        ['miso', 'sck'],
        ['select', 'reset'],
      ]
    : [['sck', 'mosi']];
  const within = pairs.map(([one, two]) => ({
    exchanged: `${one} ${two}`,
    pins: { ...own, [one]: own[two], [two]: own[one] },
  }));
  const other: ChipName = name === 'wan' ? 'lan' : 'wan';
  const theirs = wiring[other].pins;
  // On a shared bus the other chip would answer.
  if (own.miso === theirs.miso) return within;
  const across = (['sck', 'mosi', 'miso', 'select'] as const).map((wire) => ({
    exchanged: `${wire} ${other}.${wire}`,
    pins: { ...own, [wire]: theirs[wire] },
  }));
  return [...within, ...across];
}

async function tryOthers(
  asked: Asked,
  wiring: BoardWiring,
  name: ChipName,
  chip: ChipFacts,
): Promise<TrialFacts[]> {
  const trials: TrialFacts[] = [];
  for (const { exchanged, pins } of exchangesFor(wiring, name, chip)) {
    await asked(useRequest(name, { ...wiring[name], pins }));
    trials.push({ exchanged, reads: (await asked<{ reads: number[][] }>(`chip ${name}`)).reads });
  }
  for (const each of chipNames) await asked(useRequest(each, wiring[each]));
  return trials;
}

async function waitForLinks(
  asked: Asked,
  { pause }: GatherOptions,
  chips: Record<ChipName, ChipFacts>,
): Promise<void> {
  const answering = chipNames.filter((name) => allRight(chips[name].reads));
  for (let look = 0; look < linkLooks; look++) {
    for (const name of answering) chips[name].phy = (await asked<{ phy: number }>(`link ${name}`)).phy;
    if (answering.every((name) => (chips[name].phy! & 1) === 1)) return;
    await pause(linkPause);
  }
}
