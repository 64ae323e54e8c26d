/*
 * The network of one world: hosts and cables of the lab, its LAN switch with a cable as bad as wanted, and the router
 * that is tested - the firmware, or Linux with nftables in a namespace of its own. For programs that run in namespaces
 * made for them.
 */
import { readFileSync } from 'node:fs';
import { HostProcess } from '../../../host-tools/lab/kernel/host-process.ts';
import { PortThread } from '../../../host-tools/lab/kernel/port-thread.ts';
import { runProgram } from '../../../host-tools/lab/kernel/programs.ts';
import type { RouterData } from '../../../host-tools/lab/kernel/router-thread.ts';
import type { SwitchData } from '../../../host-tools/lab/kernel/switch-thread.ts';
import { ROUTER_PORTS, SWITCH_PORTS, buildTopology } from '../../../host-tools/lab/kernel/topology.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';
import { PUBLIC_PORT, SERVER_PORT, ruleset, type NftRouter, type Router } from '../routers.ts';

const { P, G, R, S } = CAST;

export interface Network {
  router: Router;
  /** The host at the end of the bad cable. */
  far: 'client' | 'server';
  /** Percent of the frames lost on that cable, each way, by the choice of `seed`. */
  loss: number;
  seed: number;
}

/** Runs a program in the router's namespace. */
export function inRouter(...command: string[]): string {
  return runProgram('ip', ['netns', 'exec', 'router', ...command]);
}

const threads: PortThread[] = [];
let firmware: PortThread | null = null;

async function startNftRouter(options: NftRouter): Promise<void> {
  const ip = (text: string) => runProgram('ip', text.split(' '));
  ip('netns add router');
  inRouter('sh', '-ec', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  for (const [name, { address, mac }] of [
    [ROUTER_PORTS.wan, P],
    [ROUTER_PORTS.lan, R],
  ] as const) {
    ip(`link set ${name} netns router`);
    ip(`-n router link set ${name} arp on address ${mac} up`);
    ip(`-n router addr add ${address}/24 dev ${name}`);
  }
  ip(`-n router link set lo up`);
  ip(`-n router route add default via ${G.address}`);
  runProgram('ip', ['netns', 'exec', 'router', 'nft', '-f', '-'], ruleset(options));
  for (const [name, value] of Object.entries(options.settings ?? {}))
    inRouter('sh', '-ec', `echo ${value} > /proc/sys/net/netfilter/${name}`);
  if (options.page)
    await HostProcess.startAs(
      [],
      'router',
      new URL('./service.ts', import.meta.url),
      'page',
      `${PUBLIC_PORT}`,
      'the router',
    );
}

/** Boots the firmware between the two ports. A thread that ran before is stopped. */
async function bootFirmware(hairpin: string): Promise<void> {
  await firmware?.stop();
  const root = new URL('../../../', import.meta.url);
  const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
  const forward = { proto: 'both', port: PUBLIC_PORT, to: `${S.address}:${SERVER_PORT}`, hairpin };
  const config = {
    wan: { address: `${P.address}/24`, gateway: G.address, mac: P.mac },
    lan: { address: `${R.address}/24`, mac: R.mac },
    forwards: [{ name: 'bench', ...forward }],
  };
  const data: Omit<RouterData, 'wake'> = {
    ...ROUTER_PORTS,
    bundle: read('dist/firmware.js'),
    files: {
      'board.json': read('boards/esp32-shared-bus/board.json'),
      'config.json': JSON.stringify(config),
    },
    captureWan: false,
    snap: 0,
    start: process.hrtime.bigint(),
  };
  firmware = await PortThread.start(new URL('host-tools/lab/kernel/router-thread.ts', root), data);
}

async function startSwitch({ far, loss, seed }: Network): Promise<void> {
  const data: Omit<SwitchData, 'wake'> = {
    start: process.hrtime.bigint(),
    snap: 0,
    capture: false,
    ports: [
      { name: SWITCH_PORTS.router, wire: 'router-lan' },
      { name: SWITCH_PORTS.client, wire: 'client' },
      { name: SWITCH_PORTS.server, wire: 'server' },
    ],
    loss: { port: SWITCH_PORTS[far], share: loss / 100, seed },
  };
  const program = new URL('../../../host-tools/lab/kernel/switch-thread.ts', import.meta.url);
  threads.push(await PortThread.start(program, data));
}

export interface OpenNetwork {
  /** Stops the threads, without which the process cannot end. */
  close(): Promise<void>;
  /** Boots the firmware anew, with nothing in its tables; does nothing to other routers. */
  reboot(): Promise<void>;
}

/** Builds it all. */
export async function openNetwork(network: Network): Promise<OpenNetwork> {
  const close = async () => {
    await firmware?.stop();
    await Promise.all(threads.map((thread) => thread.stop()));
  };
  // An error must not leave a thread that blocks in `poll`, and with it this process.
  process.on('uncaughtException', (error) => {
    console.error(error.stack);
    void close().finally(() => process.exit(1));
  });
  buildTopology(true);
  await startSwitch(network);
  const { router } = network;
  const reboot = async () => {
    if (router.kind === 'firmware') await bootFirmware(router.hairpin);
  };
  await reboot();
  if (router.kind === 'nftables') await startNftRouter(router);
  return { close, reboot };
}
