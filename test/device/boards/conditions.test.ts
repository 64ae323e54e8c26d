/* What a pin asks of the world around it: every pin with a condition, for every use that the firmware lets it have. */
import test from 'ava';
import { parseBoard } from '../../../firmware/config/board.ts';
import type { Board } from '../../../firmware/config/board.ts';
import { readBoard } from '../../../host-tools/device/board/boards.ts';
import { conditionsOf } from '../../../host-tools/device/board/conditions.ts';
import { useOf, wiresOf } from '../../../host-tools/device/board/wires.ts';
import { change } from '../../config/documents.ts';

const shared = readBoard('esp32-shared-bus').text;

/** The board with some things changed; undefined if the firmware refuses it. */
function boardWith(...changes: [path: string, value: unknown][]): Board | undefined {
  const text = changes.reduce((now, [path, value]) => change(now, path, value), shared);
  const parsed = parseBoard(text, 'board.json');
  return 'board' in parsed ? parsed.board : undefined;
}

test('the default board has no condition', (t) => {
  t.deepEqual(conditionsOf(readBoard('esp32-shared-bus').board), []);
});

test('the board with two buses has one: D12 low at reset, and two ways to get it so', (t) => {
  const [{ pin, use, condition, remedy }, ...more] = conditionsOf(readBoard('esp32-dual-w5500').board);
  t.deepEqual([pin, use, more], ['D12', 'MISO of the LAN module', []]);
  t.regex(condition, /^D12 must be low when the ESP32 comes out of reset: high selects 1\.8 V/);
  t.regex(remedy, /between that module's SCSn and 3V3.*set-flash-voltage 3\.3V/);
});

const places = ['spi.miso', 'spi.mosi', 'wan.select', 'wan.interrupt', 'wan.reset'];
const conditional = [2, 5, 12, 15, 16, 17, 34, 35, 36, 37, 38, 39];

for (let pin = 0; pin < 40; pin++)
  test(`D${pin} in every place that the firmware lets it have`, (t) => {
    for (const place of places) {
      const board = boardWith([place, `D${pin}`]);
      if (!board) continue;
      const found = conditionsOf(board).filter((condition) => condition.pin === `D${pin}`);
      t.is(found.length, conditional.includes(pin) ? 1 : 0, place);
      for (const { condition, remedy, use } of found) {
        t.regex(condition, /\bD\d+\b.*\.$/);
        t.regex(remedy, /\.$/);
        t.is(use, useOf(wiresOf(board).find((wire) => wire.pin === `D${pin}`)!));
      }
    }
    t.pass();
  });

test('what rests high is not sent to D12 with a pull-up', (t) => {
  const remedy = (place: string) => conditionsOf(boardWith([place, 'D12'])!)[0].remedy;
  t.regex(remedy('spi.miso'), /^Put 10 kohm between each module's SCSn and 3V3/);
  t.regex(remedy('wan.select'), /^SCSn rests high: use another pin/);
  t.regex(remedy('wan.reset'), /^RSTn rests high/);
  t.regex(remedy('spi.mosi'), /^Nothing on this wire/);
});

test('a fast clock has a condition through the GPIO matrix alone', (t) => {
  const fast: [string, unknown] = ['spi.hertz', 26_666_666];
  t.deepEqual(conditionsOf(boardWith(fast)!), []);
  t.deepEqual(conditionsOf(boardWith(['spi.mosi', 'D22'])!), []);
  const [{ pin, use }, ...more] = conditionsOf(boardWith(fast, ['spi.mosi', 'D22'])!);
  t.deepEqual([pin, use, more], ['D18', 'SCLK of both modules at 26.7 MHz', []]);
  t.is(conditionsOf(boardWith(fast, ['spi.bus', 'SPI1'])!).length, 1);
});
