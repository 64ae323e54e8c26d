/*
 * The command line: composes the commands (one file each in commands/), runs the one that is named, and turns what
 * comes of it into an exit code and, where something is wrong, one sentence. A command's file holds options and help
 * and loads the rest only when it is called: `hairpin --help` works on every system, whatever `lab` and `run` need.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { captureCommand } from './commands/capture.ts';
import { clientsCommand } from './commands/clients.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { countersCommand } from './commands/counters.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { flashCommand } from './commands/flash.ts';
import { flowsCommand } from './commands/flows.ts';
import { forwardCommand } from './commands/forward.ts';
import { forwardsCommand } from './commands/forwards.ts';
import { labCommand } from './commands/lab.ts';
import { logCommand } from './commands/log.ts';
import { monitorCommand } from './commands/monitor.ts';
import { neighboursCommand } from './commands/neighbours.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { traceCommand } from './commands/trace.ts';
import { uploadCommand } from './commands/upload.ts';
import { tinted } from './colour.ts';
import { Interrupted } from './interruption.ts';
import { packageFile } from './package-root.ts';
import { UserError } from './user-error.ts';

/** 0 yes or done, 1 the answer is no, 2 usage, config or tool error, 3 inconclusive, 130 interrupted. */
const exitCodes = { done: 0, toolError: 2, interrupted: 130 };

const examples = `
Examples:
  hairpin flash --espruino espruino_2v29_esp32.zip --config hairpin.json
                                           a router of a bare board
  hairpin upload --config hairpin.json     firmware and configuration onto a board that has Espruino
  hairpin doctor                           what is wrong with a board: port, memory, wires, modules, cables
  hairpin status                           does the router on the cable run, and are both sides up?
  hairpin forward add web tcp 80 192.168.0.2:8080
                                           a port forward, while it runs
  hairpin monitor                          what the board says, and what you type to it
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

/** The whole command line, without running it. `finish` is told the exit code of the command that ran. */
export function commandLine(finish: (exitCode: number) => void): Command {
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
  addCommands(program, finish);
  return program;
}

/** Every command, under the heading of `hairpin --help` that it belongs to. */
function addCommands(program: Command, finish: (exitCode: number) => void): void {
  program.commandsGroup('Flash and configure:');
  flashCommand(program, finish);
  uploadCommand(program, finish);
  doctorCommand(program, finish);
  configCommand(program, finish);
  forwardCommand(program, finish);
  program.commandsGroup('Watch:');
  monitorCommand(program, finish);
  statusCommand(program, finish);
  flowsCommand(program, finish);
  forwardsCommand(program, finish);
  neighboursCommand(program, finish);
  clientsCommand(program, finish);
  countersCommand(program, finish);
  logCommand(program, finish);
  traceCommand(program, finish);
  captureCommand(program, finish);
  program.commandsGroup('Bench and lab:');
  benchCommand(program, finish);
  explainCommand(program, finish);
  labCommand(program, finish);
  runCommand(program, finish);
  program.commandsGroup('Your shell:');
  completionCommand(program, finish);
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
    complain(`${sentence(error.message.replace(/^error: /, '').replaceAll('\n', ' '))} See ${help}.`);
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
  process.stderr.write(`${tinted('hairpin:', 'bad', process.stderr)} ${message}\n`);
}

/** Begins with a capital and ends with a full stop. */
function sentence(text: string): string {
  const started = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
}

function version(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}
