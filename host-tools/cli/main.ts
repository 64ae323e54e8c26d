/*
 * The command line: reads arguments, calls the part of the program they name, and turns what comes of it into an
 * exit code and, where something is wrong, one sentence. Parts are loaded only when they are called: `hairpin
 * --help` works on every system, whatever `lab` and `run` need.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { ProbeOptions } from '../bench/probe-command.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { Interrupted } from './interruption.ts';
import { UserError } from './user-error.ts';

/** 0 yes or done, 1 the answer is no, 2 usage, config or tool error, 3 inconclusive, 130 interrupted. */
const exitCodes = { done: 0, toolError: 2, interrupted: 130 };

const examples = `
Examples:
  hairpin lab                              show the three scenes with real hosts in a network of their own
  hairpin lab --shell                      the same, then a shell on the LAN client
  sudo hairpin run --wan eth1 --lan eth2   route between two interfaces with ./hairpin.json
  hairpin bench probe --public 12.0.0.1:25 --server 192.168.0.2:8025
                                           does a port forward work from inside, with any router?
  hairpin explain "tcp 192.168.0.3:33333 > 12.0.0.1:25"
                                           what the router would do with this packet, and with its answer

Exit codes: 0 yes or done, 1 the answer is no, 2 usage, configuration or tool error, 3 not known, 130 interrupted.`;

/** Runs one command line (without node and script); resolves with the exit code, never rejects. */
export async function main(args: string[]): Promise<number> {
  let exitCode = exitCodes.done;
  const program = commandLine((code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, helpFor(program, args));
  }
}

/** "hairpin bench probe --help": the help of the command that was meant, as far as it can be told. */
function helpFor(program: Command, args: readonly string[]): string {
  let command = program;
  const path = ['hairpin'];
  for (const word of args) {
    const part = command.commands.find((one) => one.name() === word);
    if (!part) break;
    command = part;
    path.push(word);
  }
  return [...path, '--help'].join(' ');
}

function commandLine(finish: (exitCode: number) => void): Command {
  const program = new Command('hairpin')
    .description('A tiny router whose port forwards also work from the LAN - and the tools to show it.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', examples)
    .exitOverride()
    // What is wrong is said by `explain`, in one sentence and in one place.
    .configureOutput({ outputError: () => {} })
    .action((_, { args }: Command) => {
      throw new UserError(
        args.length > 0
          ? `There is no command '${args[0]}'; see hairpin --help.`
          : 'Which command? See hairpin --help.',
      );
    })
    .allowExcessArguments();
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
      const { runLab } = await import('../lab/main.ts');
      finish(await runLab({ ...options, directory: 'out/lab' }));
    });
  program
    .command('run')
    .description('route between two existing interfaces until Ctrl-C (Linux, root)')
    .requiredOption('--wan <interface>', 'the interface towards the Internet')
    .requiredOption('--lan <interface>', 'the interface towards the LAN')
    .option('--config <file>', 'the configuration', './hairpin.json')
    .addHelpText('after', '\nExample:\n  sudo hairpin run --wan eth1 --lan eth2 --config home.json')
    .allowExcessArguments(false)
    .action(async (options: { wan: string; lan: string; config: string }) => {
      const { runRouter } = await import('../run/run.ts');
      finish(await runRouter(options));
    });
  benchCommands(program.command('bench'), finish);
  explainCommand(program, finish);
  return program;
}

function benchCommands(bench: Command, finish: (exitCode: number) => void): void {
  bench
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
      const { runRespond } = await import('../bench/respond-command.ts');
      finish(await runRespond(options));
    });
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
      const { runProbe } = await import('../bench/probe-command.ts');
      finish(await runProbe(options));
    });
}

function explainCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('explain')
    .description('what the router would do with a packet or a capture, asked of the real firmware')
    .argument(
      '<what...>',
      'a packet in quotes - "tcp SOURCE:PORT > DESTINATION:PORT", "udp ...", "icmp SOURCE > DESTINATION" - or a pcap or pcapng file',
    )
    .option('--config <file>', 'the configuration', './hairpin.json')
    .option('--on <side>', 'the packet arrives on this side, wan or lan, wherever its source address lives')
    .option('--svg <file>', 'draw the packet into this file as well')
    .option('--write <file>', 'write the capture into this file, with what is explained as comments (pcapng)')
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 it gets through and its answer comes back (of a file: no packet was dropped), 1 not.\n' +
        '\nExamples:\n  hairpin explain "tcp 192.168.0.3:33333 > 12.0.0.1:25"\n' +
        '  hairpin explain "icmp 198.51.100.10 > 12.0.0.1" --svg ping.svg\n' +
        '  hairpin explain "udp 192.168.0.3:4000 > 12.0.0.1:5000" --on wan --config home.json\n' +
        '  hairpin explain capture.pcapng --write explained.pcapng',
    )
    .action(async (words: string[], options: ExplainOptions) => {
      if (words.length > 1)
        throw new UserError(
          `One packet or one file at a time, and a packet in quotes: hairpin explain "${words.join(' ')} > ...". Without them the shell takes > for a file to write to.`,
        );
      const { runExplain } = await import('../explain/explain.ts');
      finish(await runExplain(words[0], options));
    });
}

/** Says on the error stream, in one sentence, what went wrong; returns the exit code. `help`: where to read more. */
export function explain(error: unknown, help = 'hairpin --help'): number {
  if (error instanceof Interrupted) {
    complain('Interrupted; nothing is left behind.');
    return exitCodes.interrupted;
  }
  if (error instanceof CommanderError) {
    // Help and version come this way too.
    if (error.exitCode === 0) return exitCodes.done;
    complain(`${sentence(error.message.replace(/^error: /, ''))} See ${help}.`);
    return exitCodes.toolError;
  }
  if (error instanceof UserError) {
    complain(error.message);
    return error.exitCode;
  }
  if (process.env.HAIRPIN_DEBUG === '1') {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.toolError;
  }
  const [firstLine] = String(error instanceof Error ? error.message : error).split('\n');
  complain(`${sentence(firstLine)} (HAIRPIN_DEBUG=1 shows where.)`);
  return exitCodes.toolError;
}

function complain(message: string): void {
  process.stderr.write(`hairpin: ${message}\n`);
}

/** Begins with a capital and ends with a full stop. */
function sentence(text: string): string {
  const started = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
