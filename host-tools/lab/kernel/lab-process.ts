/*
 * The process everything of a kernel lab lives in: the first of its own process, mount and network namespaces
 * (and user namespace, for an ordinary user). When it ends, for whatever reason, the kernel ends every process in
 * them and takes the networks down, so nothing can be left behind.
 *
 * Started by kernel-lab.ts through `unshare`, spoken to over Node's IPC channel. Never start it by hand: it mounts
 * over /run.
 */
import { readlinkSync } from 'node:fs';
import type { HostRequest } from '../hosts/client.ts';
import { CAST } from '../lab.ts';
import { HostProcess } from './host-process.ts';
import { PortThread } from './port-thread.ts';
import type { RouterData } from './router-thread.ts';
import type { SwitchData } from './switch-thread.ts';
import { ROUTER_PORTS, SWITCH_PORTS, buildTopology } from './topology.ts';

export interface LabSetting {
  /** `router`: the firmware between the two ports. `copy`: frames are only copied, for comparison. */
  forward: 'router' | 'copy';
  bundle: string;
  files: Record<string, string>;
  /** Bytes kept of each captured frame. */
  snap: number;
  /** True if captures are wanted. */
  capture: boolean;
}

export type LabQuestion =
  | { ask: 'host'; host: 'client' | 'internet'; request: Partial<HostRequest> }
  | { ask: 'hairpin'; line: string }
  | { ask: 'ports' }
  | { ask: 'flush' }
  | { ask: 'pid' };

export type ToLab =
  { kind: 'begin'; setting: LabSetting } | { kind: 'question'; id: number; question: LabQuestion };

export type FromLab =
  | { kind: 'ready' }
  | { kind: 'failed'; text: string }
  | { kind: 'frames'; batch: Uint8Array }
  | { kind: 'print'; line: string }
  | { kind: 'answer'; id: number; answer: unknown }
  | { kind: 'refusal'; id: number; text: string };

interface Parts {
  router: PortThread;
  lanSwitch: PortThread;
  hosts: { client: HostProcess; internet: HostProcess };
}

function send(message: FromLab): void {
  // The other end may have been interrupted; then there is nobody left to tell.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function fail(text: string): void {
  send({ kind: 'failed', text });
}

async function begin(setting: LabSetting): Promise<Parts> {
  buildTopology(setting.forward === 'router');
  const start = process.hrtime.bigint();
  const listener = () => ({
    onFrames: (batch: Uint8Array) => send({ kind: 'frames', batch }),
    onPrint: (line: string) => send({ kind: 'print', line }),
    onFailure: fail,
  });
  const routerData: Omit<RouterData, 'wake'> = {
    ...ROUTER_PORTS,
    bundle: setting.bundle,
    files: setting.files,
    captureWan: setting.capture,
    snap: setting.snap,
    start,
  };
  const switchData: Omit<SwitchData, 'wake'> = {
    start,
    snap: setting.snap,
    capture: setting.capture,
    ports: [
      { name: SWITCH_PORTS.router, wire: 'router-lan' },
      { name: SWITCH_PORTS.client, wire: 'client' },
      { name: SWITCH_PORTS.server, wire: 'server' },
    ],
  };
  const forwarder = setting.forward === 'router' ? './router-thread.ts' : './copy-thread.ts';
  const host = (name: string) => new URL(`../hosts/${name}.ts`, import.meta.url);
  const [router, lanSwitch, client, internet] = await Promise.all([
    PortThread.start(new URL(forwarder, import.meta.url), routerData, listener()),
    PortThread.start(new URL('./switch-thread.ts', import.meta.url), switchData, listener()),
    HostProcess.start('client', host('client')),
    HostProcess.start('internet', host('client')),
    HostProcess.start('server', host('server'), CAST.S.address),
    HostProcess.start('internet', host('server'), CAST.I.address, CAST.J.address),
  ]);
  return { router, lanSwitch, hosts: { client, internet } };
}

async function answer({ router, lanSwitch, hosts }: Parts, question: LabQuestion): Promise<unknown> {
  switch (question.ask) {
    case 'host':
      return hosts[question.host].ask(question.request);
    case 'hairpin':
      return router.request('hairpin', question.line);
    case 'ports':
      return [...((await router.request('ports')) as []), ...((await lanSwitch.request('ports')) as [])];
    case 'flush':
      return;
    case 'pid':
      // Outside it is not 1; /proc is still the outside's.
      return Number(readlinkSync('/proc/self'));
  }
}

// The terminal sends Ctrl-C to everybody; only the process that started the lab decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => void end());
process.on('disconnect', () => void end());

let parts: Promise<Parts> | undefined;

/** A thread that blocks in `poll` would hold up the exit, so the threads are stopped first. */
async function end(): Promise<void> {
  const running = await parts?.catch(() => undefined);
  await Promise.all([running?.router.stop(), running?.lanSwitch.stop()]);
  process.exit(0);
}

process.on('message', (message: ToLab) => void hear(message));

async function hear(message: ToLab): Promise<void> {
  if (message.kind === 'begin') {
    parts = begin(message.setting);
    parts.then(
      () => send({ kind: 'ready' }),
      (error: Error) => fail(error.message),
    );
    return;
  }
  const { id, question } = message;
  try {
    const running = await parts!;
    const result = await answer(running, question);
    // Captures first: whoever hears the answer has heard of every frame before it.
    await Promise.all([running.router.request('flush'), running.lanSwitch.request('flush')]);
    send({ kind: 'answer', id, answer: result });
  } catch (error) {
    send({ kind: 'refusal', id, text: (error as Error).message });
  }
}
