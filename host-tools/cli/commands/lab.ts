/* `hairpin lab` on the command line: options and help. What it does is in host-tools/lab, loaded when it is called. */
import type { Command } from 'commander';

/** Adds `lab`. @param finish is told the exit code */
export function labCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('lab')
    .description('play the three scenes and show every packet')
    .option('--shell', 'afterwards, open a shell on the LAN client; its end is the end of the lab', false)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nLAB=kernel refuses to do without real hosts; LAB=scripted does without them.\n' +
        '\nExamples:\n  hairpin lab\n  hairpin lab --shell\n  LAB=kernel hairpin lab --json > result.json',
    )
    .allowExcessArguments(false)
    .action(async (options: { shell: boolean; json: boolean }) => {
      const { runLab } = await import('../../lab/main.ts');
      finish(await runLab({ ...options, directory: 'out/lab' }));
    });
}
