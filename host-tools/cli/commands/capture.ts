/* `hairpin capture` on the command line: options and help. What it does is in host-tools/device/watch/capture.ts. */
import type { Command } from 'commander';
import type { CaptureOptions } from '../../device/watch/capture.ts';
import { portOption, portOptionText } from '../port-option.ts';
import { UserError } from '../user-error.ts';

/** Adds `capture`. @param finish is told the exit code */
export function captureCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('capture')
    .description('write what crosses both sides of the router as pcapng, with what became of each packet')
    .argument('[file]', "where to; '-' is the standard output, without it out/capture.pcapng")
    .option('--host <address>', 'only packets from or to this address; without it all of them')
    .option('--snap <bytes>', 'how much to keep of each packet, 34 to 1514; without it 96')
    .option('--count <number>', 'end after so many packets')
    .option('--seconds <number>', 'end after so many seconds; without either at Ctrl-C')
    .option(portOption, portOptionText)
    .option('--json', 'at the end, print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nA packet that was sent on is in the file twice, as it arrived and as it left; docs/capture.md says more.\n' +
        'The capture is switched off again at the end, also at Ctrl-C (exit code 130).\n' +
        '\nExamples:\n  hairpin capture problem.pcapng --host 192.168.0.3\n' +
        '  hairpin capture - | wireshark -k -i -\n' +
        '  hairpin capture - --seconds 10 | tshark -r - -T fields -e frame.comment',
    )
    .allowExcessArguments(false)
    .action(async (file: string | undefined, options: CaptureOptions) => {
      if (file === '-' && process.stdout.isTTY)
        throw new UserError(
          'A capture is nothing to read on a terminal; name a file, or pipe it: hairpin capture - | tshark -r -.',
        );
      const { runCapture } = await import('../../device/watch/capture.ts');
      finish(await runCapture(file, options));
    });
}
