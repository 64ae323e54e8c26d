/*
 * A lab of real Linux hosts, as the rest of the program sees it: starts lab-process.ts in namespaces of its own,
 * forwards requests to it and collects what it captures.
 *
 * Linux only; imported lazily by what offers a kernel lab. Touches nothing outside the namespaces it makes.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { BulkResult, Direction } from '../hosts/bulk.ts';
import type { HostRequest } from '../hosts/client.ts';
import { CAST, SERVICES } from '../lab.ts';
import type {
  ConnectResult,
  Host,
  HttpResult,
  Lab,
  LabFrame,
  PingResult,
  TtlResult,
  UdpResult,
} from '../lab.ts';
import type { FromLab, LabQuestion, LabSetting, ToLab } from './lab-process.ts';
import { nodeArguments } from './own-module.ts';
import type { PortReport } from './port-report.ts';
import { unshareOptions } from './possible.ts';
import { environment } from './programs.ts';
import { unpackBatch } from './tap.ts';
import type { Namespace } from './topology.ts';

export interface KernelLabOptions {
  /** Text of dist/firmware.js. */
  bundle: string;
  /** The board's Storage: 'board.json' and 'config.json'. */
  files: Record<string, string>;
  /** Bytes kept of each captured frame. Default 256: all headers, and greetings whole. */
  snap?: number;
  /** Hears lines the firmware prints. */
  onPrint?: (line: string) => void;
  /** `copy` leaves the router out and only copies frames between its two ports. Default `router`. */
  forward?: 'router' | 'copy';
  /** False: nothing is captured. Default true. */
  capture?: boolean;
}

/** How long an orderly end may take before it is made an end, ms. */
const CLOSING_TIME = 3000;

/** A host in a namespace. Each verb is one request to lab/hosts/client.ts there. */
class KernelHost implements Host {
  constructor(
    private readonly lab: KernelLab,
    private readonly place: 'client' | 'internet',
    readonly name: string,
    readonly address: string,
  ) {}

  private ask<T>(request: Partial<HostRequest>): Promise<T> {
    return this.lab.ask({ ask: 'host', host: this.place, request }) as Promise<T>;
  }

  connect(address: string, port: number, timeoutMs: number): Promise<ConnectResult> {
    return this.ask({ verb: 'connect', address, port, timeoutMs });
  }

  httpGet(address: string, port: number, path: string, timeoutMs: number): Promise<HttpResult> {
    return this.ask({ verb: 'httpGet', address, port, path, timeoutMs });
  }

  udpEcho(address: string, port: number, text: string, timeoutMs: number): Promise<UdpResult> {
    return this.ask({ verb: 'udpEcho', address, port, text, timeoutMs });
  }

  ping(address: string, count: number, timeoutMs: number): Promise<PingResult> {
    return this.ask({ verb: 'ping', address, count, timeoutMs });
  }

  ttlProbe(address: string, ttl: number, timeoutMs: number): Promise<TtlResult> {
    return this.ask({ verb: 'ttlProbe', address, ttl, timeoutMs });
  }

  /** Moves bytes over one TCP connection with the server at `address` for about `milliseconds`. */
  bulk(address: string, direction: Direction, milliseconds: number): Promise<BulkResult> {
    return this.ask({ verb: 'bulk', address, direction, timeoutMs: milliseconds });
  }
}

export class KernelLab implements Lab {
  readonly mode = 'kernel';
  readonly client = new KernelHost(this, 'client', 'C', CAST.C.address);
  readonly internet = new KernelHost(this, 'internet', 'I', CAST.I.address);
  readonly server = { address: CAST.S.address, ...SERVICES };

  private readonly captured: LabFrame[] = [];
  private sorted = 0;
  private readonly waiting = new Map<
    number,
    { resolve(answer: unknown): void; reject(error: Error): void }
  >();
  private lastId = 0;
  private failure: Error | null = null;
  private readonly ended: Promise<void>;

  private constructor(private readonly process: ChildProcess) {
    this.ended = new Promise((resolve) => {
      process.on('exit', () => {
        this.fail('The lab has ended.');
        resolve();
      });
      process.on('error', (error) => {
        this.fail(`The lab could not be started: ${error.message}`);
        resolve();
      });
    });
  }

