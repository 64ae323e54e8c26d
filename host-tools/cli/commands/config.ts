/* `hairpin config` on the command line: options and help. What it does is in host-tools/device/settings. */
import type { Command } from 'commander';
import type { ChangeOptions, ConfigOptions, SetOptions } from '../../device/settings/config.ts';
import { portOption, portOptionText } from '../port-option.ts';
import { UserError } from '../user-error.ts';

type Finish = (exitCode: number) => void;

const jsonText = 'print one JSON object and nothing else';
const noRestartText = 'do not restart the router, also where only that puts it into effect';

/** Adds `config` with its parts. @param finish is told the exit code */
export function configCommand(program: Command, finish: Finish): void {
  const config = program
    .command('config')
    .description('the configuration of the router on the cable: read, change, replace, compare')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExamples:\n  hairpin config push hairpin.json\n  hairpin config get wan.address\n' +
        '  hairpin config set nat.hairpinDynamic false',
    )
    .allowExcessArguments()
    .action((_, { args }: Command) => {
      throw new UserError(
        args.length > 0
          ? `'hairpin config' has no part '${args[0]}'; it is get, set, push, pull, diff or check.`
          : 'Which part of config: get, set, push, pull, diff or check? See hairpin config --help.',
      );
    });
  addGet(config, finish);
  addSet(config, finish);
  addPush(config, finish);
  addPull(config, finish);
  addDiff(config, finish);
  addCheck(config, finish);
}

function addGet(config: Command, finish: Finish): void {
  config
    .command('get')
    .description('print the configuration that runs, or one key of it')
    .argument('[key]', 'such as wan.mtu, nat.timeouts.udp or forwards.smtp.to')
    .option(portOption, portOptionText)
    .option('--json', jsonText, false)
    .addHelpText('after', '\nExamples:\n  hairpin config get\n  hairpin config get forwards.smtp.hairpin')
    .allowExcessArguments(false)
    .action(async (key: string | undefined, options: ConfigOptions) => {
      const { runGet } = await import('../../device/settings/config.ts');
      finish(await runGet(key, options));
    });
}

function addSet(config: Command, finish: Finish): void {
  config
    .command('set')
    .description('change one key on the router, which checks and saves it')
    .argument('<key>', 'such as wan.mtu or forwards.smtp.hairpin')
    .argument('<value>', 'its new value, as in the file but without quotes')
    .option('--gateway <address>', 'with wan.address: the gateway that goes with it')
    .option('--no-restart', noRestartText)
    .option(portOption, portOptionText)
    .option('--json', jsonText, false)
    .addHelpText(
      'after',
      '\nExamples:\n  hairpin config set nat.hairpinDynamic false\n  hairpin config set wan.address dhcp\n' +
        '  hairpin config set wan.address 12.0.0.1/24 --gateway 12.0.0.254\n  hairpin config set dmz none',
    )
    .allowExcessArguments(false)
    .action(async (key: string, value: string, options: SetOptions) => {
      const { runSet } = await import('../../device/settings/config.ts');
      finish(await runSet(key, value, options));
    });
}

function addPush(config: Command, finish: Finish): void {
  config
    .command('push')
    .description('put a configuration file onto the router, and restart it')
    .argument('<file>', 'the configuration; it is checked first')
    .option('--no-restart', noRestartText)
    .option(portOption, portOptionText)
    .option('--json', jsonText, false)
    .addHelpText(
      'after',
      '\nThe router goes on running until the file is there, whole and checked.\n' +
        '\nExit codes: 0 done, 1 the router does not run with it (a sentence says why), 2 it was refused.\n' +
        '\nExample:\n  hairpin config push hairpin.json',
    )
    .allowExcessArguments(false)
    .action(async (file: string, options: ChangeOptions) => {
      const { runPush } = await import('../../device/settings/config.ts');
      finish(await runPush(file, options));
    });
}

function addPull(config: Command, finish: Finish): void {
  config
    .command('pull')
    .description('print the stored configuration as somebody wrote it, or write it into a file')
    .argument('[file]', 'where to; what is there is replaced')
    .option(portOption, portOptionText)
    .option('--json', jsonText, false)
    .addHelpText('after', '\nExamples:\n  hairpin config pull\n  hairpin config pull hairpin.json')
    .allowExcessArguments(false)
    .action(async (file: string | undefined, options: ConfigOptions) => {
      const { runPull } = await import('../../device/settings/config.ts');
      finish(await runPull(file, options));
    });
}

function addDiff(config: Command, finish: Finish): void {
  config
    .command('diff')
    .description('hold a configuration file against the one on the router, key by key, by what they mean')
    .argument('<file>', 'the configuration')
    .option(portOption, portOptionText)
    .option('--json', jsonText, false)
    .addHelpText(
      'after',
      '\nExit codes: 0 they mean the same, 1 they do not.\n' +
        '\nExample:\n  hairpin config diff hairpin.json',
    )
    .allowExcessArguments(false)
    .action(async (file: string, options: ConfigOptions) => {
      const { runDiff } = await import('../../device/settings/config.ts');
      finish(await runDiff(file, options));
    });
}

function addCheck(config: Command, finish: Finish): void {
  config
    .command('check')
    .description('check a configuration file without a board')
    .argument('<file>', 'the configuration')
    .option('--json', jsonText, false)
    .addHelpText(
      'after',
      '\nExit codes: 0 it is right, 1 it is not (a sentence says where), 2 there is no such file.\n' +
        '\nExample:\n  hairpin config check hairpin.json',
    )
    .allowExcessArguments(false)
    .action(async (file: string, options: { json: boolean }) => {
      const { runCheck } = await import('../../device/settings/check.ts');
      finish(runCheck(file, options));
    });
}
