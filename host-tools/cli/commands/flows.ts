/* `hairpin flows` on the command line: options and help. What it does is in host-tools/device/watch/flows.ts. */
import type { Command } from 'commander';
import type { FlowsOptions } from '../../device/watch/flows.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `flows`. @param finish is told the exit code */
export function flowsCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('flows')
    .description('the conversations that the router remembers')
    .option(portOption, portOptionText)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText('after', '\nExamples:\n  hairpin flows\n  hairpin flows --json > flows.json')
    .allowExcessArguments(false)
    .action(async (options: FlowsOptions) => {
      const { runFlows } = await import('../../device/watch/flows.ts');
      finish(await runFlows(options));
    });
}
