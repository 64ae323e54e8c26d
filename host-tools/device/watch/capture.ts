/*
 * `hairpin capture`: switches the router's live capture on, writes every frame it sees as pcapng while it goes on, and
 * switches it off again on every way out. Only `runCapture` asks and writes.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseAddress } from '../../../firmware/config/address.ts';
import { leastSnap, mostSnap, usualSnap } from '../../../firmware/layout/capture.ts';
import { fileTrouble, unwritable } from '../../cli/file-trouble.ts';
import { UserError } from '../../cli/user-error.ts';
import type { Answer, CaptureAnswer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { pause } from '../serial/time.ts';
import { captureBeginning, packetBlocks } from './capture-file.ts';
import { CaptureClock, type CapturedFrame, FrameReader } from './captured.ts';
import { counted } from './table.ts';

export interface CaptureOptions extends PortOption {
  /** As they were written. */
  snap?: string;
  host?: string;
  seconds?: string;
  count?: string;
  json: boolean;
}

/** Where it is written if nobody says where. */
export const usualFile = 'out/capture.pcapng';
/** In place of a file: the standard output. */
export const standardOutput = '-';

/** Between two looks, ms: the router keeps some 17 forwarded packets, and one answer takes a third of a second. */
const lookEvery = 200;
/** Answers to wait for at the end: the router's buffer once, and a little of what comes meanwhile. */
const lastAnswers = 6;

/** Where blocks go, whole ones, as they come. */
export interface Sink {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** What is wanted, checked. */
interface Wish {
  file: string;
  snap: number;
  host: string | null;
  seconds: number;
  count: number;
}

/** Captures until so many packets, so many seconds, or Ctrl-C; 0. @throws UserError, Interrupted */
export async function runCapture(
  file: string | undefined,
  options: CaptureOptions,
  edges: Edges = terminal,
  openSink: (file: string) => Sink = sinkTo,
): Promise<number> {
  const wish = wishOf(file ?? usualFile, options);
  let beginning: Promise<Capture> | undefined;
  return withRouter(
    options,
    edges,
    async (router) => {
      await router.mustRun();
      beginning = begin(router, wish, openSink);
      const capture = await beginning;
      if (!options.json)
        edges.remark(`Capturing ${wish.host ?? 'every packet'} into ${nameOf(wish.file)}; Ctrl-C ends it.`);
      await capture.follow(edges);
      return 0;
    },
    async (router) => {
      if (!beginning) return;
      const capture = await beginning.catch(() => undefined);
      try {
        await capture?.finish();
      } finally {
        await router.change('capture off');
      }
      if (!capture) return;
      if (options.json) edges.print(JSON.stringify(capture.json()));
      else edges.remark(capture.text());
    },
  );
}

async function begin(router: Router, wish: Wish, openSink: (file: string) => Sink): Promise<Capture> {
  const on = await router.change(`capture on ${wish.snap}${wish.host === null ? '' : ` ${wish.host}`}`);
  if (!on.ok) throw refusal(on);
  return new Capture(router, wish, openSink(wish.file));
}

function wishOf(file: string, { snap, host, seconds, count, json }: CaptureOptions): Wish {
  if (host !== undefined && parseAddress(host) < 0)
    throw new UserError(`--host wants the address of a host, such as 192.168.0.3, but got '${host}'.`);
  if (file === standardOutput && json)
    throw new UserError('The capture and --json would both go to the standard output; name a file for one.');
  const trouble = file === standardOutput || file === usualFile ? null : unwritable(file);
  if (trouble) throw new UserError(`Cannot write ${file}: ${trouble}.`);
  return {
    file,
    host: host ?? null,
    snap: numberOf('--snap', snap, usualSnap, [leastSnap, mostSnap], 'bytes'),
    seconds: numberOf('--seconds', seconds, Infinity, [1, 999_999], 'seconds'),
    count: numberOf('--count', count, Infinity, [1, 999_999], 'packets'),
  };
}

function numberOf(
  option: string,
  text: string | undefined,
  otherwise: number,
  [least, most]: readonly [number, number],
  unit: string,
): number {
  if (text === undefined) return otherwise;
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number < least || number > most)
    throw new UserError(`${option} wants a number of ${unit} from ${least} to ${most}, but got '${text}'.`);
  return number;
}

