/**
 * How a test says which rows of the checklist it proves:
 *
 *     row(['4787-5', '4787-5b,c'], 'an idle mapping lives for 290 s', (t) => { ... });
 *
 * Ids and title are written out as plain strings, since declared.ts reads them from the source; titles are not used
 * twice. docs/conformance.md names the test by its title.
 */
import test, { type ExecutionContext } from 'ava';
import { rowOf } from './rows.ts';

/** Declares a test that proves rows. Tests of one file run one after the other: the router is one for all. */
export function row(
  ids: string[],
  title: string,
  prove: (t: ExecutionContext) => void | Promise<void>,
): void {
  const unknown = ids.filter((id) => !rowOf(id));
  if (unknown.length > 0 || ids.length === 0)
    throw new Error(
      `'${title}' names ${unknown.join(', ') || 'no row'}: not an id of test/conformance/rows/`,
    );
  test.serial(title, prove);
}
