/**
 * Events as text: rows of layout/events.ts, and values as people read them. Only for overlays: the tables would take
 * memory.
 */
import { causeNames, countedEvents, distinctEvents, firstDistinct } from '../layout/events.ts';
import { lanPort } from '../layout/ports.ts';
import { lanAddressOf } from '../control/addresses.ts';
import { addressText } from './text.ts';

/** Name, severity and kind of an event. */
export function wordsOf(code: number): string[] {
  return (code < firstDistinct ? countedEvents[code - 1] : distinctEvents[code - firstDistinct]).split(' ');
}

/** A value of this kind, or null: the event has none. */
export function valueOf(kind: string, value: number): string | number | null {
  if (kind == 'address') return addressText(value);
  if (kind == 'host') return addressText(lanAddressOf(value));
  if (kind == 'side') return value == lanPort ? 'lan' : 'wan';
  if (kind == 'cause') return causeNames[value];
  return kind == 'none' ? null : value;
}
