/*
 * Colours of the wiring pictures, in the way of ../theme.ts: light in the elements, dark in a style sheet. A wire's
 * colour says what it is for, whichever module it goes to; every one has a contrast of 3 to 1 or more with the paper.
 */
import { area, bold, filled, ink, line, mono, muted, paper, sans, text } from '../theme.ts';
import type { Style } from '../theme.ts';

export const size = { title: 18, name: 13, body: 13, small: 12, pin: 11 };

/** By what the wire is for. */
export const wireInks: Record<string, { light: string; dark: string }> = {
  '3V3': { light: '#cf222e', dark: '#ff7b72' },
  GND: { light: '#24292f', dark: '#d0d7de' },
  sck: { light: '#a15c00', dark: '#f0b429' },
  mosi: { light: '#1a7f37', dark: '#56d364' },
  miso: { light: '#0969da', dark: '#79c0ff' },
  select: { light: '#8250df', dark: '#d2a8ff' },
  interrupt: { light: '#bf3989', dark: '#ff9bce' },
  reset: { light: '#0b7a75', dark: '#39c5bb' },
};

const warning = { light: '#9a3412', dark: '#ffb088' };

export const wiringStyles: Record<string, Style> = {
  paper: filled(paper, {}),
  halo: line(paper, 5.5),
  box: area({ fill: '#f6f8fa', stroke: '#59636e' }, { fill: '#1c2128', stroke: '#8b949e' }),
  part: area({ fill: '#e1e6eb', stroke: '#8c959f' }, { fill: '#2d333b', stroke: '#768390' }),
  resistor: area({ fill: '#fff8e6', stroke: '#8a6a00' }, { fill: '#2b2410', stroke: '#c9a227' }),
  hole: area({ fill: '#ffffff', stroke: '#59636e' }, { fill: '#0d1117', stroke: '#8b949e' }),
  title: filled(ink, text(size.title, sans, bold)),
  name: filled(ink, text(size.name, sans, bold)),
  body: filled(ink, text(size.body, sans)),
  small: filled(muted, text(size.small, sans)),
  used: filled(ink, text(size.pin, mono, { 'font-weight': 700 })),
  free: filled(muted, text(size.pin, mono)),
  warning: filled(warning, {}),
  number: filled({ light: '#ffffff', dark: '#0d1117' }, text(size.pin, sans, { 'font-weight': 700 })),
};
for (const [name, colour] of Object.entries(wireInks)) {
  wiringStyles[`wire-${name}`] = line(colour, 2.5);
  wiringStyles[`dot-${name}`] = filled(colour, {});
}
