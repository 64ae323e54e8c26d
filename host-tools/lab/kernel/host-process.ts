/*
 * A program of lab/hosts running inside one of the lab's namespaces, as a child of this process.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { HostRequest } from '../hosts/client.ts';
import { nodeArguments } from './own-module.ts';
import { environment } from './programs.ts';
import type { Namespace } from './topology.ts';

/** Before a program: it has no privilege that an ordinary user has not, though it is the lab's root. */
export const ORDINARY_USER: readonly string[] = ['setpriv', '--inh-caps=-all', '--bounding-set=-all'];

export class HostProcess {
  /** Answers in the order of the requests. */
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly name: string,
  ) {}

  /** Starts a program and resolves once it has printed its first line ("ready"). */
  static start(namespace: Namespace, module: URL, ...rest: string[]): Promise<HostProcess> {
    return HostProcess.startAs([], namespace, module, ...rest);
  }

  /** The same for any namespace there is, with a program before it that changes what it may do (ORDINARY_USER). */
  static async startAs(
    prefix: readonly string[],
    namespace: string,
    module: URL,
    ...rest: string[]
  ): Promise<HostProcess> {
    const node = [process.execPath, ...nodeArguments(module, ...rest)];
    const command = ['netns', 'exec', namespace, ...prefix, ...node];
    const child = spawn('ip', command, { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] });
    const host = new HostProcess(child, namespace);
    const ended = (why: string) => {
      for (const { reject } of host.waiting.splice(0)) reject(new Error(`The host '${namespace}' ${why}.`));
    };
    createInterface({ input: child.stdout! }).on('line', (line) => host.waiting.shift()?.resolve(line));
    child.on('error', (error) => ended(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => ended(`has ended (${signal ?? code})`));
    // A host that has gone is reported by its exit.
    child.stdin!.on('error', () => {});
    await host.line();
    return host;
  }

  private line(): Promise<string> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  async ask(request: Partial<HostRequest>): Promise<unknown> {
    if (this.child.exitCode !== null) throw new Error(`The host '${this.name}' has ended.`);
    const line = this.line();
    this.child.stdin!.write(JSON.stringify(request) + '\n');
    const answer = JSON.parse(await line) as { ok?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(`The host '${this.name}' failed: ${answer.error}`);
    return answer.ok;
  }
}
