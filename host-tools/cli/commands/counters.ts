/* `hairpin counters` on the command line: options and help. What it does is in host-tools/device/watch/counters.ts. */
import type { Command } from 'commander';
import type { CountersOptions } from '../../device/watch/counters.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `counters`. @param finish is told the exit code */
export function countersCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('counters')
    .description('what the router has counted since its start, and what it means')
    .option(portOption, portOptionText)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nWithout --json only what is not zero.\n' +
        '\nExamples:\n  hairpin counters\n  hairpin counters --json',
    )
    .allowExcessArguments(false)
    .action(async (options: CountersOptions) => {
      const { runCounters } = await import('../../device/watch/counters.ts');
      finish(await runCounters(options));
    });
}
