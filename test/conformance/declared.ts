/**
 * Which tests prove which rows, read from the sources of test/conformance: ava runs every file in a worker of its own,
 * so nobody sees all calls of `row` as they happen.
 */
import ts from 'typescript';
import { sourcesBelow, type Source } from '../structure/sources.ts';

/** A call of `row` in a test file. */
export interface Declared {
  ids: string[];
  title: string;
  /** The file, named relative to the project. */
  file: string;
}

/** The tests of all files in test/conformance that declare rows. @throws on a call that is not written out */
export function declaredTests(): Declared[] {
  return sourcesBelow('test/conformance')
    .filter(({ file }) => file.endsWith('.test.ts'))
    .flatMap(declaredIn);
}

/** The same for one source. */
export function declaredIn({ file, text }: Source): Declared[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Declared[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'row')
      found.push({ ...writtenOut(node, source), file });
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

function writtenOut(call: ts.CallExpression, source: ts.SourceFile): { ids: string[]; title: string } {
  const [list, title] = call.arguments;
  if (
    list &&
    title &&
    ts.isArrayLiteralExpression(list) &&
    list.elements.every(ts.isStringLiteral) &&
    ts.isStringLiteralLike(title)
  )
    return { ids: list.elements.filter(ts.isStringLiteral).map((id) => id.text), title: title.text };
  const { line } = source.getLineAndCharacterOfPosition(call.getStart(source));
  throw new Error(
    `${source.fileName}:${line + 1}: write ids and title of row() as plain strings; they are read here`,
  );
}
