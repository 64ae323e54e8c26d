/**
 * What `npm pack` runs first (`prepack` in package.json): compiles the host tools into dist/js. The firmware has been
 * built before. Prints one line.
 */
import { compileHostTools } from './compile.ts';

const sources = await compileHostTools(process.cwd());
console.log(`dist/js: ${sources.length} files of the host tools, compiled.`);
