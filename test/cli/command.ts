/*
 * For the tests of the command line: runs it in this process with both output streams caught, and keeps files for
 * it. Never two command lines at a time: the streams belong to the process.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../host-tools/cli/main.ts';

export interface Outcome {
  exitCode: number;
  out: string;
  err: string;
}

/** Runs one command line, as words or separated by blanks. @param env environment variables for its time */
export async function hairpin(line: string | string[], env: Record<string, string> = {}): Promise<Outcome> {
  const before = { ...process.env };
  const texts = { out: '', err: '' };
  const release = [
    hold(process.stdout, (text) => (texts.out += text)),
    hold(process.stderr, (text) => (texts.err += text)),
  ];
  Object.assign(process.env, env);
  try {
    return {
      exitCode: await main(typeof line === 'string' ? line.split(' ').filter(Boolean) : line),
      ...texts,
    };
  } finally {
    for (const letGo of release) letGo();
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** A file with this text, in a directory of its own; gone when `remove` is called. */
export function temporaryFile(name: string, text: string): { path: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'hairpin-cli-'));
  const path = join(directory, name);
  writeFileSync(path, text);
  return { path, remove: () => rmSync(directory, { recursive: true }) };
}

/** Catches what is written to a stream until the returned function is called. */
export function hold(stream: NodeJS.WriteStream, take: (text: string) => void): () => void {
  const write = stream.write.bind(stream);
  stream.write = ((text: string | Uint8Array) => {
    take(String(text));
    return true;
  }) as typeof stream.write;
  return () => {
    stream.write = write;
  };
}
