// Keeps generated parts of a page between markers up to date: `<!-- name -->` ... `<!-- /name -->`. Pure.

/** Replaces what stands between the markers. Throws a sentence if they are not there, each once. */
export function replacePart(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const parts = page.split(open);
  const rest = parts[1]?.split(close);
  if (parts.length !== 2 || rest?.length !== 2) {
    throw new Error(`The page must have ${open} and ${close} once each, in this order.`);
  }
  return `${parts[0]}${open}\n\n${text.trim()}\n\n${close}${rest[1]}`;
}

/** A table in Markdown: the first row is its head; every column but the first holds numbers. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...body.map(line)].join('\n');
}

/** The same for a terminal. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]);
  return rows.map((row) => `  ${row.map(pad).join('   ')}`.trimEnd()).join('\n');
}
