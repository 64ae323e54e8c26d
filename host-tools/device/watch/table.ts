/*
 * A table for people: columns as wide as what is in them, two blanks apart. Pure.
 */

/** Lines of a table, the names of its columns first; the last column is not filled up. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

/** "1 flow", "3 flows". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "42 s", "3 min 20 s", "5 h 2 min", "12 d 3 h". */
export function durationText(seconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const whole = Math.floor(seconds);
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return '0 s';
  const [unit, size] = units[first];
  const next = units[first + 1];
  const rest = next ? Math.floor((whole % size) / next[1]) : 0;
  return rest > 0
    ? `${Math.floor(whole / size)} ${unit} ${rest} ${next[0]}`
    : `${Math.floor(whole / size)} ${unit}`;
}
