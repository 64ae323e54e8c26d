/* `hairpin bench respond` and `hairpin bench probe` on the command line: options and help. The rest: host-tools/bench. */
import type { Command } from 'commander';
import type { ProbeOptions } from '../../bench/probe-command.ts';
import { UserError } from '../user-error.ts';

/** Adds `bench` with its two parts. @param finish is told the exit code */
export function benchCommand(program: Command, finish: (exitCode: number) => void): void {
  const bench = program
    .command('bench')
    .description(
      'does a port forward work from inside the LAN, with any router? And if not, which hop breaks it?',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      "\nExamples:\n  hairpin bench respond --port 8025                                     on the server's host\n" +
        '  hairpin bench probe --public 12.0.0.1:25 --server 192.168.0.2:8025    on a client in the LAN\n' +
        '\nExit codes of probe: 0 it works, 1 it does not, 2 usage or tool error, 3 not known, 130 interrupted.',
    )
    .allowExcessArguments()
    .action((_, { args }: Command) => {
      throw new UserError(
        args.length > 0
          ? `'hairpin bench' has no part '${args[0]}'; it is respond or probe.`
          : 'Which part of bench, respond or probe? See hairpin bench --help.',
      );
    });
  respondCommand(bench, finish);
  probeCommand(bench, finish);
}

function respondCommand(bench: Command, finish: (exitCode: number) => void): void {
  bench
    .command('respond')
    .description("answer the probe, on the server's host (TCP and UDP)")
    .requiredOption('--port <port>', 'where to listen: the port that the router forwards to')
    .option('--outside', 'on a host in the Internet instead: call back whoever asks', false)
    .addHelpText(
      'after',
      '\nWhere the real service has the port and cannot be stopped, no responder is needed: the probe then compares\n' +
        'what the service says at both addresses (TCP only). As root it also notices packets no program is given.\n' +
        '\nExample:\n  hairpin bench respond --port 8025',
    )
    .allowExcessArguments(false)
    .action(async (options: { port: string; outside: boolean }) => {
      const { runRespond } = await import('../../bench/respond-command.ts');
      finish(await runRespond(options));
    });
}

function probeCommand(bench: Command, finish: (exitCode: number) => void): void {
  bench
    .command('probe')
    .description('ask the public address from inside, and say what happens')
    .requiredOption('--public <address:port>', "the router's public address, and the forwarded port")
    .option(
      '--server <address:port>',
      "the server's own address and port in the LAN; without it little can be proved",
    )
    .option('--proto <tcp|udp|both>', 'what the forward is for', 'both')
    .option('--mine', 'the public address is mine; else the router must confirm it (NAT-PMP, UPnP)', false)
    .option('--outside <address:port>', "a helper in the Internet ('respond --outside'), to compare with")
    .option('--hold <seconds>', 'how long a connection is left alone, to see whether it lasts', '5')
    .option('--json', 'print one JSON object and nothing else', false)
    .option('--html <file>', 'also write the report as a page')
    .addHelpText(
      'after',
      '\nNeeds no privileges. As root it also watches the wire for answers that come by another way.\n' +
        '\nExamples:\n  hairpin bench probe --public 12.0.0.1:25 --server 192.168.0.2:8025\n' +
        '  hairpin bench probe --public home.example:443 --server 192.168.0.2:443 --proto tcp --mine --html report.html',
    )
    .allowExcessArguments(false)
    .action(async (options: ProbeOptions) => {
      const { runProbe } = await import('../../bench/probe-command.ts');
      finish(await runProbe(options));
    });
}
