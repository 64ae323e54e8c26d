/* The completion script for zsh, as text. Pure. */
import { portPatterns, quoted, valuesByOffer, type Offer, type Place, type Word } from './places.ts';

/** A script for a folder of $fpath (as _hairpin) or for ~/.zshrc. */
export function zshScript(places: readonly Place[]): string {
  return `#compdef hairpin
# Completion of hairpin for zsh. In ~/.zshrc, after compinit: eval "$(hairpin completion zsh)"
_hairpin() {
  local place=hairpin word
  local -a commands options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
      (${places
        .slice(1)
        .map(({ path }) => quoted(path))
        .join('|')}) place="$place $word" ;;
    esac
  done
  case "$place $words[CURRENT-1]" in
${valuesByOffer(places, offerText)
  .map(([befores, text]) => `    (${befores.map(quoted).join('|')}) ${text}; return ;;`)
  .join('\n')}
  esac
  case "$place" in
${places.map(placeCase).join('\n')}
  esac
  (( $#commands )) && _describe -t commands command commands
  _describe -o -t options option options
}
if [[ "$funcstack[1]" == _hairpin ]]; then _hairpin "$@"; else compdef _hairpin hairpin; fi
`;
}

function placeCase({ path, commands, options, argument }: Place): string {
  const shown = options.flatMap(({ name, short, description }) =>
    [short, name].filter((word) => word !== undefined).map((word) => ({ name: word, description })),
  );
  return `    (${quoted(path)})
      commands=(${commands.map(describedWord).join(' ')})
      options=(${shown.map(describedWord).join(' ')})
      ${argument.kind === 'nothing' ? '' : `[[ $PREFIX == -* ]] || ${offerText(argument)}\n      `};;`;
}

function describedWord({ name, description }: Word): string {
  return quoted(`${name}:${description.replaceAll(':', '\\:')}`);
}

function offerText(offer: Offer): string {
  if (offer.kind === 'words') return `compadd -- ${offer.words.map(quoted).join(' ')}`;
  if (offer.kind === 'files') return '_files';
  // (N): a pattern without a match is nothing.
  return offer.kind === 'ports' ? `compadd -- ${portPatterns.map((one) => `${one}(N)`).join(' ')}` : ':';
}
