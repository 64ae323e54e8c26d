// Reads the interpreter's own list of its variables (`E.dumpVariables()`) as a graph. Knows nothing of the firmware.

/** A variable with what hangs on it: a text's further blocks belong to it. */
export interface Variable {
  /** Variables it takes. */
  size: number;
  /** Of a name: the name. */
  name: string | undefined;
  /** What it refers to: a name's value, an object's names. */
  links: number[];
}

export type Dump = ReadonlyMap<number, Variable>;

/** `ref,size,flags,"name",links,` or with a type and a value in place of the name; names may hold anything. */
const line = /^(\d+),(\d+),\d+,(.*?)((?:\d+,)*)$/;
const quoted = /^"(.*)",$/;

export function parseDump(text: string): Dump {
  const variables = new Map<number, Variable>();
  for (const each of text.split(/\r?\n/)) {
    const found = line.exec(each);
    if (!found) continue;
    const [, ref, size, what, links] = found;
    variables.set(Number(ref), {
      size: Number(size),
      name: quoted.exec(what)?.[1],
      links: links.split(',').filter(Boolean).map(Number),
    });
  }
  return variables;
}

/** Everything that can be reached from `from` without entering `closed`. */
export function reachable(dump: Dump, from: readonly number[], closed: ReadonlySet<number>): Set<number> {
  const found = new Set<number>();
  const waiting = [...from];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (found.has(ref) || closed.has(ref) || !dump.has(ref)) continue;
    found.add(ref);
    waiting.push(...dump.get(ref)!.links);
  }
  return found;
}

export function sizeOf(dump: Dump, refs: Iterable<number>): number {
  let size = 0;
  for (const ref of refs) size += dump.get(ref)!.size;
  return size;
}
