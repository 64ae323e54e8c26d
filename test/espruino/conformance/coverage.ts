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
  /** `firmware/control/arp.ts:12#0` of each mark: the first statement that begins there. A file may be in both bundles. */
  places: string[];
}

export async function markedFirmware(): Promise<Marked> {
  const places: string[] = [];
  const [guard, main] = [
    await markedStatements('firmware/services/guard.ts', places),
    await markedStatements('firmware/main.ts', places),
  ];
  return {
    places,
    // Where a router finds them at the end of each boot: see `reached` there.
    code: `var hairpin = function () {
var marks = [];
var answer = function () { ${guard} }() || function () { ${main} }();
answer.marks = marks;
return answer;
}();`,
  };
}

/** A module with what it imports, marked, as statements that end in `return`. */
async function markedStatements(entry: string, places: string[]): Promise<string> {
  const root = resolve('.');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const { code, map } = await bundle(root, resolve(entry), resolve('dist/marked.js'), version);
  const origin = originsIn(map);
  const before = new Map<string, number>();
  const mark = (line: number, column: number): number => {
    const { file, line: written } = origin({ line, column });
    const place = `${file}:${written}`;
    const count = before.get(place) ?? 0;
    before.set(place, count + 1);
    return places.push(`${place}#${count}`) - 1;
  };
  const result = await transformAsync(code, {
    configFile: false,
    babelrc: false,
    plugins: [(babel: { types: typeof types }) => marker(babel.types, mark)],
  });
  return (result?.code ?? '').replace(
    /export\s*\{\s*(\w+)(?: as hairpin)?\s*\};?/,
    (_, name: string) => `return ${name};`,
  );
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

/** The numbers of the marks that a script's routers reached. */
export function marksOf(routers: readonly Router[]): Set<number> {
  return new Set(routers.flatMap((router) => [...router.reached()]));
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
  const hit = new Set([...reached].map((n) => places[n]));
  [...new Set(places)].forEach((place) => {
    const file = place.split(':')[0];
    const entry = files.get(file) ?? { file, reached: 0, all: 0 };
    files.set(file, entry);
    for (const sum of [entry, total]) {
      sum.all++;
      if (hit.has(place)) sum.reached++;
    }
    if (!hit.has(place)) missed.push(place.split('#')[0]);
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
