/*
 * What may be typed where on the command line, as data for the completion scripts: read off the commands themselves,
 * so that a new option completes without a line here. Pure.
 */
import { Help, type Argument, type Command, type Option } from 'commander';

/** What a shell offers for a value: words, or files, or serial ports, or nothing. */
export type Offer = { kind: 'words'; words: readonly string[] } | { kind: 'files' | 'ports' | 'nothing' };

/** Something that can be typed, and the line about it. */
export interface Word {
  name: string;
  description: string;
}

export interface OptionWord extends Word {
  /** "-h", if it has one. */
  short?: string;
  /** Undefined: it takes no value. */
  value?: Offer;
}

/** The words that lead to a command ("hairpin bench probe"), and what may follow them. */
export interface Place {
  path: string;
  commands: Word[];
  options: OptionWord[];
  argument: Offer;
}

/** Names that help gives to values which are files (`--config <file>`, `explain <what...>`). */
const fileNames = ['file', 'folder', 'path', 'what'];

/** Every place of the command line, the command itself first. */
export function placesOf(program: Command, path: string = program.name()): Place[] {
  const help = new Help();
  const commands = help.visibleCommands(program);
  const place: Place = {
    path,
    commands: commands.map((one) => ({ name: one.name(), description: firstSentence(one.description()) })),
    options: help.visibleOptions(program).map(optionWord),
    argument:
      program.registeredArguments.length > 0 ? argumentOffer(program.registeredArguments[0]) : nothing,
  };
  return [place, ...commands.flatMap((one) => placesOf(one, `${path} ${one.name()}`))];
}

const nothing: Offer = { kind: 'nothing' };

function optionWord(option: Option): OptionWord {
  const takesValue = option.required || option.optional;
  return {
    name: option.long!,
    description: firstSentence(option.description),
    ...(option.short !== undefined && { short: option.short }),
    ...(takesValue && { value: optionOffer(option) }),
  };
}

function optionOffer(option: Option): Offer {
  if (option.argChoices) return { kind: 'words', words: option.argChoices };
  const value = /[<[](.+?)(?:\.\.\.)?[\]>]/.exec(option.flags)![1];
  // `bench respond --port <port>` is a number; a serial port is the path of a device.
  if (option.long === '--port' && value === 'path') return { kind: 'ports' };
  if (value.includes('|')) return { kind: 'words', words: value.split('|') };
  return fileNames.includes(value) ? { kind: 'files' } : nothing;
}

function argumentOffer(argument: Argument): Offer {
  if (argument.argChoices) return { kind: 'words', words: argument.argChoices };
  return fileNames.includes(argument.name()) ? { kind: 'files' } : nothing;
}

/** Enough for a menu. */
function firstSentence(text: string): string {
  return text.split(/[;.?!:(\n]( |$)/)[0].trim();
}

/** Where serial ports lie, on Linux and macOS: patterns that the shells expand themselves. */
export const portPatterns = [
  '/dev/ttyUSB*',
  '/dev/ttyACM*',
  '/dev/serial/by-id/*',
  '/dev/cu.usb*',
  '/dev/cu.wchusb*',
  '/dev/cu.SLAB*',
] as const;

/** What stands before a value ("hairpin run --config"), put together by what is offered there, as a script says it. */
export function valuesByOffer(
  places: readonly Place[],
  script: (offer: Offer) => string,
): [befores: string[], script: string][] {
  const found = new Map<string, string[]>();
  for (const { path, options } of places)
    for (const { name, short, value } of options) {
      if (!value) continue;
      const befores = short ? [`${path} ${name}`, `${path} ${short}`] : [`${path} ${name}`];
      const text = script(value);
      found.set(text, [...(found.get(text) ?? []), ...befores]);
    }
  return [...found].map(([text, befores]) => [befores, text]);
}

/** In single quotes, as all three shells read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
