/*
 * One router, a server, a client, and the prober run so often: world.ts CASE RUNS LOSS SEED. To be started in
 * namespaces of its own (run-world.ts); the last line it prints is the JSON of what came of it.
 */
import { HostProcess, ORDINARY_USER } from '../../../host-tools/lab/kernel/host-process.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';
import type { ProbeSetting } from '../../../host-tools/bench/probe/probe.ts';
import { CASES } from '../cases.ts';
import { PUBLIC_PORT, ROUTERS, SERVER_PORT } from '../routers.ts';
import type { RunResult, WorldResult } from '../run-world.ts';
import { openNetwork } from './network.ts';

const { P, R, S, C } = CAST;
const [caseNumber, runs, loss, seed] = process.argv.slice(2).map(Number);
const tested = CASES[caseNumber];
const { server = 'responder', protocols = ['tcp', 'udp'], self = false, blind = false } = tested;
/** Long enough for the router that forgets within a second: its clock may be a second late. */
const HOLD = 3;
/**
 * The firmware has room for 512 flows, remembers each for minutes as RFCs 4787 and 5382 ask, and evicts none yet. A run
 * takes some 40; so many in a row would fill it, and what bench then finds is a full router.
 */
const RUNS_A_BOOT = 8;

const here = (name: string) => new URL(`./${name}.ts`, import.meta.url);
const user = (who: 'client' | 'server') => (tested.root === who ? [] : ORDINARY_USER);

const far = self ? 'server' : 'client';
const { close, reboot } = await openNetwork({ router: ROUTERS[tested.router], far, loss, seed });
const program = here(server === 'responder' ? 'responder' : 'service');
const described = server === 'responder' ? [`${SERVER_PORT}`] : [server, `${SERVER_PORT}`, 'the server'];
await HostProcess.startAs(user('server'), 'server', program, ...described);
const client = await HostProcess.startAs(user('client'), far, here('prober'));

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
for (let run = 0; run < runs; run++) {
  if (run > 0 && run % RUNS_A_BOOT === 0) await reboot();
  results.push((await client.ask(setting as never)) as RunResult);
}
console.log(JSON.stringify({ results } satisfies WorldResult));
await close();
// The hosts would keep this process waiting; they go with its namespaces.
process.exit(0);
