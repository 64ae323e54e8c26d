/*
 * Can this machine and this user have a kernel lab? Found out by trying, in a second, what the lab needs; what was
 * missing is said in one sentence.
 */
import { spawnSync } from 'node:child_process';
import { environment, programExists } from './programs.ts';

export type LabPossible = { ok: true } | { ok: false; reason: string };

/** Options of `unshare` by who is asking; the second is for a root that lacks the privilege (in a container). */
export const AS_ROOT: readonly string[] = ['--net', '--mount', '--pid', '--kill-child'];
export const AS_USER: readonly string[] = ['--user', '--map-root-user', ...AS_ROOT];

/** What the lab does with the system, in small: private namespaces, a cable, a forwarding host, an address. */
const TRIAL = `
mount -t tmpfs tmpfs /run && mkdir /run/netns
ip netns add a
ip link add x type veth peer name y
ip link set y netns a
ip -n a addr add 192.0.2.1/24 dev y
ip netns exec a sh -ec 'echo 1 > /proc/sys/net/ipv4/ip_forward'`;

let found: { options: readonly string[] } | { reason: string } | undefined;

function tryOptions(options: readonly string[]): string | null {
  const trial = spawnSync('unshare', [...options, 'sh', '-ec', TRIAL], {
    env: environment(),
    encoding: 'utf8',
  });
  if (trial.status === 0) return null;
  return trial.error?.message ?? (trial.stderr.trim().split('\n')[0] || `unshare ended with ${trial.status}`);
}

function find(): { options: readonly string[] } | { reason: string } {
  if (process.platform !== 'linux') return { reason: 'Network namespaces exist only on Linux.' };
  for (const [program, package_] of [
    ['unshare', 'util-linux'],
    ['setpriv', 'util-linux'],
    ['ip', 'iproute2'],
    ['ping', 'iputils-ping'],
  ])
    if (!programExists(program))
      return { reason: `The program '${program}' is missing (Debian package ${package_}).` };
  let complaint = '';
  for (const options of process.getuid?.() === 0 ? [AS_ROOT, AS_USER] : [AS_USER]) {
    const refusal = tryOptions(options);
    if (refusal === null) return { options };
    complaint = refusal;
  }
  return { reason: `This system does not let this user make network namespaces: ${complaint}.` };
}

/** Tries once per process. */
export function kernelLabPossible(): LabPossible {
  found ??= find();
  return 'reason' in found ? { ok: false, reason: found.reason } : { ok: true };
}

/** The options of `unshare` that worked. Throws the reason where none did. */
export function unshareOptions(): readonly string[] {
  found ??= find();
  if ('reason' in found) throw new Error(found.reason);
  return found.options;
}
