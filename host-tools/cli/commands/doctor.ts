/* `hairpin doctor` on the command line: options and help. What it does is in host-tools/device/doctor. */
import type { Command } from 'commander';

/** Adds `doctor`. @param finish is told the exit code */
export function doctorCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('doctor')
    .description(
      'what is wrong with a board: port, interpreter, memory, wires, modules, cables - step by step',
    )
    .option('--port <path>', 'the serial port (or HAIRPIN_PORT); without it the one that is there')
    .option(
      '--probe',
      'look at the wires although a router runs: it is restarted without itself, and back',
      false,
    )
    .option(
      '--board <name>',
      'go by this wiring (a folder of boards/, or a file) and not by the file on the board',
    )
    .option('--json', 'print one JSON object and nothing else', false)
    .option(
      '--bundle <file>',
      'also write what was found to a file for whoever helps, without your addresses',
    )
    .addHelpText(
      'after',
      '\nA board without the router gets a small program into its memory that looks at wires and modules; it is gone with\n' +
        'the next restart. A router that runs is only asked, and goes on running, unless --probe is given.\n' +
        '\nExamples:\n  hairpin doctor\n  hairpin doctor --probe --bundle for-the-forum.json\n' +
        '  hairpin doctor --port /dev/ttyUSB0 --board esp32-dual-w5500 --json\n' +
        '\nExit codes: 0 all is well, 1 something is wrong, 2 usage or tool error, 3 it cannot be told, 130 interrupted.',
    )
    .allowExcessArguments(false)
    .action(
      async (options: { port?: string; probe: boolean; board?: string; json: boolean; bundle?: string }) => {
        const { runDoctor } = await import('../../device/doctor/doctor.ts');
        const { port, probe, board, json, bundle } = options;
        finish(await runDoctor({ port, probe, board, json, bundle }));
      },
    );
}
