/**
 * Finds the functions that ask something of the build: a comment with a line that begins with `@inline` or `@overlay`
 * right before a function declaration. Works on the TypeScript, because the bundle has lost its comments.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@babel/core';
import type { types } from '@babel/core';
import type { Complaint } from './complaint.ts';

/** What can be asked. */
export type Tag = 'inline' | 'overlay';

/** Tagged functions, as `file:line` of the line with the word `function`; and tags that stand where they may not. */
export interface Tags extends Record<Tag, Set<string>> {
  complaints: Complaint[];
}

const forms: [tag: Tag, form: RegExp][] = [
  ['inline', /(^|\n)[\s*]*@inline\b/],
  ['overlay', /(^|\n)[\s*]*@overlay\b/],
];

/** Reads the tags of TypeScript files, named relative to `root`. */
export function readTags(root: string, files: readonly string[]): Tags {
  const tags: Tags = { inline: new Set(), overlay: new Set(), complaints: [] };
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    if (!forms.some(([tag]) => text.includes(`@${tag}`))) continue;
    const tree = parseSync(text, {
      configFile: false,
      babelrc: false,
      sourceType: 'module',
      parserOpts: { plugins: ['typescript'] },
    });
    for (const statement of (tree as types.File).program.body) readStatement(file, statement, tags);
  }
  return tags;
}

function readStatement(file: string, statement: types.Statement, tags: Tags): void {
  const asked = forms.filter(([, form]) => statement.leadingComments?.some(({ value }) => form.test(value)));
  if (asked.length === 0) return;
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  const { line, column } = statement.loc!.start;
  const complain = (rule: string, message: string) =>
    tags.complaints.push({ file, line, column: column + 1, rule, message });
  if (asked.length > 1) {
    complain('overlay', 'It is tagged @inline, so no function is left that could be an @overlay.');
  } else if (declared?.type === 'FunctionDeclaration') {
    tags[asked[0]![0]].add(`${file}:${declared.loc!.start.line}`);
  } else complain(asked[0]![0], `Only a function declaration can be tagged @${asked[0]![0]}.`);
}
