/*
 * One command of `hairpin config` or `hairpin forward` at a time against the real firmware on a soft board, and a
 * configuration as somebody may have written it.
 */
import type { ExecutionContext } from 'ava';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { temporaryFile } from '../../cli/command.ts';
import { type SoftRouter, edgesOn } from '../console/soft-router.ts';

export const text = { json: false, restart: true };
export const json = { json: true, restart: true };

export async function refused(t: ExecutionContext, run: Promise<number>, sentence: RegExp, exitCode = 2) {
  const error = await t.throwsAsync<UserError>(run, { instanceOf: UserError, message: sentence });
  t.is(error?.exitCode, exitCode, error?.message);
}

/** A config as somebody may have written it, with lines, tabs and many blanks. */
export function homeText(wan = '12.0.0.1/24', count = 3): string {
  const forwards = Array.from(
    { length: count },
    (_, n) => `\t\t{ "name": "f${n}",  "proto": "tcp", "port": ${1000 + n}, "to": "192.168.0.2" }`,
  );
  return `{\r\n  "wan": { "address": "${wan}", "gateway": "12.0.0.254", "mac": "02:00:00:00:0c:01" },\n  "lan": { "address": "192.168.0.1/24", "mac": "02:00:00:00:a8:01" },\n\n  "forwards": [\n${forwards.join(',\n')}\n  ]\n}\n`;
}

export function home(t: ExecutionContext, content = homeText()): string {
  const file = temporaryFile('home.json', content);
  t.teardown(file.remove);
  return file.path;
}

/** One command; what it printed. The line stays open for the next one. */
export async function run(
  soft: SoftRouter,
  command: (edges: SoftRouter['edges']) => Promise<number>,
): Promise<{ exitCode: number; out: string; remarks: string[] }> {
  const { host } = soft.pair;
  const edges = edgesOn({ ...host, close: () => Promise.resolve() }, soft.time);
  const exitCode = await command(edges);
  return { exitCode, out: edges.out.join('\n'), remarks: edges.remarks };
}
