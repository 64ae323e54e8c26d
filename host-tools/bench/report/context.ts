/*
 * What a report is made from, and what every renderer is given: text, HTML and JSON say the same because they share
 * this model. Types only.
 */
import type { Measurements } from '../measurements.ts';
import type { Judgement } from '../judge/verdicts.ts';

export interface ReportContext {
  measurements: Measurements;
  judgement: Judgement;
  /** The command as it was typed, to be repeated as root; null where root sees no more than others. */
  asRoot: string | null;
}

/** A step of a packet's way. `mark`: it goes well, here is the fault, here the packet ends, or nobody knows. */
export interface Hop {
  who: string;
  text: string;
  mark: 'ok' | 'broken' | 'lost' | 'unknown';
}

export interface FamilyRemedy {
  family: string;
  /** A sentence; on lines of their own after it, commands to be copied. */
  text: string;
}

/** A quantity, here and there; null where it was not measured. */
export interface NumberRow {
  name: string;
  unit: string;
  direct: number | null;
  through: number | null;
  /** What is said where there is no number. */
  absent: { direct: string; through: string };
  /** Single values, where there are several. */
  all: { direct: number[]; through: number[] };
}

export interface Report {
  answer: 'YES' | 'NO' | 'IN PART' | 'NOT KNOWN';
  /** One line that says it all. */
  headline: string;
  /** What was asked, by whom, and what the addresses are. */
  tried: string;
  /** What that means, for somebody who has never heard of NAT. */
  meaning: string[];
  hops: Hop[];
  /** The same as a drawing (SVG, for a page); null where not all of it is certain. */
  picture: string | null;
  evidence: string[];
  /** What to do, in order; the first is the best. Commands to be copied stand on lines of their own after a sentence. */
  remedies: string[];
  /** Where to find the setting, by kind of router; empty where there is nothing to set. */
  families: FamilyRemedy[];
  numbers: NumberRow[];
}