  /** Resolves once hosts, switch and router run. */
  static async open(options: KernelLabOptions): Promise<KernelLab> {
    const { bundle, files, snap = 256, forward = 'router', capture = true } = options;
    // setpriv: should this process die without a word, unshare dies with it, and with unshare the lab.
    const command = ['--pdeathsig', 'KILL', 'unshare', ...unshareOptions(), process.execPath];
    const child = spawn(
      'setpriv',
      [...command, ...nodeArguments(new URL('./lab-process.ts', import.meta.url))],
      {
        env: environment(),
        serialization: 'advanced',
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      },
    );
    const lab = new KernelLab(child);
    const ready = new Promise<void>((resolve, reject) => {
      lab.waiting.set(0, { resolve: () => resolve(), reject });
      child.on('message', (message: FromLab) => lab.hear(message, options.onPrint));
    });
    lab.tell({ kind: 'begin', setting: { bundle, files, snap, forward, capture } satisfies LabSetting });
    try {
      await ready;
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  private tell(message: ToLab): void {
    // A lab that has gone is reported by its exit.
    this.process.send(message, () => {});
  }

  private hear(message: FromLab, onPrint?: (line: string) => void): void {
    if (message.kind === 'frames') unpackBatch(message.batch, this.captured);
    else if (message.kind === 'print') onPrint?.(message.line);
    else if (message.kind === 'failed') this.fail(message.text);
    else if (message.kind === 'ready') this.take(0)?.resolve(undefined);
    else if (message.kind === 'answer') this.take(message.id)?.resolve(message.answer);
    else this.take(message.id)?.reject(new Error(message.text));
  }

  private take(id: number) {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  /** From now on everything asked fails with the first such sentence. */
  private fail(text: string): void {
    this.failure ??= new Error(text);
    for (const waiting of this.waiting.values()) waiting.reject(this.failure);
    this.waiting.clear();
  }

  /** Asks lab-process.ts; frames captured before its answer are in `frames()` when this resolves. */
  ask(question: LabQuestion): Promise<unknown> {
    if (this.failure) return Promise.reject(this.failure);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.tell({ kind: 'question', id, question });
    });
  }

  frames(): readonly LabFrame[] {
    // Batches of two threads interleave; sorting is stable, so a thread's own order is kept.
    if (this.sorted < this.captured.length) this.captured.sort((a, b) => a.time - b.time);
    this.sorted = this.captured.length;
    return this.captured;
  }

  async settle(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await this.ask({ ask: 'flush' });
  }

  hairpin(line: string): Promise<string> {
    return this.ask({ ask: 'hairpin', line }) as Promise<string>;
  }

  /** Counters of the router's two ports and the switch's three. */
  ports(): Promise<PortReport[]> {
    return this.ask({ ask: 'ports' }) as Promise<PortReport[]>;
  }

  /** The words that put a program on a host of the lab, in the lab's own file system. */
  private async entering(place: Namespace, ...more: string[]): Promise<string[]> {
    const inside = (await this.ask({ ask: 'pid' })) as number;
    const namespaces = [`--net=/proc/${inside}/root/run/netns/${place}`, '--mount', ...more];
    if (unshareOptions().includes('--user')) namespaces.push('--user');
    const nsenter = ['nsenter', '--target', `${inside}`, ...namespaces, '--wd=.', '--preserve-credentials'];
    return ['setpriv', '--pdeathsig', 'KILL', ...nsenter];
  }

  /** The words to put before a program's own so that it runs on a host, as the lab's root, and ends with the lab. */
  onHost(place: Namespace): Promise<string[]> {
    return this.entering(place, '--pid');
  }

  /** Gives this program's terminal to a shell on C until it ends; resolves with its exit code. */
  async shell(): Promise<number> {
    // In this program's process namespace and not in the lab's: job control does not work across them.
    const [program, ...options] = await this.entering('client');
    const child = spawn(program, [...options, process.env.SHELL ?? '/bin/sh', '-i'], {
      env: { ...environment(), PS1: 'C# ' },
      stdio: 'inherit',
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => resolve(code ?? 1));
    });
  }

  /** The process all others of this lab descend from. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  async close(): Promise<void> {
    if (this.process.connected) this.process.disconnect();
    const timer = setTimeout(() => this.process.kill('SIGKILL'), CLOSING_TIME);
    await this.ended;
    clearTimeout(timer);
  }
}

/** Opens a lab of real hosts around the firmware. Rejects with a sentence where that is impossible. */
export function openKernelLab(options: KernelLabOptions): Promise<KernelLab> {
  return KernelLab.open(options);
}
