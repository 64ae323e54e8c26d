/* `hairpin status` on the command line: options and help. What it does is in host-tools/device/watch/status.ts. */
import type { Command } from 'commander';
import type { StatusOptions } from '../../device/watch/status.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `status`. @param finish is told the exit code */
export function statusCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('status')
    .description('does the router on the cable run, and are both of its sides up?')
    .option(portOption, portOptionText)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 it runs and both chips and links are up, 1 not (a sentence says what), 2 it cannot be asked.\n' +
        '\nExamples:\n  hairpin status\n  hairpin status --port /dev/ttyUSB0 --json',
    )
    .allowExcessArguments(false)
    .action(async (options: StatusOptions) => {
      const { runStatus } = await import('../../device/watch/status.ts');
      finish(await runStatus(options));
    });
}
