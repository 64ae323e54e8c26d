/*
 * SVG as text: elements with attributes, indented, in the order they are given. Pure and deterministic.
 */

export type Attributes = Record<string, string | number | undefined>;

/** One element; children are text already. Numbers have at most one decimal. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? numberText(value) : value!)}"`);
  const head = `<${name}${list.join('')}`;
  if (children.length === 0) return `${head}/>`;
  return `${head}>\n${indented(children.join('\n'))}\n</${name}>`;
}

/** An element whose content is one text: nothing may be added around it. */
export function textElement(name: string, attributes: Attributes, content: string): string {
  return element(name, attributes).replace(/\/>$/, `>${escaped(content)}</${name}>`);
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function numberText(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
