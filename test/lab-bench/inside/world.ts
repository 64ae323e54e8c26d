/*
 * One router, a server, a client, and the prober run so often: world.ts CASE RUNS LOSS SEED. To be started in
 * namespaces of its own (run-world.ts); the last line it prints is the JSON of what came of it.
 */
import { readFileSync } from 'node:fs';
import { HostProcess, ORDINARY_USER } from '../../../host-tools/lab/kernel/host-process.ts';
import { PortThread } from '../../../host-tools/lab/kernel/port-thread.ts';
import { runProgram } from '../../../host-tools/lab/kernel/programs.ts';
import type { RouterData } from '../../../host-tools/lab/kernel/router-thread.ts';
import type { SwitchData } from '../../../host-tools/lab/kernel/switch-thread.ts';
import { ROUTER_PORTS, SWITCH_PORTS, buildTopology } from '../../../host-tools/lab/kernel/topology.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';
import type { ProbeSetting } from '../../../host-tools/bench/probe/probe.ts';
import { CASES } from '../cases.ts';
import { PUBLIC_PORT, ROUTERS, SERVER_PORT, ruleset, type NftRouter, type Router } from '../routers.ts';
import type { RunResult, WorldResult } from '../run-world.ts';

const { P, G, R, S, C } = CAST;
const [caseNumber, runs, lossPercent, seed] = process.argv.slice(2).map(Number);
const tested = CASES[caseNumber];
const { server = 'responder', protocols = ['tcp', 'udp'], self = false, blind = false } = tested;
const router: Router = ROUTERS[tested.router];
/** Long enough for the router that forgets within a second: its clock may be a second late. */
const HOLD = 3;

const here = (name: string) => new URL(`./${name}.ts`, import.meta.url);
const user = (who: 'client' | 'server') => (tested.root === who ? [] : ORDINARY_USER);

function inRouter(...command: string[]): string {
  return runProgram('ip', ['netns', 'exec', 'router', ...command]);
}

const threads: PortThread[] = [];

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
    await HostProcess.startAs([], 'router', here('service'), 'page', `${PUBLIC_PORT}`, 'the router');
}

async function startFirmware(hairpin: string): Promise<void> {
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
  threads.push(await PortThread.start(new URL('host-tools/lab/kernel/router-thread.ts', root), data));
}

async function startSwitch(): Promise<void> {
  const data: Omit<SwitchData, 'wake'> = {
    start: process.hrtime.bigint(),
    snap: 0,
    capture: false,
    ports: [
      { name: SWITCH_PORTS.router, wire: 'router-lan' },
      { name: SWITCH_PORTS.client, wire: 'client' },
      { name: SWITCH_PORTS.server, wire: 'server' },
    ],
    loss: { port: self ? SWITCH_PORTS.server : SWITCH_PORTS.client, share: lossPercent / 100, seed },
  };
  const program = new URL('../../../host-tools/lab/kernel/switch-thread.ts', import.meta.url);
  threads.push(await PortThread.start(program, data));
}

async function startServer(): Promise<void> {
  if (server === 'responder')
    await HostProcess.startAs(user('server'), 'server', here('responder'), `${SERVER_PORT}`);
  else
    await HostProcess.startAs(
      user('server'),
      'server',
      here('service'),
      server,
      `${SERVER_PORT}`,
      'the server',
    );
}

buildTopology(true);
await startSwitch();
if (router.kind === 'firmware') await startFirmware(router.hairpin);
else await startNftRouter(router);
await startServer();
const client = await HostProcess.startAs(user('client'), self ? 'server' : 'client', here('prober'));

const setting: ProbeSetting = {
  public: { address: P.address, port: PUBLIC_PORT },
  publicName: P.address,
  server: blind ? null : { address: S.address, port: SERVER_PORT },
  outside: null,
  protocols,
  client: self ? S.address : C.address,
  gateway: R.address,
  gatewayWord: { said: 'not asked' },
  hold: HOLD,
  throughputBytes: 0,
};
const results: RunResult[] = [];
for (let run = 0; run < runs; run++) results.push((await client.ask(setting as never)) as RunResult);
console.log(JSON.stringify({ results } satisfies WorldResult));
// A thread that blocks in `poll` would hold up the exit.
await Promise.all(threads.map((thread) => thread.stop()));
// The hosts would keep this process waiting; they go with its namespaces.
process.exit(0);
