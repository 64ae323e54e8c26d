/** What passes under Node and fails or crawls on the board, with what stands in its way. */
import { type Row, caught, harmless, lowered, refused, row } from './answers.ts';

export const traps: readonly Row[] = [
  row(
    'early-use',
    'calls above the function, reads above the var, code that needs strict mode',
    refused('hoisting', 'f(); function f() {}', 'var b = a; var a = 1;', 'function f() { lost = 1; }'),
  ),
  row(
    'syntax-found-late',
    'newer syntax that fails only when its line runs',
    harmless(
      'What is not lowered or refused by name is no ES5, and the gate parses the script as that.',
      'host-tools/build/gate.ts',
    ),
    lowered('(function (a = 1) { return a; })()', 1),
    refused('label', 'a: for (;;) break a'),
    refused('async', 'async () => 1'),
    refused('missing-global', 'new Map()'),
  ),
  row(
    'inheritance',
    'extends, lowered inheritance, the helper for array spread, a case behind default',
    refused('extends', 'class A extends Error {}'),
    refused('spread-call', 'x = [...a]'),
    refused('case-after-default', 'switch (a) { default: break; case 1: }'),
  ),
  row(
    'order-of-things',
    'closures in loops, delete in for..in, unstable sort, order of numeric keys',
    refused('loop-closure', 'for (let i = 0; i < 3; i++) later(() => i)'),
    refused('delete-in-for-in', 'for (const k in o) delete o[k]'),
    caught('unstable sort'),
    caught('order of numeric keys'),
  ),
  row(
    'array-prices',
    'slice of a typed array, subarray past the end, empty views, indexOf that misses, .length in a loop',
    refused('typed-slice', 'function f(u: Uint8Array) { return u.slice(2); }'),
    refused('empty-view', 'u.subarray(4, 4)'),
    refused(
      'flat',
      'function f(u) { for (let i = 0; i < u.length; i++) g(i); }',
      'function f(u) { return u.indexOf(5); }',
    ),
    caught('subarray past the end'),
  ),
  row(
    'odd-views',
    'views at odd offsets work on the board and throw in Node, far ones the other way',
    refused('far-view', 'new Uint8Array(b, 70000)'),
    caught('views at odd offsets'),
  ),
  row(
    'not-flat',
    'arrays under 20 bytes are not flat, larger ones only when memory allows',
    harmless(
      'What is looked up per packet, and every message of the packet path, lies in the arena; boot stops unless that is flat.',
      'test/services/boot.test.ts',
    ),
    harmless(
      'A frame that was received in pieces, or a request of the health check, goes out in pieces within one chip select: dearer, and the same bytes.',
    ),
  ),
  row(
    'allocation',
    'an allocation of 20 bytes or more for every packet',
    refused(
      'flat',
      'function f() { return [1, 2]; }',
      'function f() { return { a: 1 }; }',
      'function f() { return new Uint8Array(40); }',
    ),
    harmless(
      'What is allocated for a packet is freed with it: 800 frames of every kind leave as many variables in use as before.',
      'test/espruino/soak/soak.test.ts',
    ),
  ),
  row(
    'slow-forms',
    'long switches, long names, deep calls, objects as tables, built-ins that are not bound',
    refused(
      'flat',
      'function f(a) { switch (a) { case 1: return 2; } }',
      'function f(u) { return Math.min(1, 2); }',
    ),
    refused('hot', 'function run() { return parseInt(5); }'),
    harmless('The build shortens every name of the script.', 'test/build/build.test.ts'),
  ),
  row(
    'silent-deaths',
    'out of memory, recursion and Ctrl-C end an interval without an exception',
    harmless(
      'The watchdog is kicked by the loop alone, so a dead loop restarts the board.',
      'test/router/watchdog.test.ts',
    ),
  ),
  row(
    'console',
    'printing on the packet path; a terminal that sends Ctrl-C',
    refused('flat', 'function f() { console.log(1); }', `function f() { print('got one'); }`),
    harmless('A turn that Ctrl-C ends is begun anew.', 'test/espruino/soak/alive.test.ts'),
  ),
  row(
    'timers-and-watches',
    'bursts of an interval after a stall, watches on some pins, lines that stay low',
    harmless(
      'A turn costs the same whenever it comes and its state is in the chips; a burst only looks more often.',
      'test/router/bursts.test.ts',
    ),
    harmless('The board file is refused with a pin that cannot be watched.', 'test/config/board.test.ts'),
    harmless(
      'The line is read as a level on every turn of the timer; its edge is only a hint.',
      'firmware/router/turn.ts',
    ),
  ),
  row(
    'storage',
    'Storage that is rewritten or compacted at a bad moment; calls that erase saved code',
    harmless(
      'The firmware writes only where Storage has room behind its last file, so that nothing is compacted, and calls nothing that saves code.',
      'test/services/config-store.test.ts',
    ),
  ),
  row(
    'numbers',
    'powers, fractions of the clock, digits of fractions, 1e20 | 0',
    refused('power', 'x = 2 ** n', 'x = Math.pow(2, n)'),
    refused('fractional-now', 'x = Date.now()'),
    refused('float-literal', 'x = 1e3;'),
    caught('digits of a fraction'),
    caught('a large float as an integer'),
  ),
  row(
    'spi-arguments',
    'SPI calls with a DataView, words, an object or a text',
    harmless(
      'The types of the platform room take a Uint8Array and nothing else, and conformance compares every byte.',
      'firmware/platform/espruino.d.ts',
    ),
  ),
  row(
    'host-tools',
    'the exit code of the upload tool, its default speed, slow writes, tiny uploads',
    harmless('The project does not use that tool, and nothing of it is in the bundle.', 'package.json'),
  ),
];
