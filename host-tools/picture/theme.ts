/*
 * Colours and fonts of the pictures, by class of element. Light is written into every element as its own attributes,
 * so that a picture is readable wherever no style applies; dark is a style sheet for those who prefer it.
 *
 * Every text colour has a contrast of 4.5 to 1 or more with what lies behind it, in both; a test measures that.
 */

/** Fonts that are there; none is fetched. */
export const sans = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif";
export const mono = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Width of a character of the mono font, in parts of its size: DejaVu Sans Mono, the widest of the list. */
const monoWidth = 0.602;
/** Sizes in pixels of a picture of 800. */
export const fontSize = { title: 18, name: 13, body: 13, small: 12, endpoint: 11.2, number: 12 };

/** Width in pixels of an endpoint's text. */
export function endpointWidth(text: string): number {
  return text.length * fontSize.endpoint * monoWidth;
}

interface Paint {
  fill?: string;
  stroke?: string;
}

export interface Style {
  light: Paint;
  dark: Paint;
  /** The same in both. */
  always?: Record<string, string | number>;
}

export const text = (size: number, family: string, more: Record<string, string | number> = {}) => ({
  'font-size': size,
  'font-family': family,
  ...more,
});
export const bold = { 'font-weight': 600 };

/** Colours of the three kinds of packets, and of a lost one. */
const inks = {
  question: { light: '#0a55c4', dark: '#79b8ff' },
  answer: { light: '#7133b3', dark: '#d2a8ff' },
  reset: { light: '#59636e', dark: '#a7b1bb' },
  lost: { light: '#b42318', dark: '#ff8f87' },
};
export const ink = { light: '#1f2328', dark: '#e6edf3' };
export const muted = { light: '#4d5761', dark: '#a7b1bb' };
export const paper = { light: '#ffffff', dark: '#0d1117' };

export const filled = (colour: { light: string; dark: string }, always: Style['always']): Style => ({
  light: { fill: colour.light },
  dark: { fill: colour.dark },
  always,
});
export const area = (light: Paint, dark: Paint): Style => ({ light, dark, always: { 'stroke-width': 1 } });
export const line = (colour: { light: string; dark: string }, width: number): Style => ({
  light: { stroke: colour.light },
  dark: { stroke: colour.dark },
  always: { 'stroke-width': width, fill: 'none' },
});

export const styles: Record<string, Style> = {
  paper: filled(paper, {}),
  internet: area({ fill: '#eaf2fd', stroke: '#a9c8f0' }, { fill: '#101f35', stroke: '#2f5182' }),
  lan: area({ fill: '#ecf7ee', stroke: '#a5d6b0' }, { fill: '#0f2418', stroke: '#2d6140' }),
  box: area({ fill: '#ffffff', stroke: '#59636e' }, { fill: '#1c2128', stroke: '#8b949e' }),
  idle: area({ fill: '#ffffff', stroke: '#b6bec7' }, { fill: '#161b22', stroke: '#4b545e' }),
  router: area({ fill: '#fff8e6', stroke: '#8a6a00' }, { fill: '#2b2410', stroke: '#c9a227' }),
  title: filled(ink, text(fontSize.title, sans, bold)),
  name: filled(ink, text(fontSize.name, sans, bold)),
  body: filled(ink, text(fontSize.body, sans)),
  small: filled(muted, text(fontSize.small, sans)),
  endpoint: filled(ink, text(fontSize.endpoint, mono)),
  field: filled(muted, text(fontSize.endpoint, mono)),
  changed: {
    light: { fill: '#ffe08a', stroke: '#b88a00' },
    dark: { fill: '#5c4700', stroke: '#d6a800' },
    always: { 'stroke-width': 1 },
  },
  'changed-text': {
    light: { fill: '#1f2328' },
    dark: { fill: '#fff1c2' },
    always: text(fontSize.endpoint, mono, { 'font-weight': 700 }),
  },
  number: filled({ light: '#ffffff', dark: '#0d1117' }, text(fontSize.number, sans, { 'font-weight': 700 })),
  good: filled({ light: '#146c2e', dark: '#5fd97f' }, {}),
  bad: filled(inks.lost, {}),
  badge: filled({ light: '#ffffff', dark: '#0d1117' }, text(fontSize.small, sans, { 'font-weight': 700 })),
  remark: filled(inks.lost, text(fontSize.small, sans)),
  cross: line(inks.lost, 3),
};
for (const [kind, colour] of Object.entries(inks)) {
  styles[`${kind}-line`] = line(colour, 2);
  styles[`${kind}-fill`] = filled(colour, {});
}

/** The attributes of an element of this class: how it looks in the light. */
export function attributesOf(name: string, table = styles): Record<string, string | number> {
  const { light, always = {} } = table[name];
  return { class: `hp-${name}`, ...always, ...light };
}

/** The style sheet for those who prefer dark. */
export function darkSheet(table = styles): string {
  const rules = Object.entries(table).map(([name, { dark }]) => {
    const parts = Object.entries(dark).map(([property, value]) => `${property}:${value}`);
    return `.hp-${name}{${parts.join(';')}}`;
  });
  return `@media (prefers-color-scheme: dark){${rules.join('')}}`;
}
