/* `hairpin forward` on the command line: options and help. What it does is in host-tools/device/settings/forward.ts. */
import type { Command } from 'commander';
import type { AddOptions, ForwardOptions } from '../../device/settings/forward.ts';
import { portOption, portOptionText } from '../port-option.ts';
import { UserError } from '../user-error.ts';

/** Adds `forward` with its parts. @param finish is told the exit code */
export function forwardCommand(program: Command, finish: (exitCode: number) => void): void {
  const forward = program
    .command('forward')
    .description('add or remove a port forward of the router on the cable, while it runs')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExamples:\n  hairpin forward add web tcp 80 192.168.0.2:8080\n  hairpin forward remove web',
    )
    .allowExcessArguments()
    .action((_, { args }: Command) => {
      throw new UserError(
        args.length > 0
          ? `'hairpin forward' has no part '${args[0]}'; it is add or remove.`
          : 'Which part of forward, add or remove? See hairpin forward --help.',
      );
    });
  forward
    .command('add')
    .description('add a port forward; it is in force at once')
    .argument('<name>', 'what to call it')
    .argument('<proto>', 'tcp, udp or both')
    .argument('<port>', 'the public port, or a range such as 5000-5010')
    .argument('<to>', 'the server on the LAN, address or address:port')
    .option('--from <subnet>', 'who on the Internet may use it; without it everyone')
    .option('--hairpin <mode>', 'what LAN clients get: external, lan, dnat-only or none')
    .option(portOption, portOptionText)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nExamples:\n  hairpin forward add web tcp 80 192.168.0.2:8080\n' +
        '  hairpin forward add ssh tcp 2222 192.168.0.2:22 --from 198.51.100.0/24 --hairpin lan',
    )
    .allowExcessArguments(false)
    .action(async (name: string, proto: string, port: string, to: string, options: AddOptions) => {
      const { runForwardAdd } = await import('../../device/settings/forward.ts');
      finish(await runForwardAdd([name, proto, port, to], options));
    });
  forward
    .command('remove')
    .description('remove a port forward; its flows end, others go on')
    .argument('<name>', 'which one')
    .option(portOption, portOptionText)
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText('after', '\nExample:\n  hairpin forward remove web')
    .allowExcessArguments(false)
    .action(async (name: string, options: ForwardOptions) => {
      const { runForwardRemove } = await import('../../device/settings/forward.ts');
      finish(await runForwardRemove(name, options));
    });
}
