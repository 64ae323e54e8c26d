#!/usr/bin/env node
/*
 * The `hairpin` command as npm installs it: teaches Node to read the project's TypeScript, then hands over.
 */
import { register } from 'tsx/esm/api';

// Whoever reads the output may stop reading (`hairpin lab | head`); the work goes on to its end.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

register();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
