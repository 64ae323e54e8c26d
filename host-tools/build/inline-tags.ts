/**
 * Finds the functions that ask to be inlined: a comment with a line that begins with `@inline` right before a function
 * declaration. Works on the TypeScript, because the bundle has lost its comments.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@babel/core';
import type { types } from '@babel/core';
import type { Complaint } from './complaint.ts';

/** Tagged functions, as `file:line` of the line with the word `function`; and tags that stand before anything else. */
export interface InlineTags {
  functions: Set<string>;
  complaints: Complaint[];
}

const TAG = /(^|\n)[\s*]*@inline\b/;

/** Reads the tags of TypeScript files, named relative to `root`. */
export function readInlineTags(root: string, files: readonly string[]): InlineTags {
  const tags: InlineTags = { functions: new Set(), complaints: [] };
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    if (!text.includes('@inline')) continue;
    const tree = parseSync(text, {
      configFile: false,
      babelrc: false,
      sourceType: 'module',
      parserOpts: { plugins: ['typescript'] },
    });
    for (const statement of (tree as types.File).program.body) {
      if (!statement.leadingComments?.some(({ value }) => TAG.test(value))) continue;
      const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      const { line, column } = statement.loc!.start;
      if (declared?.type === 'FunctionDeclaration') tags.functions.add(`${file}:${declared.loc!.start.line}`);
      else {
        const message = 'Only a function declaration can be tagged @inline.';
        tags.complaints.push({ file, line, column: column + 1, rule: 'inline', message });
      }
    }
  }
  return tags;
}
