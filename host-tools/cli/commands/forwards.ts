/* `hairpin forwards` on the command line: options and help. What it does is in host-tools/device/watch/forwards.ts. */
import type { Command } from 'commander';
import type { ForwardsOptions } from '../../device/watch/forwards.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `forwards`. @param finish is told the exit code */
export function forwardsCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('forwards')
    .description('the port forwards that run, and how often each was used')
    .option(portOption, portOptionText)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText('after', '\nExamples:\n  hairpin forwards\n  hairpin forwards --json')
    .allowExcessArguments(false)
    .action(async (options: ForwardsOptions) => {
      const { runForwards } = await import('../../device/watch/forwards.ts');
      finish(await runForwards(options));
    });
}
