/* `hairpin completion` on the command line: prints a script that is made from the commands there are. */
import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { placesOf } from '../completion/places.ts';
import { zshScript } from '../completion/zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Adds `completion`. @param finish is told the exit code */
export function completionCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('completion')
    .description('print a script that teaches your shell to complete commands, options and files')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      '\nExamples:\n  eval "$(hairpin completion bash)"       in ~/.bashrc\n' +
        '  eval "$(hairpin completion zsh)"        in ~/.zshrc, after compinit\n' +
        '  hairpin completion fish > ~/.config/fish/completions/hairpin.fish',
    )
    .allowExcessArguments(false)
    .action((shell: keyof typeof scripts) => {
      process.stdout.write(scripts[shell](placesOf(program)));
      finish(0);
    });
}
