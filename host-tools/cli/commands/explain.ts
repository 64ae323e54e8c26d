/* `hairpin explain` on the command line: options and help. What it does is in host-tools/explain. */
import type { Command } from 'commander';
import type { ExplainOptions } from '../../explain/explain.ts';
import { UserError } from '../user-error.ts';

/** Adds `explain`. @param finish is told the exit code */
export function explainCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('explain')
    .description('what the router would do with a packet or a capture, asked of the real firmware')
    .argument(
      '<what...>',
      'a packet in quotes - "tcp SOURCE:PORT > DESTINATION:PORT", "udp ...", "icmp SOURCE > DESTINATION" - or a pcap or pcapng file',
    )
    .option('--config <file>', 'the configuration', './hairpin.json')
    .option('--on <wan|lan>', 'the packet arrives on this side, wherever its source address lives')
    .option('--svg <file>', 'draw the packet into this file as well')
    .option('--write <file>', 'write the capture into this file, with what is explained as comments (pcapng)')
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 it gets through and its answer comes back (of a file: no packet was dropped), 1 not.\n' +
        '\nExamples:\n  hairpin explain "tcp 192.168.0.3:33333 > 12.0.0.1:25"\n' +
        '  hairpin explain "icmp 198.51.100.10 > 12.0.0.1" --svg ping.svg\n' +
        '  hairpin explain "udp 192.168.0.3:4000 > 12.0.0.1:5000" --on wan --config home.json\n' +
        '  hairpin explain capture.pcapng --write explained.pcapng',
    )
    .action(async (words: string[], options: ExplainOptions) => {
      if (words.length > 1)
        throw new UserError(
          `One packet or one file at a time, and a packet in quotes: hairpin explain "${words.join(' ')} > ...". Without them the shell takes > for a file to write to.`,
        );
      const { runExplain } = await import('../../explain/explain.ts');
      finish(await runExplain(words[0], options));
    });
}
