/*
 * The owner's side of a thread that runs a port loop: starts it, asks it things, stops it.
 *
 * Linux only (the thread is woken out of `poll` through an eventfd). Ends only the thread it started.
 */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { InterfaceRefused } from './interface.ts';
import * as libc from './libc.ts';
import { threadProgram } from './own-module.ts';

export interface ToThread {
  id: number;
  request: string;
  text: string;
}

export type FromThread =
  | { kind: 'ready' }
  | { kind: 'stopped' }
  | { kind: 'failed'; refused: boolean; text: string }
  | { kind: 'answer'; id: number; answer: unknown }
  | { kind: 'refusal'; id: number; text: string }
  | { kind: 'frames'; batch: Uint8Array }
  | { kind: 'print'; line: string };

export interface ThreadListener {
  /** A batch of captured frames, packed as tap.ts says. */
  onFrames?(batch: Uint8Array): void;
  /** A line the firmware printed. */
  onPrint?(line: string): void;
  /** The thread ended by itself: everything asked from now on fails with this sentence. */
  onFailure?(text: string): void;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

const WAKE_UP = Buffer.from(BigUint64Array.of(1n).buffer);

export class PortThread {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private ended: Error | null = null;
  private stopped!: () => void;
  private readonly end = new Promise<void>((resolve) => (this.stopped = resolve));

  private constructor(
    private readonly worker: Worker,
    private readonly wake: number,
    private readonly listener: ThreadListener,
  ) {}

  /**
   * Starts `module` in a thread and resolves once its loop runs. `data` reaches it as workerData, with the
   * wake-up descriptor as `wake`. Rejects with InterfaceRefused when a port could not be had.
   */
  static start(module: URL, data: object, listener: ThreadListener = {}): Promise<PortThread> {
    const wake = libc.eventfd(0, libc.EFD_NONBLOCK | libc.EFD_CLOEXEC);
    const setting = { eval: true, execArgv: [], workerData: { ...data, wake } };
    const worker = new Worker(threadProgram(module), setting);
    const thread = new PortThread(worker, wake, listener);
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'ready') resolve(thread);
        else if (message.kind === 'failed')
          reject(message.refused ? new InterfaceRefused(message.text) : new Error(message.text));
        thread.hear(message);
      });
      worker.on('error', (error) => {
        reject(error);
        thread.finish(error);
      });
      worker.on('exit', () => thread.finish(new Error('The thread that moves frames has ended.')));
    });
  }

  private hear(message: FromThread): void {
    if (message.kind === 'frames') this.listener.onFrames?.(message.batch);
    else if (message.kind === 'print') this.listener.onPrint?.(message.line);
    else if (message.kind === 'failed') this.finish(new Error(message.text));
    else if (message.kind === 'answer') this.take(message.id)?.resolve(message.answer);
    else if (message.kind === 'refusal') this.take(message.id)?.reject(new Error(message.text));
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private finish(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
    libc.close(this.wake);
    this.stopped();
    this.listener.onFailure?.(error.message);
  }

  /** Asks the thread's loop body. Everything the thread posted before its answer has been heard when this resolves. */
  request(request: string, text = ''): Promise<unknown> {
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.tell({ id, request, text });
    });
  }

  private tell(message: ToThread): void {
    this.worker.postMessage(message);
    writeSync(this.wake, WAKE_UP);
  }

  /** Ends the loop and closes its ports. */
  async stop(): Promise<void> {
    if (this.ended) return;
    this.listener.onFailure = undefined;
    this.tell({ id: 0, request: 'stop', text: '' });
    await this.end;
  }
}
