/* coturn's tester of NATs and the server it needs: one with two addresses and two ports, at I and J. */
import { CAST } from '../../host-tools/lab/lab.ts';
import type { JudgesLab, Said } from './judges-lab.ts';

const { I, J } = CAST;
const PORT = 3478;
const SERVER = [
  'turnserver',
  ...['-n', '-S', '-L', I.address, '-L', J.address, '-p', `${PORT}`, '--alt-listening-port', `${PORT + 1}`],
  ...['--no-auth', '--no-tls', '--no-dtls', '--no-cli', '--simple-log'],
];
/** It listens before it answers; so often it is asked whether it does, each time for some seconds. */
const TRIES = 4;
const started = new WeakMap<JudgesLab, Promise<void>>();

async function start(judges: JudgesLab): Promise<void> {
  await judges.serve('internet', SERVER, ['udp', PORT + 1]);
  for (let tried = 0; tried < TRIES; tried++) {
    const said = await judges.run('internet', ['turnutils_natdiscovery', '-m', I.address]);
    if (verdictOf(said)) return;
  }
  throw new Error('turnserver does not answer on its own host.');
}

/** Starts it once in a lab. */
export async function startTurnserver(judges: JudgesLab): Promise<void> {
  let running = started.get(judges);
  if (!running) started.set(judges, (running = start(judges)));
  await running;
}

/** The line between the double rules: "NAT with Endpoint Independent Mapping!". */
export function verdictOf({ out }: Said): string | undefined {
  return /^=+\n(NAT with .*)\n=+$/m.exec(out)?.[1];
}
