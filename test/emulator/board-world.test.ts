// The world the firmware runs in: what it lacks, what `E`, `process` and Storage do, boot, requests, isolation.
import test from 'ava';
import { Board } from '../../host-tools/emulator/board.ts';
import { VirtualClock } from '../../host-tools/emulator/clock.ts';
import { ScribeChip, boardText, boardWith } from './board-fixture.ts';

const MISSING = [
  ...[
    'Map',
    'Set',
    'WeakMap',
    'Symbol',
    'Proxy',
    'Reflect',
    'BigInt',
    'RangeError',
    'SharedArrayBuffer',
    'Intl',
  ],
  ...[
    'TextEncoder',
    'structuredClone',
    'queueMicrotask',
    'setImmediate',
    'performance',
    'Buffer',
    'WebAssembly',
  ],
  ...[
    'Array.from',
    'Array.of',
    '[].at',
    '[].flat',
    '[].lastIndexOf',
    '[].reduceRight',
    '[].copyWithin',
    '[].keys',
  ],
  ...['Math.imul', 'Math.clz32', 'Math.trunc', 'Math.hypot', 'Math.log2', 'Math.fround', 'Number.isInteger'],
  ...['Number.isNaN', 'Object.is', 'Object.freeze', 'Object.hasOwn', 'String.raw'],
  ...[
    '"".at',
    '"".trimStart',
    '"".codePointAt',
    '"".localeCompare',
    'ArrayBuffer.isView',
    'new ArrayBuffer(1).slice',
  ],
  ...[
    'Uint8Array.from',
    'Uint8Array.of',
    'new Uint8Array(1).slice',
    'new Uint8Array(1).at',
    'new Uint8Array(1).copyWithin',
  ],
];

const PRESENT = [
  ...[
    'Promise',
    'JSON.parse',
    'DataView',
    'Array.isArray',
    '[].slice',
    '[].indexOf',
    'Object.keys',
    'Math.floor',
  ],
  ...[
    'new Uint8Array(1).subarray',
    'new Uint8Array(1).set',
    'new Uint8Array(1).indexOf',
    '"".padStart',
    'Object.assign',
  ],
  ...[
    'SPI1.send',
    'SPI2.write',
    'D0',
    'D39',
    'Pin',
    'setWatch',
    'clearWatch',
    'setInterval',
    'clearTimeout',
    'getTime',
  ],
  ...[
    'require("Storage").read',
    'E.mapInPlace',
    'process.memory',
    'process.env',
    'print',
    'console.log',
    'global',
  ],
];

test('names that Espruino lacks are absent', (t) => {
  const { ask } = boardWith('');
  for (const name of MISSING)
    t.is(ask(`typeof (${name})`.replace(/^typeof \((\w+)\)$/, 'typeof $1')), 'undefined', name);
});

test('names that the firmware needs are there', (t) => {
  const { ask } = boardWith('');
  for (const name of PRESENT) t.not(ask(`typeof (${name})`), 'undefined', name);
});

test('what was removed is removed from this world only, and for..of and replace still work', (t) => {
  const { ask } = boardWith('var sum = 0; for (var x of new Uint8Array([1, 2, 3])) sum += x;');
  t.is(ask('sum'), 6);
  t.is(ask('"a-b-c".replace(/-/g, "+")'), 'a+b+c');
  t.deepEqual([...new Map([[1, Math.trunc(2.5)]])], [[1, 2]]);
});

test('two boards share nothing', (t) => {
  const one = boardWith(
    'var name = "one"; Array.prototype.mark = 1; setInterval(function () { name += "!"; }, 1);',
  );
  const two = boardWith('var name = "two";');
  one.clock.advance(1000);
  t.true(one.board.runPending());
  t.false(two.board.runPending());
  t.deepEqual([one.ask('name'), two.ask('name')], ['one!', 'two']);
  t.is(two.ask('typeof [].mark'), 'undefined');
  t.false('mark' in Array.prototype);
  one.wan.setInterrupt(true);
  t.deepEqual([one.ask('D26.read()'), two.ask('D26.read()')], [false, true]);
});

