// What SPI calls of the firmware put on the wire and get back.
import test from 'ava';
import { SETUP, boardWith } from './board-fixture.ts';

test('send gives an array of the same length at offset 0, its buffer zero-filled to a multiple of 4', (t) => {
  for (let length = 1; length <= 9; length++) {
    const { ask } = boardWith(`${SETUP} var r = SPI2.send(new Uint8Array(${length}), D25);`);
    t.is(ask('r.length'), length);
    t.is(ask('r.byteOffset'), 0);
    const padded = (length + 3) & ~3;
    t.deepEqual(
      ask(
        '(function(){ var all = new Uint8Array(r.buffer), l = []; all.forEach(function (b) { l.push(b); }); return l; })()',
      ),
      Array.from({ length: padded }, (_, i) => (i < length ? 255 : 0)),
    );
    t.is(ask('new Uint32Array(r.buffer).length'), padded / 4);
  }
});

test('each send gives a new array, and the array belongs to the firmware’s own world', (t) => {
  const { ask } = boardWith(
    `${SETUP} var u = new Uint8Array(4), a = SPI2.send(u, D25), b = SPI2.send(u, D25);`,
  );
  t.true(ask('a instanceof Uint8Array'));
  t.false(ask('a === b || a.buffer === b.buffer'));
});

test('send takes a view anywhere in a large array as one transaction', (t) => {
  const { wan, ask } = boardWith(
    `${SETUP} var arena = new Uint8Array(4096); for (var i = 0; i < 4096; i++) arena[i] = i;
     var r = SPI2.send(arena.subarray(1001, 1012), D25);`,
  );
  t.deepEqual(wan.seen, ['select', 'e9eaebecedeeeff0f1f2f3', 'deselect']);
  t.is(ask('r[10]'), 0xf3 ^ 0xff);
});

test('an array of 10 to 19 bytes is not flat: two transactions in one frame; 9 and 20 bytes are one', (t) => {
  const { wan, ask } = boardWith(
    `${SETUP} [9, 10, 19, 20].forEach(function (n) { global['r' + n] = SPI2.send(new Uint8Array(n), D25); });`,
  );
  const transfers = wan.seen.filter((entry) => /^0/.test(entry)).map((entry) => entry.length / 2);
  t.deepEqual(transfers, [9, 9, 1, 9, 10, 20]);
  t.is(ask('r19[18]'), 255);
});

test('a number is sent as one byte and comes back as a number', (t) => {
  const { wan, ask } = boardWith(`${SETUP} var r = SPI2.send(0x105, D25);`);
  t.is(ask('r'), 0xfa);
  t.deepEqual(wan.seen, ['select', '05', 'deselect']);
});

test('write sends its pieces in order within one chip select and returns nothing', (t) => {
  const { wan, lan, ask } = boardWith(`${SETUP} var r = SPI2.write(1, new Uint8Array([2, 3, 4]), 5, D25);`);
  t.deepEqual(wan.seen, ['select', '01', '020304', '05', 'deselect']);
  t.deepEqual(lan.seen, []);
  t.is(ask('r === undefined'), true);
});

test('send and write can be bound with some or all of their arguments', (t) => {
  const { wan } = boardWith(
    `${SETUP} var u = new Uint8Array([7, 8]);
     SPI2.send.bind(SPI2)(u, D25); SPI2.send.bind(SPI2, u, D25)(); SPI2.write.bind(SPI2, u, D25)(); SPI2.write.bind(SPI2)(u, u, D25);`,
  );
  const frame = ['select', '0708', 'deselect'];
  t.deepEqual(wan.seen, [...frame, ...frame, ...frame, 'select', '0708', '0708', 'deselect']);
});

test('the select pin routes to its chip; a pin written by hand keeps the frame open', (t) => {
  const { wan, lan } = boardWith(
    `${SETUP} var u = new Uint8Array([9]); SPI2.write(u, D32); D25.write(0); SPI2.write(u); SPI2.write(u); D25.write(1);`,
  );
  t.deepEqual(lan.seen, ['select', '09', 'deselect']);
  t.deepEqual(wan.seen, ['select', '09', '09', 'deselect']);
});

test('no chip hears a bus that was set up with other pins, another mode, or not at all', (t) => {
  const calls = [
    '',
    'SPI2.setup({sck:D18,miso:D19,mosi:D22,baud:20000000});',
    'SPI2.setup({sck:D18,miso:D19,mosi:D23,baud:20000000,mode:1});',
    'SPI1.setup({sck:D18,miso:D19,mosi:D23,baud:20000000});',
  ];
  for (const call of calls) {
    const { wan, ask } = boardWith(`${call} var r = SPI2.send(new Uint8Array(1), D25);`);
    t.is(ask('r[0]'), 0xff, call);
    t.deepEqual(wan.seen, ['select', 'deselect'], call);
  }
});

test('two chips selected at once are refused', (t) => {
  const { printed } = boardWith(`${SETUP} D25.write(0); SPI2.send(1, D32);`);
  t.regex(printed[0], /^Uncaught Error: D32 selects a second chip on SPI2/);
});

test('data that a board would send wrongly is refused', (t) => {
  for (const data of ['new Uint16Array(10)', 'new DataView(new ArrayBuffer(4))', '"text"']) {
    const { printed } = boardWith(`${SETUP} SPI2.send(${data}, D25);`);
    t.regex(printed[0], /^Uncaught Error: SPI2.send was given a (Uint16Array|DataView|String)/);
  }
});

test('timed: a transaction costs 28 us and its bits; untimed: nothing', (t) => {
  const script = `${SETUP} SPI2.send(new Uint8Array(100), D25); SPI2.write(1, new Uint8Array(4), D32);`;
  const timed = boardWith(script, { spi: { hertzTimed: true } });
  t.is(Math.round(timed.clock.now() * 1000), Math.round((28 * 3 + (105 * 8) / 20) * 1000));
  t.is(boardWith(script).clock.now(), 0);
});

test('timed: the rate is the nearest that 80 MHz divides to', (t) => {
  const script =
    'SPI2.setup({sck:D18,miso:D19,mosi:D23,baud:33000000}); SPI2.send(new Uint8Array(100), D25);';
  const { clock } = boardWith(script, { spi: { hertzTimed: true } });
  t.is(Math.round(clock.now() * 1000), Math.round((28 + 800 / (80 / 3)) * 1000));
});

test('chips on a bus each are heard on their own alone', (t) => {
  const one = { bus: 'SPI2', sck: 'D18', miso: 'D19', mosi: 'D23' };
  const other = { bus: 'SPI1', sck: 'D14', miso: 'D12', mosi: 'D13' };
  const board = {
    wan: { spi: one, select: 'D25', interrupt: 'D26', reset: 'D27' },
    lan: { spi: other, select: 'D32', interrupt: 'D33', reset: 'D4' },
  };
  const { wan, lan } = boardWith(
    `${SETUP} SPI1.setup({sck:D14,miso:D12,mosi:D13,baud:20000000,mode:0});
     var u = new Uint8Array([9]); SPI2.write(u, D25); SPI1.write(u, D32); SPI1.write(u, D25); SPI2.write(u, D32);`,
    { files: { 'board.json': JSON.stringify(board) } },
  );
  t.deepEqual(wan.seen, ['select', '09', 'deselect', 'select', 'deselect']);
  t.deepEqual(lan.seen, ['select', '09', 'deselect', 'select', 'deselect']);
});
