/*
 * `hairpin run`: the firmware and the two chip models between two existing interfaces, until Ctrl-C. Switches the
 * interfaces' offloads off while it runs and puts them back; promiscuous mode ends with the ports.
 *
 * Linux-only code is imported when everything that can be checked without it has been checked.
 */
import { UserError } from '../cli/user-error.ts';
import type { PortReport } from '../lab/kernel/port-report.ts';
import type { PortThread } from '../lab/kernel/port-thread.ts';
import type { RouterData } from '../lab/kernel/router-thread.ts';
import { checkRun, type RunOptions } from './checks.ts';
import { leaseNotice, oversizedNotice, statusLine, type RouterStatus } from './status-line.ts';

export type { RunOptions } from './checks.ts';

/** DESIGN's exit code of everything that Ctrl-C ended. */
const INTERRUPTED = 130;
const STATUS_INTERVAL = 1000;

/** Where the lines go: one line that renews itself on a terminal, plain lines elsewhere. */
class Display {
  private readonly terminal = process.stdout.isTTY === true;
  private shown = '';

  /** Something that happened. */
  say(line: string): void {
    process.stdout.write(this.terminal ? `\r\x1b[K${line}\n${this.shown}` : `${line}\n`);
  }

  /** How things stand. Elsewhere than on a terminal it is repeated only when it has changed. */
  status(line: string): void {
    if (this.terminal) process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns || 80) - 1)}`);
    else if (line !== this.shown) process.stdout.write(`${line}\n`);
    this.shown = line;
  }

  end(): void {
    if (this.terminal && this.shown !== '') process.stdout.write('\n');
  }
}

/** Switches offloads off on all of `names`; the function it returns puts them back, once. */
async function withoutOffloads(names: string[]): Promise<() => void> {
  const { restoreOffloads, switchOffloadsOff } = await import('../lab/kernel/offloads.ts');
  const undo: (() => void)[] = [];
  const restore = () => {
    for (const step of undo.splice(0)) step();
  };
  // Also when this process ends by an error nobody expected; only SIGKILL leaves them off.
  process.once('exit', restore);
  try {
    for (const name of names) {
      const before = switchOffloadsOff(name);
      if (before) undo.push(() => restoreOffloads(name, before));
    }
  } catch (error) {
    restore();
    throw error;
  }
  return restore;
}

/** Shows how things stand until `stopped` resolves. */
async function watch(thread: PortThread, display: Display, stopped: Promise<unknown>): Promise<void> {
  let before: PortReport[] = [];
  let told: RouterStatus | undefined;
  let running = true;
  void stopped.then(() => (running = false));
  while (running) {
    const ports = (await thread.request('ports')) as PortReport[];
    const status = JSON.parse((await thread.request('hairpin', 'status')) as string) as RouterStatus;
    ports.forEach((port, index) => {
      const notice = oversizedNotice(port, before[index]);
      if (notice) display.say(notice);
    });
    const lease = leaseNotice(status, told);
    if (lease) display.say(lease);
    display.status(statusLine(status, ports, before));
    before = ports;
    told = status;
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, STATUS_INTERVAL).unref())]);
  }
}

/**
 * Runs the router until SIGINT or SIGTERM; resolves with the exit code.
 * Rejects with a UserError (a sentence, exit code 2) when something was not as it must be.
 */
export async function runRouter(options: RunOptions): Promise<number> {
  const { bundle, files, warnings } = await checkRun(options);
  const display = new Display();
  for (const warning of warnings) display.say(warning);
  let interrupt!: () => void;
  const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const { InterfaceRefused } = await import('../lab/kernel/interface.ts');
  const { PortThread } = await import('../lab/kernel/port-thread.ts');
  let restore = () => {};
  let thread: PortThread | undefined;
  try {
    restore = await withoutOffloads([options.wan, options.lan]);
    const data = { ...options, bundle, files, captureWan: false, snap: 0, start: 0n } satisfies Omit<
      RouterData,
      'wake'
    > &
      RunOptions;
    let fail!: (error: Error) => void;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    // Heard of where it is awaited below; until then it must not count as unhandled.
    failed.catch(() => {});
    thread = await PortThread.start(new URL('../lab/kernel/router-thread.ts', import.meta.url), data, {
      onPrint: (line) => display.say(`firmware: ${line}`),
      onFailure: (text) => fail(new Error(text)),
    });
    display.say(`Routing between ${options.wan} (WAN) and ${options.lan} (LAN); Ctrl-C ends it.`);
    await Promise.race([watch(thread, display, interrupted), failed]);
    return INTERRUPTED;
  } catch (error) {
    if (error instanceof InterfaceRefused) throw new UserError(error.message);
    throw error;
  } finally {
    await thread?.stop();
    restore();
    display.end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
