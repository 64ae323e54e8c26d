// The ratchet: figures may fall, and may rise by no more than the tolerance. Pure: judges and says; reads no file.

/** Turns by figure's name, by interpreter's version. */
export type RatchetFigures = Record<string, Record<string, number>>;

/** A figure may be so much above the ratchet's: compilers and layouts differ a little. */
const tolerance = 0.05;

export interface Judgement {
  /** Sentences; empty when nothing got worse. */
  regressions: string[];
  /** Sentences on figures that got better by more than the tolerance. */
  improvements: string[];
  /** Names that the ratchet does not hold yet, or holds although they are not measured any more. */
  unknown: string[];
  gone: string[];
}

const percent = (ratio: number): string => `${(100 * Math.abs(ratio)).toFixed(1)} %`;

/** Holds measured turns against the ratchet's. @param held undefined: nothing is known of this version */
export function judge(
  measured: Readonly<Record<string, number>>,
  held: Readonly<Record<string, number>> = {},
): Judgement {
  const judgement: Judgement = { regressions: [], improvements: [], unknown: [], gone: [] };
  for (const [name, turns] of Object.entries(measured)) {
    if (held[name] === undefined) {
      judgement.unknown.push(name);
      continue;
    }
    const change = turns / held[name] - 1;
    const sentence = `${name}: ${turns.toFixed(1)} turns, ${percent(change)} ${change > 0 ? 'more' : 'less'} than the ratchet's ${held[name].toFixed(1)}.`;
    if (turns > held[name] * (1 + tolerance)) judgement.regressions.push(sentence);
    if (turns < held[name] * (1 - tolerance)) judgement.improvements.push(sentence);
  }
  judgement.gone = Object.keys(held).filter((name) => measured[name] === undefined);
  return judgement;
}

/** The ratchet with one version's figures replaced, to a tenth of a turn. */
export function takeOver(
  ratchet: RatchetFigures,
  version: string,
  measured: Readonly<Record<string, number>>,
): RatchetFigures {
  const rounded = Object.entries(measured).map(([name, turns]) => [name, Math.round(10 * turns) / 10]);
  return { ...ratchet, [version]: Object.fromEntries(rounded) as Record<string, number> };
}
