/* `hairpin neighbours` on the command line: options and help. What it does is in host-tools/device/watch/neighbours.ts. */
import type { Command } from 'commander';
import type { NeighboursOptions } from '../../device/watch/neighbours.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `neighbours`. @param finish is told the exit code */
export function neighboursCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('neighbours')
    .description('whom the router knows by MAC address, and whom it asks for')
    .option(portOption, portOptionText)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText('after', '\nExamples:\n  hairpin neighbours\n  hairpin neighbours --json')
    .allowExcessArguments(false)
    .action(async (options: NeighboursOptions) => {
      const { runNeighbours } = await import('../../device/watch/neighbours.ts');
      finish(await runNeighbours(options));
    });
}
