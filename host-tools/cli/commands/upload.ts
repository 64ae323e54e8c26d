/* `hairpin upload` on the command line: options and help. What it does is in host-tools/device/upload. */
import type { Command } from 'commander';
import { boardOption } from '../../device/board/boards.ts';
import type { UploadOptions } from '../../device/upload/upload.ts';

/** Adds `upload`. @param finish is told the exit code */
export function uploadCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('upload')
    .description('put firmware, wiring and configuration onto a board that has Espruino, over the USB cable')
    .option(boardOption.flags, `${boardOption.description}; without it, what is on the board stays`)
    .option('--config <file>', 'the configuration; without it, the one on the board stays')
    .option('--watch', 'go on, and upload again whenever one of the files changes', false)
    .option('--port <path>', 'the serial port; without it HAIRPIN_PORT, or the one that looks like a board')
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nWhat is on the board already is left alone. Unplugged in the middle, another run finishes it.\n' +
        '\nExit codes: 0 the router runs, 1 it stands still and says why, 2 the board could not be reached or written.\n' +
        '\nExamples:\n  hairpin upload\n  hairpin upload --config hairpin.json --port /dev/ttyUSB0\n' +
        '  hairpin upload --board esp32-dual-w5500 --watch',
    )
    .allowExcessArguments(false)
    .action(async (options: UploadOptions) => {
      const { runUpload } = await import('../../device/upload/upload.ts');
      finish(await runUpload(options));
    });
}
