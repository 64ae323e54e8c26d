/* `hairpin clients` on the command line: options and help. What it does is in host-tools/device/watch/clients.ts. */
import type { Command } from 'commander';
import type { ClientsOptions } from '../../device/watch/clients.ts';
import { portOption, portOptionText } from '../port-option.ts';

/** Adds `clients`. @param finish is told the exit code */
export function clientsCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('clients')
    .description('the hosts of the LAN: addresses, names, leases, flows, bytes')
    .option(portOption, portOptionText)
    .option(
      '--count <on|off>',
      'count bytes by host from now on, while packets take the slow way, or end that',
    )
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nExamples:\n  hairpin clients\n  hairpin clients --count on\n  hairpin clients --json',
    )
    .allowExcessArguments(false)
    .action(async (options: ClientsOptions) => {
      const { runClients } = await import('../../device/watch/clients.ts');
      finish(await runClients(options));
    });
}
