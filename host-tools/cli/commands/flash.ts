/* `hairpin flash` on the command line: options and help. What it does is in host-tools/device/flash. */
import type { Command } from 'commander';
import { boardOption } from '../../device/board/boards.ts';
import type { FlashOptions } from '../../device/flash/command.ts';

/** Adds `flash`. @param finish is told the exit code */
export function flashCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('flash')
    .description('make a router of an ESP32: Espruino, firmware, wiring and configuration')
    .option('--espruino <path>', "a release of Espruino, zip or folder; without it the board's own stays")
    .option(boardOption.flags, `${boardOption.description}; without it, what is on the board stays`)
    .option('--config <file>', 'the configuration (default: ./hairpin.json, if there is one)')
    .option('--port <path>', 'the serial port (default: HAIRPIN_PORT, or the one that looks like a board)')
    .option('--baud <number>', 'speed while images are written, bits per second', '460800')
    .option('--erase', 'erase the whole flash first, settings and files of the board too', false)
    .option('--dry-run', 'compare and print the plan; write nothing', false)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nEspruino does not come with this program: download espruino_2v29_esp32.zip from www.espruino.com/Download.\n' +
        'What is there already is not written again, so whatever interrupts it: run it once more.\n' +
        '\nExamples:\n  hairpin flash --espruino espruino_2v29_esp32.zip\n' +
        '  hairpin flash --espruino espruino_2v29_esp32.zip --dry-run\n' +
        '  hairpin flash --port /dev/ttyUSB0 --config home.json\n' +
        '\nExit codes: 0 the router runs, 1 all is installed but the router says why it does not run, 2 usage,\n' +
        'configuration or tool error, 130 interrupted.',
    )
    .allowExcessArguments(false)
    .action(async (options: FlashOptions) => {
      const { runFlash } = await import('../../device/flash/command.ts');
      finish(await runFlash(options));
    });
}
