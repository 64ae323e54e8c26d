/*
 * `hairpin bench respond`: runs a responder until Ctrl-C, and says what to type on the client.
 */
import { networkInterfaces } from 'node:os';
import { hairpinCommand } from '../cli/package-root.ts';
import { parsePort } from './endpoint.ts';
import { Responder } from './responder.ts';

export interface RespondOptions {
  port: string;
  outside: boolean;
}

/** DESIGN's exit code of everything that Ctrl-C ended. */
const INTERRUPTED = 130;

function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'THIS-HOST';
}

function greeting({ outside, watching }: { outside: boolean; watching: boolean }, port: number): string[] {
  const lines = [`Responding on TCP and UDP port ${port}; Ctrl-C ends it.`];
  if (outside)
    return [
      ...lines,
      'Whoever asks is called back, at no other address than the one they came from.',
      `On the client add: --outside ${ownAddress()}:${port}`,
    ];
  return [
    ...lines,
    watching
      ? 'Packets that no program is given are noticed, too (this is root).'
      : 'As root (sudo) it would also notice packets that no program is given, which proves more.',
    `On a client in the LAN: ${hairpinCommand} bench probe --public PUBLIC-ADDRESS:PORT --server ${ownAddress()}:${port}`,
  ];
}

/** Runs until SIGINT, SIGTERM or SIGHUP. Rejects with a UserError where the port cannot be had. */
export async function runRespond(options: RespondOptions): Promise<number> {
  const port = parsePort(options.port, '--port');
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const responder = await Responder.open({ port, outside: options.outside, onLine: say });
  for (const line of greeting({ outside: options.outside, watching: responder.watching }, port)) say(line);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await responder.close();
  return INTERRUPTED;
}
