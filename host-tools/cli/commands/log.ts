/* `hairpin log` on the command line: options and help. What it does is in host-tools/device/watch/log.ts. */
import type { Command } from 'commander';
import type { LogOptions } from '../../device/watch/log.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `log`. @param finish is told the exit code */
export function logCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('log')
    .description('what has happened to the router since its start: links, chips, addresses, troubles')
    .option('--follow', 'go on with what happens from now on, until Ctrl-C', false)
    .option(portOption, portOptionText)
    .option('--json', 'at the end, print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nThe router keeps the last 32 entries, until it is restarted; docs/events.md lists what there is.' +
        '\nWhat repeats within a minute is one entry.\n' +
        '\nExamples:\n  hairpin log\n  hairpin log --follow\n  hairpin log --json',
    )
    .allowExcessArguments(false)
    .action(async (options: LogOptions) => {
      const { runLog } = await import('../../device/watch/log.ts');
      finish(await runLog(options));
    });
}
