/*
 * Colour, for the few words that are an answer: on terminals only, and not where NO_COLOR or TERM=dumb say so (Node
 * knows both, and FORCE_COLOR). Never part of what --json prints or of a text that is kept. Pure but for the
 * environment.
 */
import { styleText } from 'node:util';

/** What a colour means. */
export type Tint = 'good' | 'bad' | 'open';

const colours = { good: 'green', bad: 'red', open: 'yellow' } as const;

/** A text in the colour of its meaning, if `stream` is a terminal that wants colours. */
export function tinted(text: string, tint: Tint, stream: NodeJS.WritableStream): string {
  return styleText(colours[tint], text, { stream });
}

/** The same for the verdict in a text: the words in capitals that one of its lines begins with ("NOT KNOWN: ..."). */
export function verdictTinted(text: string, tint: Tint, stream: NodeJS.WritableStream): string {
  return text.replace(/^[A-Z]{2,}( [A-Z]{2,})*/m, (verdict) => tinted(verdict, tint, stream));
}
