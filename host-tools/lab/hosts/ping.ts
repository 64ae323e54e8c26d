/*
 * ICMP by the `ping` program: Node cannot send or receive it, and every system has one. Reads the output of
 * iputils' ping. Bounded by a timeout; never fails because of what the network did.
 */
import { spawn } from 'node:child_process';
import type { PingResult, TtlResult } from '../lab.ts';

/** Between echo requests, seconds; the least an ordinary user may ask for. */
const INTERVAL = '0.2';

/** Runs ping until it ends or the time is over, and returns what it printed. */
function run(options: string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, LC_ALL: 'C' };
    const ping = spawn('ping', ['-n', ...options], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
    const timer = setTimeout(() => ping.kill('SIGKILL'), timeoutMs);
    let output = '';
    ping.stdout.setEncoding('latin1').on('data', (text) => (output += text));
    ping.on('error', (error) => reject(new Error(`ping could not be run: ${error.message}`)));
    ping.on('close', () => {
      clearTimeout(timer);
      resolve(output);
    });
  });
}

/** Sends `count` echo requests and counts the answers; an answer that came twice counts once. */
export async function ping(address: string, count: number, timeoutMs: number): Promise<PingResult> {
  const output = await run(['-c', String(count), '-i', INTERVAL, address], timeoutMs);
  const answered = new Set<string>();
  const from = new Set<string>();
  for (const match of output.matchAll(/^\d+ bytes from ([\d.]+): icmp_seq=(\d+)/gm)) {
    from.add(match[1]);
    answered.add(match[2]);
  }
  return { sent: count, received: answered.size, from: [...from] };
}

/** Sends one echo request with this TTL. */
export async function ttlProbe(address: string, ttl: number, timeoutMs: number): Promise<TtlResult> {
  const output = await run(['-c', '1', '-t', String(ttl), address], timeoutMs);
  const reached = /^\d+ bytes from ([\d.]+):/m.exec(output);
  if (reached) return { outcome: 'reached', from: reached[1] };
  const error = /^From ([\d.]+):? icmp_seq=\d+ (.*)$/m.exec(output);
  if (!error) return { outcome: 'timeout' };
  return {
    outcome: error[2].startsWith('Time to live exceeded') ? 'exceeded' : 'unreachable',
    from: error[1],
  };
}
