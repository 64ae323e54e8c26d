/*
 * A list of findings as people read it and as programs do. Pure: makes text and objects, prints nothing.
 */
import type { ProbeFacts } from './facts.ts';
import { exitCodeOf, type Finding, inOrder, type Verdict } from './findings.ts';
import type { LineFacts } from './line-facts.ts';
import type { RouterFacts } from './judge-router.ts';

/** Everything one run has come to. Parts that were not reached are missing. */
export interface Examination {
  findings: Finding[];
  line?: LineFacts;
  /** Text of the board file that was gone by, and where it came from. */
  boardFile?: { from: string; text: string };
  probe?: ProbeFacts;
  router?: RouterFacts;
}

const marks: Record<Verdict, string> = { ok: 'ok', warn: 'look', bad: 'WRONG', unknown: '?' };
const markWidth = 7;
const stepWidth = 17;
/** Of a line, in characters. */
const width = 110;

function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

function findingText({ verdict, step, chip, sentence, cause, remedy }: Finding): string {
  const indent = markWidth + stepWidth;
  const name = chip ? `${step} ${chip.toUpperCase()}` : step;
  const head = marks[verdict].padEnd(markWidth) + name.padEnd(stepWidth) + wrapped(sentence, indent);
  const told = verdict === 'ok' ? [] : [cause, remedy].filter((text) => text !== undefined);
  const more = told.map((text) => wrapped(text, indent));
  return [head, ...more.map((text) => ' '.repeat(indent) + text)].join('\n');
}

/** For people: a line for each finding with cause and remedy below it, and what it comes to. */
export function reportText({ findings }: Examination): string {
  return [...inOrder(findings).map(findingText), '', conclusion(findings)].join('\n');
}

function conclusion(findings: readonly Finding[]): string {
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const [bad, warn, unknown] = [count('bad'), count('warn'), count('unknown')];
  if (bad > 0) {
    const causes = inOrder(findings).filter(({ verdict }) => verdict === 'bad');
    const [{ cause, sentence, chip }] = causes;
    const whose = chip ? `${chip.toUpperCase()}: ` : '';
    return bad === 1
      ? `One thing is wrong. ${whose}${cause ?? sentence}`
      : `${bad} things are wrong; begin with the first.`;
  }
  if (unknown > 0) return 'Nothing wrong was found, but not everything could be looked at.';
  return warn > 0 ? 'Nothing is wrong; what is marked "look" may be meant so.' : 'All is well.';
}

/** For programs: `hairpin.doctor/1`. */
export function reportObject(examination: Examination): object {
  const { findings, line, boardFile, probe, router } = examination;
  return {
    schema: 'hairpin.doctor/1',
    exitCode: exitCodeOf(findings),
    port: line?.port ?? null,
    answering: line?.answering ?? null,
    findings: inOrder(findings),
    boardFile: boardFile?.from ?? null,
    probe: probe ?? null,
    router: router ?? null,
  };
}
