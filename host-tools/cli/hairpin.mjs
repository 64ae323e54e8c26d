#!/usr/bin/env node
/*
 * The `hairpin` command as npm installs it. In a clone it teaches Node to read the project's TypeScript; in the
 * package, which has none, the same is there compiled. Then it hands over. Plain JavaScript without dependencies up to
 * there, so that an old Node or a missing installation gets its sentence.
 */
import { existsSync } from 'node:fs';

/** As in package.json. */
const oldest = [20, 19];
/** A usage, configuration or tool error. */
const toolError = 2;
const interrupted = 130;

function stop(sentence) {
  process.stderr.write(`hairpin: ${sentence}\n`);
  process.exit(toolError);
}

// Whoever reads the output may stop reading (`hairpin lab | head`); the work goes on to its end.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') stop(`The output cannot be written: ${error.code}.`);
});

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  stop(`This needs Node.js ${oldest.join('.')} or newer; here is ${process.versions.node}.`);
}
const sources = new URL('./main.ts', import.meta.url);
const compiled = new URL('../../dist/js/host-tools/cli/main.js', import.meta.url);
const isClone = existsSync(sources);
if (isClone) {
  const { register } = await import('tsx/esm/api').catch(() =>
    stop('Its packages are not installed; run npm ci in the project directory first.'),
  );
  register();
} else if (!existsSync(compiled)) {
  stop('It was packed without being built; npm pack must be allowed to run its scripts.');
}
const { main } = await import(isClone ? sources : compiled);
const exitCode = await main(process.argv.slice(2));
// What was interrupted has been tidied up; its sockets and timers are not waited for.
if (exitCode === interrupted) process.exit(exitCode);
process.exitCode = exitCode;
