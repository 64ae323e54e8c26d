/*
 * `hairpin run` between two cables whose far ends are ordinary hosts with all offloads on: a client on the LAN, a
 * server on the Internet. Prints what they experienced and what is left of it after Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { HostProcess } from '../../../host-tools/lab/kernel/host-process.ts';
import { nodeArguments } from '../../../host-tools/lab/kernel/own-module.ts';
import { readFeatures } from '../../../host-tools/lab/kernel/offloads.ts';
import { runProgram } from '../../../host-tools/lab/kernel/programs.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';

const { P, G, R, C } = CAST;
const CONFIG = {
  wan: { address: `${P.address}/24`, gateway: G.address, mac: P.mac },
  lan: { address: `${R.address}/24`, mac: R.mac },
};

function layCables(): void {
  runProgram('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  mkdirSync('/run/netns');
  const hosts = { wan: ['internet', G.address], lan: ['client', C.address] } as const;
  for (const [port, [host, address]] of Object.entries(hosts)) {
    for (const command of [
      `netns add ${host}`,
      `link add ${port} type veth peer name eth0 netns ${host}`,
      `link set ${port} up`,
      `-n ${host} link set eth0 up`,
      `-n ${host} addr add ${address}/24 dev eth0`,
    ])
      runProgram('ip', command.split(' '));
  }
  runProgram('ip', ['-n', 'client', 'route', 'add', 'default', 'via', R.address]);
}

function state(): unknown {
  const links = JSON.parse(runProgram('ip', ['-j', '-d', 'link', 'show'])) as { promiscuity: number }[];
  return {
    features: [readFeatures('wan'), readFeatures('lan')],
    promiscuity: links.map((link) => link.promiscuity),
  };
}

layCables();
const config = '/run/hairpin.json';
writeFileSync(config, JSON.stringify(CONFIG));
const before = state();
const run = spawn(
  process.execPath,
  nodeArguments(new URL('./run-router.ts', import.meta.url), 'wan', 'lan', config),
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
const output: string[] = [];
let errors = '';
run.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
const lines = createInterface({ input: run.stdout }).on('line', (line) => output.push(line));
const exit = once(run, 'exit');
await Promise.race([once(lines, 'line'), exit]);
const during = state();
const host = (name: string) => new URL(`../../../host-tools/lab/hosts/${name}.ts`, import.meta.url);
const [client] = await Promise.all([
  HostProcess.start('client', host('client')),
  HostProcess.start('internet', host('server'), G.address),
]);
const greeting = await client.ask({ verb: 'connect', address: G.address, port: 25, timeoutMs: 3000 });
const udp = await client.ask({
  verb: 'udpEcho',
  address: G.address,
  port: 5000,
  text: 'hi',
  timeoutMs: 2000,
});
// A body big enough for the server's card to be asked to cut it up.
await client.ask({ verb: 'httpGet', address: G.address, port: 80, path: '/8mb', timeoutMs: 1500 });
run.kill('SIGINT');
const [code, signal] = (await exit) as [number | null, string | null];
console.log(JSON.stringify({ before, during, after: state(), code, signal, greeting, udp, output, errors }));
// The hosts would keep this process waiting; they go with its namespaces.
process.exit(0);
