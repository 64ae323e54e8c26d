/**
 * The SPI budget: what a frame of a settled flow costs on both chips together, alone and in a burst.
 */
import test from 'ava';
import { LoadedRouter } from '../../host-tools/measure/loaded-router.ts';
import { measureIdle, measureSpi, withinSpiBudget } from '../../host-tools/measure/spi.ts';
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';

const firmware = firmwareFiles();

for (const side of ['lan', 'wan'] as const) {
  test(`frames from the ${side}: at most 8 chip-select frames, 10 transfers and 2L+48 bytes, less in a burst`, async (t) => {
    const lines = measureSpi(new LoadedRouter(await firmware, 1, 1), side);
    t.deepEqual(
      lines.map(({ length, burst }) => [length, burst]),
      [64, 512, 1514].flatMap((length) => [1, 8].map((burst) => [length, burst])),
    );
    for (const line of lines) t.true(withinSpiBudget(line), JSON.stringify(line));
    for (let i = 0; i < lines.length; i += 2) {
      const [alone, together] = [lines[i], lines[i + 1]];
      t.true(alone.forwarding.bytes >= 2 * alone.length, 'every frame crosses SPI twice');
      for (const what of ['frames', 'transfers', 'bytes'] as const)
        t.true(together.forwarding[what] < alone.forwarding[what], `${what} of ${alone.length} bytes`);
      t.true(alone.housekeeping.frames > 0 && alone.housekeeping.frames <= 4);
    }
  });
}

test('an idle router looks at both chips now and then, and no more', async (t) => {
  const idle = measureIdle(new LoadedRouter(await firmware, 1, 1));
  t.true(idle.frames >= 2 * 20, 'each port at least every 50 ms');
  t.true(idle.frames < 200 && idle.bytes < 5000, JSON.stringify(idle));
});