test('mapInPlace: plain, table, function and bits', (t) => {
  const { ask } = boardWith(
    'var a = new Uint8Array([1, 2, 3, 4]), b = new Uint8Array(6), h = new Uint16Array(2);',
  );
  const after = (call: string, array: string) => ask(`(${call}, [].slice.call(${array}))`);
  t.deepEqual(after('E.mapInPlace(a, b)', 'b'), [1, 2, 3, 4, 0, 0]);
  t.deepEqual(after('E.mapInPlace(b, a.subarray(0, 2))', 'a'), [1, 2, 3, 4]);
  t.deepEqual(after('E.mapInPlace(a, h)', 'h'), [1, 2]);
  t.deepEqual(after('E.mapInPlace(a, h, undefined, 16)', 'h'), [0x102, 0x304]);
  t.deepEqual(after('E.mapInPlace(a, h, undefined, -16)', 'h'), [0x201, 0x403]);
  t.deepEqual(
    after('E.mapInPlace(new Uint16Array([0x102, 0x304]), b, undefined, 8)', 'b'),
    [1, 2, 3, 4, 0, 0],
  );
  t.deepEqual(
    after('E.mapInPlace(new Uint16Array([0x102, 0x304]), b, undefined, -8)', 'b'),
    [2, 1, 4, 3, 0, 0],
  );
  t.deepEqual(after('E.mapInPlace(new Uint32Array([0xf1020304]), h, undefined, 16)', 'h'), [0xf102, 0x304]);
  t.deepEqual(after('E.mapInPlace(new Uint32Array([0xf1020304]), h, undefined, -16)', 'h'), [0x304, 0xf102]);
  t.deepEqual(after('E.mapInPlace(new Uint8Array([1, 2, 3]), h, undefined, 16)', 'h'), [0x102, 0x300]);
  t.deepEqual(after('E.mapInPlace(new Uint8Array([1, 2]), b, [9, 8, 7])', 'b'), [8, 7, 4, 3, 0, 0]);
  t.deepEqual(
    after(
      'E.mapInPlace(new Uint8Array([1, 2]), b, function (v, i) { return v * 10 + i; })',
      'b.subarray(0, 2)',
    ),
    [10, 21],
  );
});

test('mapInPlace: what a board gets wrong or refuses is refused', (t) => {
  const { ask } = boardWith(
    'function said(f) { try { f(); return "nothing"; } catch (e) { return e.message; } }',
  );
  const refusal = (call: string) => ask(`said(function () { ${call}; })`);
  t.regex(refusal('E.mapInPlace(new Uint32Array(2), new Uint32Array(2))') as string, /numbers of 32 bits/);
  t.is(refusal('E.mapInPlace([1], new Uint8Array(1))'), 'First 2 arguments should be array buffers');
});

test('addresses: 0 for what is too short to be flat, otherwise stable, views by their offset', (t) => {
  const { ask } = boardWith('var a = new Uint8Array(64), b = new Uint8Array(64);');
  t.is(ask('E.getAddressOf(new Uint8Array(19), true)'), 0);
  t.is(ask('E.getAddressOf(a.subarray(8), true) - E.getAddressOf(a, true)'), 8);
  t.true(ask('Math.abs(E.getAddressOf(b, true) - E.getAddressOf(a, true)) >= 64'));
});

test('hwRand is a signed 32-bit number, the same for the same seed', (t) => {
  const draw = (seed: number) =>
    boardWith('var l = []; for (var i = 0; i < 40; i++) l.push(E.hwRand());', { seed }).ask('l') as number[];
  t.deepEqual(draw(5), draw(5));
  t.notDeepEqual(draw(5), draw(6));
  t.true(draw(5).some((n) => n < 0) && draw(5).some((n) => n > 0));
  t.true(draw(5).every((n) => n === (n | 0)));
});

test('CRC32 is zlib’s', (t) => {
  t.is(boardWith('').ask('E.CRC32("abc")'), 891568578);
});

test('Storage: reading, missing files, JSON', (t) => {
  const { ask } = boardWith('var S = require("Storage");', {
    files: { 'board.json': boardText, bad: '{"a":' },
  });
  t.is(ask('S.readJSON("board.json").wan.select'), 'D25');
  t.is(ask('S.read("board.json", 1, 7)'), '"board"');
  t.is(
    ask('typeof S.read("none") + typeof S.readJSON("none") + typeof S.readJSON("bad", true)'),
    'undefinedundefinedundefined',
  );
  t.is(
    ask('(function(){ try { S.readJSON("bad"); } catch (e) { return e instanceof SyntaxError; } })()'),
    true,
  );
});

