// Which interpreter this is, by its own words. Runs it once.
import { execFileSync } from 'node:child_process';

/**
 * The version and the year in its banner, such as "2v29 (2026)". The year is part of the name because builds from a
 * checkout without tags all give the same version, whatever their source.
 */
export function versionOf(interpreter: string): string {
  const output = execFileSync(interpreter, ['-e', 'print("")'], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const banner = /(\S+) \(c\) (\d{4})/.exec(output);
  if (!banner) throw new Error(`${interpreter} does not introduce itself as Espruino does.`);
  return `${banner[1]} (${banner[2]})`;
}
