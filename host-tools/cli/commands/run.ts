/* `hairpin run` on the command line: options and help. What it does is in host-tools/run, loaded when it is called. */
import type { Command } from 'commander';

/** Adds `run`. @param finish is told the exit code */
export function runCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('run')
    .description('route between two existing interfaces until Ctrl-C (Linux, root)')
    .requiredOption('--wan <interface>', 'the interface towards the Internet')
    .requiredOption('--lan <interface>', 'the interface towards the LAN')
    .option('--config <file>', 'the configuration', './hairpin.json')
    .addHelpText('after', '\nExample:\n  sudo hairpin run --wan eth1 --lan eth2 --config home.json')
    .allowExcessArguments(false)
    .action(async (options: { wan: string; lan: string; config: string }) => {
      const { runRouter } = await import('../../run/run.ts');
      finish(await runRouter(options));
    });
}