test('Storage: writing follows the rules of flash', (t) => {
  const { ask } = boardWith(
    'var S = require("Storage"); function said(f) { try { return f(); } catch (e) { return e.message; } }',
  );
  const did = (call: string) => ask(`said(function () { return ${call}; })`);
  const free = ask('S.getFree()') as number;
  t.true(did('S.write("p", "abcd", 0, 8)'));
  t.is(ask('S.getFree()'), free - 40);
  t.is(ask('S.read("p")'), 'abcd\xff\xff\xff\xff');
  t.true(did('S.write("p", "ef", 4)'));
  t.is(did('S.write("p", "zz", 5)'), 'File already written with different data');
  t.is(did('S.write("p", "zzz", 6)'), 'Too much data for file size');
  t.is(did('S.write("q", "z", 6)'), 'Unable to find or create file');
  t.is(did('S.write("q", "")'), "Can't create zero length file");
  t.true(did('S.write("p", new Uint8Array([65, 66]))'));
  t.is(ask('S.read("p")'), 'AB');
  t.true(did('S.write("12345678901234567890123456789012", "x")'));
  t.deepEqual(ask('S.list(/^[p1]/)'), ['p', '1234567890123456789012345678']);
  t.is(ask('(S.erase("p"), typeof S.read("p"))'), 'undefined');
});

test('boot: init listeners and onInit run after the script; what it throws is reported', (t) => {
  const b = boardWith(
    `var log = 'script'; E.on('init', function () { log += ' init'; }); global.onInit = function () { log += ' onInit'; };`,
  );
  t.is(b.ask('log'), 'script init onInit');
  const clock = new VirtualClock();
  const printed: string[] = [];
  const chips = { wan: new ScribeChip(), lan: new ScribeChip() };
  const broken = new Board({
    bundle: 'var a = ;',
    files: { 'board.json': boardText },
    chips,
    clock,
    print: (line) => printed.push(line),
  });
  broken.boot();
  t.regex(printed[0], /^Uncaught SyntaxError/);
  t.throws(() => broken.hairpin('status'), { message: /has not made the function hairpin/ });
});

test('requests: an exception becomes a sentence', (t) => {
  const b = boardWith('');
  t.throws(() => b.board.hairpin('(void 0).x'), {
    message: /^The firmware threw while it answered "\(void 0\)\.x": Uncaught TypeError/,
  });
  t.is(b.ask('1 + 1'), 2);
});

test('reset, load and reboot are recorded, and the board stands still', (t) => {
  for (const [call, restart] of [
    ['reset()', 'reset'],
    ['load("x.js")', 'load x.js'],
    ['E.reboot()', 'reboot'],
  ]) {
    const b = boardWith(
      `var killed = 0; E.on('kill', function () { killed++; }); setInterval(function () {}, 1);`,
    );
    b.ask(`${call}, setInterval(function () {}, 1)`);
    b.clock.advance(5000);
    t.deepEqual(b.board.restarts, [restart]);
    t.false(b.board.runPending());
    t.is(b.ask('killed'), 1);
  }
});

test('a board description that does not fit is refused with the place', (t) => {
  const make = (text: string) => boardWith('', { files: { 'board.json': text } });
  t.throws(() => make('{'), { message: /^board\.json is not JSON/ });
  t.throws(() => make(boardText.replace('D26', 'D40')), {
    message: 'board.json: wan.interrupt is "D40", expected a pin from D0 to D39.',
  });
  t.throws(() => make(boardText.replace('"reset":"D14"', '"rest":"D14"')), {
    message: 'board.json: lan.reset is missing.',
  });
  t.throws(() => make(boardText.replace('SPI2', 'SPI3')), { message: /: spi\.bus is "SPI3"/ });
  t.throws(() => make(boardText.replace('"lan":{', '"lan":{"spi":{"bus":"SPI1"},')), {
    message: 'board.json: lan.spi.sck is missing.',
  });
});
