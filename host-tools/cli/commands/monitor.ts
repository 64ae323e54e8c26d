/* `hairpin monitor` on the command line: options and help. What it does is in host-tools/device/monitor. */
import type { Command } from 'commander';
import type { MonitorOptions } from '../../device/monitor/monitor.ts';

/** Adds `monitor`. @param finish is told the exit code */
export function monitorCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('monitor')
    .description('show what the board says and send what you type; Ctrl-] ends it')
    .option('--expect <text>', 'end when the board says this')
    .option('--timeout <seconds>', 'how long to wait for it (30)')
    .option('--port <path>', 'the serial port; without it HAIRPIN_PORT, or the one that looks like a board')
    .addHelpText(
      'after',
      '\nA cable that was pulled is waited for. Everything you type goes to the board, Ctrl-C too.\n' +
        '\nExit codes: 0 ended by you, or the text came; 1 it did not come in time; 2 the port could not be opened.\n' +
        '\nExamples:\n  hairpin monitor\n  hairpin monitor --expect "hairpin>" --timeout 10\n' +
        '  echo "show status" | hairpin monitor --expect uptime',
    )
    .allowExcessArguments(false)
    .action(async (options: MonitorOptions) => {
      const { runMonitor } = await import('../../device/monitor/monitor.ts');
      finish(await runMonitor(options));
    });
}
