/*
 * The firmware between real hosts, as the kernel lab runs it, with programs of the system on the hosts: one lab for a
 * file of tests, opened by the first that wants it. What a program says is handed back as it is.
 *
 * Every program runs inside the lab's own namespaces, for a bounded time, and ends with the lab at the latest.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { openKernelLab, type KernelLab } from '../../host-tools/lab/kernel/kernel-lab.ts';
import { kernelLabPossible } from '../../host-tools/lab/kernel/possible.ts';
import { environment, programExists } from '../../host-tools/lab/kernel/programs.ts';
import type { Namespace } from '../../host-tools/lab/kernel/topology.ts';
import { CAST } from '../../host-tools/lab/lab.ts';
import { PACKAGES, type Program } from './programs.ts';

/** What a program was asked, what it said, and how it ended; with code 137 where its time was over. */
export interface Said {
  host: Namespace;
  words: readonly string[];
  code: number | null;
  out: string;
  err: string;
  /** `out` as it came. */
  bytes: Buffer;
}

/** Longest time for a program that is not told otherwise, s. */
const SECONDS = 20;
/** How long a server may take until it listens, ms. */
const STARTING_TIME = 8000;

export class JudgesLab {
  constructor(private readonly lab: KernelLab) {}

  /** Runs a program on a host to its end. @param seconds after which it is ended */
  async run(host: Namespace, words: readonly string[], seconds = SECONDS, input = ''): Promise<Said> {
    const [program, ...before] = await this.lab.onHost(host);
    const options = [...before, 'timeout', '--signal=KILL', `${seconds}`, ...words];
    const child = spawn(program, options, { env: environment(), stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => err.push(piece));
    // A program that reads nothing may have gone before its input has.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        const bytes = Buffer.concat(out);
        resolve({ host, words, code, out: bytes.toString(), err: Buffer.concat(err).toString(), bytes });
      });
    });
  }

  /**
   * Starts a server on a host and resolves once it listens at `port`; it runs until the lab is closed or its time is
   * over. The promise inside resolves with what it said when it has ended.
   */
  async serve(
    host: Namespace,
    words: readonly string[],
    [protocol, port]: ['tcp' | 'udp', number],
    seconds = 600,
  ): Promise<{ ended: Promise<Said> }> {
    const ended = this.run(host, words, seconds);
    let over: Said | undefined;
    void ended.then((said) => (over = said));
    const until = performance.now() + STARTING_TIME;
    const listening = ['ss', '-Hnl', protocol === 'tcp' ? '-t' : '-u', `sport = :${port}`];
    while ((await this.run(host, listening)).out === '') {
      if (over) throw new Error(`'${words.join(' ')}' ended at once: ${over.err}${over.out}`);
      if (performance.now() > until) throw new Error(`'${words.join(' ')}' does not listen at ${port}.`);
      await sleep(50);
    }
    return { ended };
  }

  /** Runs a line of shell as a host's root: addresses, files under the lab's own /run. */
  async shell(host: Namespace, line: string, input = ''): Promise<void> {
    const { code, err } = await this.run(host, ['sh', '-ec', line], SECONDS, input);
    if (code !== 0) throw new Error(`'${line}' failed: ${err}`);
  }

  /** One request to the firmware's seam. */
  async hairpin(request: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.lab.hairpin(request)) as Record<string, unknown>;
  }

  close(): Promise<void> {
    return this.lab.close();
  }
}

/** An entry of the configuration's `forwards`. */
export interface Forward {
  name: string;
  proto: string;
  port: number | string;
  to: string;
  from?: string;
  hairpin?: string;
}

/** What a test wants of the configuration beside the addresses of the cast. */
export interface Setting {
  mtu?: number;
  /** All of it, in place of what the others make. */
  config?: object;
  nat?: object;
  forwards?: {
    name: string;
    proto: string;
    port: number | string;
    to: string;
    from?: string;
    hairpin?: string;
  }[];
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

async function open({ config: whole, mtu, nat, forwards = [] }: Setting): Promise<JudgesLab> {
  const { P, G, R } = CAST;
  const config = whole ?? {
    wan: { address: `${P.address}/24`, gateway: G.address, mac: P.mac, ...(mtu ? { mtu } : {}) },
    lan: { address: `${R.address}/24`, mac: R.mac },
    ...(nat ? { nat } : {}),
    forwards,
  };
  const files = {
    'board.json': read('boards/esp32-shared-bus/board.json'),
    'config.json': JSON.stringify(config),
  };
  const lab = await openKernelLab({ bundle: read('dist/firmware.js'), files, capture: false });
  const judges = new JudgesLab(lab);
  // The ISP's end of the line carries no more than ours.
  if (mtu) await judges.shell('gateway', `ip link set eth0 mtu ${mtu}`);
  return judges;
}

/** A lab for this file's tests. It opens when it is first asked for, and closes after the last test. */
export function labWith(setting: Setting): () => Promise<JudgesLab> {
  let lab: Promise<JudgesLab> | undefined;
  test.after.always('the lab is closed', async () => {
    await (await lab?.catch(() => undefined))?.close();
  });
  return () => (lab ??= open(setting));
}

/** Why these programs cannot judge here, or null. */
export function missing(programs: readonly Program[]): string | null {
  const possible = kernelLabPossible();
  if (!possible.ok) return possible.reason;
  const absent = programs.find((program) => !programExists(program));
  if (!absent) return null;
  return `The program '${absent}' is missing (Debian package ${PACKAGES[absent]}; 'make lab-deps' installs it).`;
}

/** A test where the programs are, else a skipped one with the reason in the title. */
export function judgeTest(
  title: string,
  programs: readonly Program[],
  run: (t: ExecutionContext) => Promise<void>,
): void {
  const reason = missing(programs);
  if (reason === null) return void test.serial(title, run);
  console.log(`SKIPPED: ${title}. ${reason}`);
  test.serial.skip(`${title} (skipped: ${reason})`, run);
}
