/* `hairpin trace` on the command line: options and help. What it does is in host-tools/device/watch/trace.ts. */
import type { Command } from 'commander';
import type { TraceOptions } from '../../device/watch/trace.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `trace`. @param finish is told the exit code */
export function traceCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('trace')
    .description('tell every packet that the router sees, what became of it, and why')
    .argument('[host]', 'only packets from or to this address; without it all of them')
    .option('--count <number>', 'end after so many packets; without it at Ctrl-C')
    .option(portOption, portOptionText)
    .option('--json', 'at the end, print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nThe trace is switched off again at the end, also at Ctrl-C (exit code 130).\n' +
        '\nExamples:\n  hairpin trace 192.168.0.3\n  hairpin trace --count 10 --json',
    )
    .allowExcessArguments(false)
    .action(async (host: string | undefined, options: TraceOptions) => {
      const { runTrace } = await import('../../device/watch/trace.ts');
      finish(await runTrace(host, options));
    });
}
