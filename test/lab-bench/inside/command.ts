/*
 * The command as people type it, as an ordinary user on the client, against a router that is named: command.ts ROUTER
 * [nat-pmp=ADDRESS] [interrupt] -- ARGUMENTS OF PROBE. Prints what it printed, its exit code, the page it wrote, and how
 * many packets for P the router got from the LAN.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HostProcess, ORDINARY_USER } from '../../../host-tools/lab/kernel/host-process.ts';
import { environment } from '../../../host-tools/lab/kernel/programs.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';
import { ROUTERS, SERVER_PORT, type RouterName } from '../routers.ts';
import { inRouter, openNetwork } from './network.ts';

export interface CommandOutcome {
  code: number | null;
  out: string;
  err: string;
  responder: string;
  html: string | null;
  packetsForP: number;
  milliseconds: number;
}

/** /run is the world's own. */
const HTML = '/run/report.html';
/** Into the middle of the measurement, ms. */
const INTERRUPT_AFTER = 2500;
const OUTSIDE_PORT = 8026;

const words = process.argv.slice(2);
const dashes = words.indexOf('--');
const [router, ...extras] = words.slice(0, dashes);
const probeArguments = words.slice(dashes + 1);

const hairpin = fileURLToPath(new URL('../../../host-tools/cli/hairpin.mjs', import.meta.url));

function bench(
  namespace: string,
  ...rest: string[]
): { child: ChildProcess; said: { out: string; err: string } } {
  const command = ['netns', 'exec', namespace, ...ORDINARY_USER, process.execPath, hairpin, 'bench', ...rest];
  const child = spawn('ip', command, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  return { child, said };
}

const { close } = await openNetwork({
  router: ROUTERS[router as RouterName],
  far: 'client',
  loss: 0,
  seed: 1,
});
inRouter('nft', 'add table ip count');
inRouter('nft', 'add chain ip count seen { type filter hook prerouting priority raw; }');
inRouter('nft', `add rule ip count seen iifname "lan" ip daddr ${CAST.P.address} counter`);
const natPmp = extras.find((word) => word.startsWith('nat-pmp='));
if (natPmp)
  await HostProcess.startAs([], 'router', new URL('./nat-pmp.ts', import.meta.url), natPmp.split('=')[1]);
const responder = bench('server', 'respond', '--port', `${SERVER_PORT}`);
const helper = bench('internet', 'respond', '--port', `${OUTSIDE_PORT}`, '--outside');
await Promise.all([once(responder.child.stdout!, 'data'), once(helper.child.stdout!, 'data')]);

const begin = performance.now();
const { child, said } = bench('client', 'probe', ...probeArguments);
if (extras.includes('interrupt')) setTimeout(() => child.kill('SIGINT'), INTERRUPT_AFTER);
const [code] = (await once(child, 'close')) as [number | null];
const counted = /packets (\d+)/.exec(inRouter('nft', 'list chain ip count seen'));
const outcome: CommandOutcome = {
  code,
  ...said,
  responder: responder.said.out,
  html: existsSync(HTML) ? readFileSync(HTML, 'utf8') : null,
  packetsForP: Number(counted?.[1]),
  milliseconds: performance.now() - begin,
};
console.log(JSON.stringify(outcome));
await close();
process.exit(0);
