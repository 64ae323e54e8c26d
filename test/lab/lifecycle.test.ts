/* A lab comes and goes with the program that opened it: no process, interface or namespace name stays behind. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { AS_USER } from '../../host-tools/lab/kernel/possible.ts';
import { environment } from '../../host-tools/lab/kernel/programs.ts';
import { kernelTest } from './in-namespace.ts';

const PROGRAM = fileURLToPath(new URL('./inside/hold-lab.ts', import.meta.url));
const NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
/** How long the kernel may take to clean up, ms. */
const PATIENCE = 5000;

/** Parent of every process. */
function parents(): Map<number, number> {
  const map = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      // A zombie is only waiting to be noticed by its parent.
      if (fields[0] !== 'Z') map.set(Number(entry), Number(fields[1]));
    } catch {
      // It ended while it was looked at.
    }
  }
  return map;
}

function descendants(root: number): number[] {
  const map = parents();
  const found = [root];
  for (let index = 0; index < found.length; index++)
    for (const [pid, parent] of map) if (parent === found[index]) found.push(pid);
  return found;
}

function network(): string {
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return [...readdirSync('/sys/class/net'), ...names].join(' ');
}

/** Starts the program in a process group of its own, as a shell does. */
function start(options: string[] = [], prefix: string[] = []): ChildProcess {
  const [program, ...rest] = [
    ...prefix,
    process.execPath,
    '--import',
    import.meta.resolve('tsx'),
    PROGRAM,
    ...options,
  ];
  return spawn(program, rest, { env: environment(), detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function ready(child: ChildProcess): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! })) if (line === 'ready') return;
  throw new Error('The lab did not open.');
}

async function allGone(t: ExecutionContext, pids: number[]): Promise<void> {
  const until = performance.now() + PATIENCE;
  let left = pids;
  while (left.length > 0 && performance.now() < until) {
    await sleep(50);
    const alive = parents();
    left = pids.filter((pid) => alive.has(pid));
  }
  t.deepEqual(left, []);
}

async function killed(t: ExecutionContext, child: ChildProcess, kill: () => void): Promise<void> {
  const before = network();
  await ready(child);
  const family = descendants(child.pid!);
  // The program, unshare, the lab, and at least four hosts.
  t.true(family.length >= 7, `${family.length} processes`);
  kill();
  await allGone(t, family);
  t.is(network(), before);
}

kernelTest('closing a lab ends everything', async (t) => {
  const before = network();
  const child = start(['close']);
  await ready(child);
  const family = descendants(child.pid!);
  const [code] = (await once(child, 'exit')) as [number];
  t.is(code, 0);
  await allGone(t, family);
  t.is(network(), before);
});

kernelTest('a program that is killed without a word leaves nothing', async (t) => {
  const child = start();
  await killed(t, child, () => child.kill('SIGKILL'));
});

kernelTest('Ctrl-C, which every process of the terminal gets, leaves nothing', async (t) => {
  const child = start();
  await killed(t, child, () => process.kill(-child.pid!, 'SIGINT'));
});

kernelTest('Ctrl-C while the lab is being set up leaves nothing', async (t) => {
  const before = network();
  const child = start();
  const family = new Set<number>();
  const until = performance.now() + 1500;
  // Until the lab's first processes are there, whichever they are.
  while (performance.now() < until && family.size < 5) {
    await sleep(20);
    for (const pid of descendants(child.pid!)) family.add(pid);
  }
  t.true(family.size >= 3, `${family.size} processes`);
  for (const pid of descendants(child.pid!)) family.add(pid);
  process.kill(-child.pid!, 'SIGINT');
  await allGone(t, [...family]);
  t.is(network(), before);
});

/** Why root cannot try it as an ordinary user here; '' if it can. */
function noOrdinaryUser(): string {
  const asNobody = (...command: string[]) =>
    spawnSync('setpriv', [...NOBODY, ...command], { env: environment() });
  if (process.getuid?.() !== 0) return 'this is an ordinary user already, in all the tests above';
  if (asNobody('test', '-r', PROGRAM).status !== 0) return 'another user may not read this folder';
  const namespaces = asNobody('unshare', ...AS_USER, 'true');
  return namespaces.status === 0 ? '' : 'an ordinary user may not make namespaces';
}

const title = 'the lab of an ordinary user goes with its program too';
const obstacle = noOrdinaryUser();
if (obstacle === '')
  kernelTest(title, async (t) => {
    const child = start([], ['setpriv', ...NOBODY]);
    await killed(t, child, () => child.kill('SIGKILL'));
  });
else test.skip(`${title} (skipped: ${obstacle})`, () => {});