/** A file, or the standard output. @throws UserError */
function sinkTo(file: string): Sink {
  if (file === standardOutput) return { write: (bytes) => void process.stdout.write(bytes), close: () => {} };
  try {
    if (file === usualFile) mkdirSync(dirname(file), { recursive: true });
    const handle = openSync(file, 'w');
    return { write: (bytes) => writeOrSay(handle, file, bytes), close: () => closeSync(handle) };
  } catch (error) {
    throw new UserError(`Cannot write ${file}: ${fileTrouble(error)}.`);
  }
}

function writeOrSay(handle: number, file: string, bytes: Uint8Array): void {
  try {
    writeSync(handle, bytes);
  } catch (error) {
    throw new UserError(`Cannot write ${file} any more: ${fileTrouble(error)}.`);
  }
}

function nameOf(file: string): string {
  return file === standardOutput ? 'the standard output' : file;
}

/** One capture under way. */
class Capture {
  private readonly reader: FrameReader;
  private readonly clock = new CaptureClock();
  /** Bytes of the stream that are here. */
  private got = 0;
  /** A frame that arrived, while it is not known whether it left. */
  private pending: CapturedFrame[] = [];
  private reading: Promise<unknown> = Promise.resolve();
  private ended = false;
  private packets = 0;
  private lost = 0;

  constructor(
    private readonly router: Router,
    private readonly wish: Wish,
    private readonly sink: Sink,
  ) {
    this.reader = new FrameReader(wish.snap);
    sink.write(captureBeginning(wish.snap));
  }

  /** Reads and writes until there is enough, or nobody reads the output any more. */
  async follow(edges: Edges): Promise<void> {
    const { seconds } = this.wish;
    const end = edges.time.now() + seconds * 1000;
    while (!this.ended && !this.isDone && edges.time.now() < end && !edges.unread()) {
      const more = await this.read();
      if (!more && !this.isDone && !this.ended)
        await pause(edges.time, Math.min(lookEvery, end - edges.time.now()));
    }
  }

  /** Brings what the router still has, and closes the file. */
  async finish(): Promise<void> {
    this.ended = true;
    await this.reading.catch(() => {});
    try {
      for (let n = 0; n < lastAnswers && !this.isDone; n++) if (!(await this.readOnce())) break;
    } finally {
      this.write(this.pending);
      this.sink.close();
    }
  }

  text(): string {
    const { packets, lost, wish } = this;
    const into = `${counted(packets, 'packet')} in ${nameOf(wish.file)}.`;
    const why =
      'because they came faster than the serial line carries them; --host or a smaller --snap helps';
    const gone = lost === 0 ? '' : ` ${counted(lost, 'frame')} ${lost === 1 ? 'was' : 'were'} lost, ${why}.`;
    return into + gone;
  }

  json(): object {
    const { file, snap, host } = this.wish;
    return { schema: 'hairpin.capture/1', file, snap, host, packets: this.packets, lost: this.lost };
  }

  private get isDone(): boolean {
    return this.packets >= this.wish.count;
  }

  private read(): Promise<boolean> {
    const reading = this.readOnce();
    this.reading = reading;
    return reading;
  }

  /** One answer. @returns whether there is more */
  private async readOnce(): Promise<boolean> {
    const answer: Answer = await this.router.ask(`capture read ${this.got}`);
    if (!answer.ok) throw endedElsewhere(answer);
    const { capture, left, lost, now } = answer as CaptureAnswer;
    const piece = Buffer.from(capture, 'base64');
    this.got += piece.length;
    this.lost = lost;
    this.clock.set(now, Date.now() * 1000);
    const frames = [...this.pending, ...this.reader.push(piece)];
    // How it left is behind it, if it did, and comes with the next answer.
    const last = left > 0 && frames.at(-1)?.kind === 'arrived' ? frames.length - 1 : frames.length;
    this.pending = frames.slice(last);
    this.write(frames.slice(0, last));
    return left > 0;
  }

  private write(frames: readonly CapturedFrame[]): void {
    const blocks = packetBlocks(frames, this.clock).slice(0, this.wish.count - this.packets);
    this.packets += blocks.length;
    if (blocks.length > 0) this.sink.write(Buffer.concat(blocks));
  }
}

function endedElsewhere({ error }: Answer): UserError {
  return new UserError(
    `Somebody else has ended the capture or begun a new one, or the router was restarted: this one is over. (${error})`,
    1,
  );
}
