/**
 * Which statements of the firmware a script reaches. The modules are bundled as for the device, but with a mark before
 * every statement inside a function; what stands outside functions runs at every boot and would only flatter.
 * A statement is named by its place in the TypeScript.
 */
import { transformAsync } from '@babel/core';
import type { NodePath, PluginObj, types } from '@babel/core';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from '../../../host-tools/build/bundle.ts';
import { originsIn } from '../../../host-tools/build/origin.ts';
import type { Router } from './router.ts';

/** The firmware with marks. */
export interface Marked {
  code: string;
  /** `firmware/control/arp.ts:12` of each mark. */
  places: string[];
}

/** The request by which a marked bundle tells its marks. */
const request = 'marks';

export async function markedFirmware(): Promise<Marked> {
  const root = resolve('.');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const { code, map } = await bundle(root, resolve('firmware/main.ts'), resolve('dist/marked.js'), version);
  const origin = originsIn(map);
  const places: string[] = [];
  const mark = (line: number, column: number): number => {
    const { file, line: written } = origin({ line, column });
    return places.push(`${file}:${written}`) - 1;
  };
  const result = await transformAsync(code, {
    configFile: false,
    babelrc: false,
    plugins: [(babel: { types: typeof types }) => marker(babel.types, mark)],
  });
  const body = (result?.code ?? '').replace(/export\s*\{\s*(\w+) as hairpin\s*\};?/, 'return $1;');
  return {
    places,
    code: `var hairpin = function () {
var marks = [];
var answer = function () { ${body} }();
return function (line) { return line === '${request}' ? JSON.stringify(marks) : answer(line); };
}();`,
  };
}

/** Puts `marks[n] = 1;` before every statement that a function may or may not reach. */
function marker(t: typeof types, mark: (line: number, column: number) => number): PluginObj {
  // A statement without braces is visited again when a mark has put braces around it.
  const marked = new WeakSet<object>();
  return {
    name: 'marker',
    visitor: {
      Statement(path: NodePath<types.Statement>) {
        const { node } = path;
        const start = node.loc?.start;
        if (!start || !path.getFunctionParent()) return;
        if (t.isBlockStatement(node) || t.isFunctionDeclaration(node) || t.isEmptyStatement(node)) return;
        const isHead = t.isVariableDeclaration(node) && t.isFor(path.parent) && path.key !== 'body';
        if (isHead || marked.has(node)) return;
        marked.add(node);
        const place = t.memberExpression(
          t.identifier('marks'),
          t.numericLiteral(mark(start.line, start.column)),
          true,
        );
        path.insertBefore(t.expressionStatement(t.assignmentExpression('=', place, t.numericLiteral(1))));
      },
    },
  };
}

/** The numbers of the marks that the boots of a script reached. */
export function marksOf(routers: readonly Router[]): Set<number> {
  const reached = new Set<number>();
  for (const { world } of routers) {
    (JSON.parse(world.board.hairpin(request)) as (1 | null)[]).forEach((hit, n) => hit && reached.add(n));
  }
  return reached;
}

/** How much of one file was reached, in statements. */
export interface FileCoverage {
  file: string;
  reached: number;
  all: number;
}

export interface Coverage {
  files: FileCoverage[];
  total: FileCoverage;
  /** Places that were not reached, in order. */
  missed: string[];
}

export function measure(places: readonly string[], reached: ReadonlySet<number>): Coverage {
  const files = new Map<string, FileCoverage>();
  const total: FileCoverage = { file: 'total', reached: 0, all: 0 };
  const missed: string[] = [];
  places.forEach((place, n) => {
    const file = place.split(':')[0];
    const entry = files.get(file) ?? { file, reached: 0, all: 0 };
    files.set(file, entry);
    for (const sum of [entry, total]) {
      sum.all++;
      if (reached.has(n)) sum.reached++;
    }
    if (!reached.has(n)) missed.push(place);
  });
  const byName = new Intl.Collator('en', { numeric: true }).compare;
  return {
    files: [...files.values()].sort((a, b) => byName(a.file, b.file)),
    total,
    missed: [...new Set(missed)].sort(byName),
  };
}

/** Per cent, rounded down to a tenth. */
export function percent({ reached, all }: FileCoverage): number {
  return Math.floor((reached / all) * 1000) / 10;
}
