/* The completion script for bash (3.2 and newer), as text. Pure. */
import { portPatterns, quoted, valuesByOffer, type Offer, type Place } from './places.ts';

/** A script that defines one function and registers it. */
export function bashScript(places: readonly Place[]): string {
  return `# Completion of hairpin for bash. In ~/.bashrc: eval "$(hairpin completion bash)"
_hairpin() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local place=hairpin offer=words words= options= index word
  # bash takes --config=home.json for three words.
  [ "$before" = '=' ] && before=\${COMP_WORDS[COMP_CWORD - 2]}
  [ "$current" = '=' ] && current=
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$place \${COMP_WORDS[index]}" in
      ${places
        .slice(1)
        .map(({ path }) => quoted(path))
        .join(' | ')})
        place="$place \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$place" in
${places.map(placeCase).join('\n')}
  esac
  case "$place $before" in
${valueCases(places)}
    *)
      case "$current" in -*) offer=words words=$options ;; esac
      [ "$offer" = words ] && [ -z "$words" ] && words=$options ;;
  esac
  if [ "$offer" = ports ]; then
    for word in ${portPatterns.join(' ')}; do
      [ -e "$word" ] && words="$words $word"
    done
  fi
  if [ "$offer" = files ]; then
    local IFS=$'\\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -F _hairpin hairpin
`;
}

function placeCase({ path, commands, options, argument }: Place): string {
  const words = commands.map(({ name }) => name);
  const names = options.flatMap(({ name, short }) => (short ? [short, name] : [name]));
  const offered = commands.length > 0 ? `words=${quoted(words.join(' '))}` : offerText(argument);
  return `    ${quoted(path)}) ${offered} options=${quoted(names.join(' '))} ;;`;
}

function valueCases(places: readonly Place[]): string {
  return valuesByOffer(places, offerText)
    .map(([befores, text]) => `    ${befores.map(quoted).join(' | ')}) ${text} ;;`)
    .join('\n');
}

function offerText(offer: Offer): string {
  if (offer.kind === 'words') return `offer=words words=${quoted(offer.words.join(' '))}`;
  return offer.kind === 'nothing' ? 'offer=words words=' : `offer=${offer.kind} words=`;
}
