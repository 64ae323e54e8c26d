// Holds the real interpreter against a recording: lays out the files, runs the binary, reads its one result line and
// says the first difference as a sentence. Starts a few processes at a time and leaves no file behind.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../host-tools/emulator/recording.ts';
import { Recorder } from '../../host-tools/emulator/recording.ts';
import type { WorldOptions } from '../../host-tools/emulator/world.ts';
import { World } from '../../host-tools/emulator/world.ts';
import { describeEvent, toRecordingFile } from './recording-file.ts';
import { inTurn } from './turns.ts';

const SCRIPT = readFileSync(new URL('./replay.js', import.meta.url), 'utf8');
const RESULT_MARK = 'HAIRPIN-REPLAY ';
/** A replay takes about a millisecond per event; this only ends an interpreter that never comes back. */
const TIME_LIMIT_MS = 120_000;

/** Characters shown on either side of a difference. */
const CONTEXT = 100;

/** Whatever a test does to a world: boots the board, delivers frames, lets time pass, asks `hairpin`. */
export type Scenario = (world: World) => void;

export interface ReplayResult {
  readonly ok: boolean;
  /** Events of the recording that were reached. */
  readonly events: number;
  /** Answers of `hairpin(line)` that were compared. */
  readonly answers: number;
  /** Empty when ok; otherwise the first difference, with its position and both values. */
  readonly difference: string;
}

interface ResultLine {
  ok: boolean;
  events: number;
  answers: number;
  gotKind?: string;
  got?: string;
}

/** Runs a scenario on the emulated board and returns what passed between firmware and platform. */
export function record(
  options: Omit<WorldOptions, 'recorder'>,
  scenario: Scenario,
): readonly RecordedEvent[] {
  const recorder = new Recorder();
  scenario(new World({ print: () => {}, ...options, recorder }));
  return recorder.events;
}

/** Replays a recording in the interpreter against that bundle, when it is its turn. */
export function replay(
  interpreter: string,
  bundle: string,
  events: readonly RecordedEvent[],
): Promise<ReplayResult> {
  return inTurn(() => replayNow(interpreter, bundle, events));
}

async function replayNow(
  interpreter: string,
  bundle: string,
  events: readonly RecordedEvent[],
): Promise<ReplayResult> {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-replay-'));
  try {
    writeFileSync(join(folder, 'firmware.js'), bundle);
    writeFileSync(join(folder, 'recording.bin'), toRecordingFile(events));
    writeFileSync(join(folder, 'replay.js'), SCRIPT);
    return judge(await run(interpreter, folder), events);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(interpreter: string, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(interpreter, ['replay.js'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIME_LIMIT_MS,
    });
    let output = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('latin1').on('data', (text: string) => (output += text));
    child.on('error', (error) => reject(new Error(`${interpreter} could not be started: ${error.message}`)));
    child.on('close', () => resolve(output));
  });
}

function judge(output: string, events: readonly RecordedEvent[]): ReplayResult {
  const line = output.split(/[\r\n]+/).find((text) => text.startsWith(RESULT_MARK));
  if (line === undefined) {
    const tail = output.trim().slice(-600);
    return {
      ok: false,
      events: 0,
      answers: 0,
      difference: `The interpreter gave no result. It said:\n${tail}`,
    };
  }
  const result = JSON.parse(line.slice(RESULT_MARK.length)) as ResultLine;
  const complete = result.ok && result.events === events.length;
  return {
    ok: complete,
    events: result.events,
    answers: result.answers,
    difference: complete ? '' : explain(result, events),
  };
}

/** `replay.js` has read one event ahead, so the event that differs is the last one it counted. */
function explain(result: ResultLine, events: readonly RecordedEvent[]): string {
  const past = result.gotKind === undefined || result.events > events.length;
  const position = result.events - 1;
  const wanted = events[position];
  const where =
    wanted === undefined ? 'after the recording' : `event ${position} of ${events.length} at ${wanted.at} us`;
  const expected = past || wanted === undefined ? 'the end' : describeEvent(wanted);
  const [recorded, got] = cutToDifference(expected, describeGot(result));
  return `First difference at ${where}:\n  recorded:    ${recorded}\n  interpreter: ${got}`;
}

/** Long texts are shown from a little before the first character that differs. */
function cutToDifference(one: string, other: string): [string, string] {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const from = at > CONTEXT * 2 ? at - CONTEXT : 0;
  const show = (text: string) =>
    (from > 0 ? `... (character ${from}) ` : '') +
    text.slice(from, at + CONTEXT) +
    (text.length > at + CONTEXT ? ' ...' : '');
  return [show(one), show(other)];
}

function describeGot({ gotKind, got = '' }: ResultLine): string {
  const bytes = Buffer.from(got, 'hex');
  const text = bytes.toString('latin1');
  if (gotKind === 'I') return 'came back without doing that';
  if (gotKind === 'x') return 'ended with an exception';
  if (gotKind === 'a') return `answer ${text}`;
  if (gotKind !== 's') return text;
  const [call, select] = text.split(' ', 2);
  return `${call} ${select} ${bytes.subarray(call.length + select.length + 2).toString('hex')}`;
}
