/* The completion script for fish, as text. Pure. */
import { portPatterns, type Offer, type OptionWord, type Place } from './places.ts';

/** A script for ~/.config/fish/completions/hairpin.fish. */
export function fishScript(places: readonly Place[]): string {
  return `# Completion of hairpin for fish: hairpin completion fish > ~/.config/fish/completions/hairpin.fish
function __hairpin_at
    set -l words (commandline -opc)
    set -l place hairpin
    for word in $words[2..-1]
        switch "$place $word"
            case ${places
              .slice(1)
              .map(({ path }) => quoted(path))
              .join(' ')}
                set place "$place $word"
        end
    end
    test "$place" = "$argv[1]"
end
complete -c hairpin -f
${places.flatMap(placeLines).join('\n')}
`;
}

function placeLines({ path, commands, options, argument }: Place): string[] {
  const here = `complete -c hairpin -n ${quoted(`__hairpin_at ${quoted(path)}`)}`;
  return [
    ...commands.map(({ name, description }) => `${here} -a ${name} -d ${quoted(description)}`),
    ...(argument.kind === 'nothing' ? [] : [`${here}${offerText(argument)}`]),
    ...options.map((option) => `${here} ${optionText(option)}`),
  ];
}

function optionText({ name, short, description, value }: OptionWord): string {
  const names = `${short ? `-s ${short.slice(1)} ` : ''}-l ${name.slice(2)}`;
  return `${names} -d ${quoted(description)}${value ? ` -r${offerText(value)}` : ''}`;
}

function offerText(offer: Offer): string {
  if (offer.kind === 'words') return ` -f -a ${quoted(offer.words.join(' '))}`;
  if (offer.kind === 'files') return ' -F';
  if (offer.kind === 'nothing') return ' -f';
  // In a command substitution of set, a pattern without a match is nothing.
  return ` -f -a ${quoted(`(set -l ports ${portPatterns.join(' ')}; printf '%s\\n' $ports)`)}`;
}

/** fish knows \\' and \\\\ inside single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
