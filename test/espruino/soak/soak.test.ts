// A short soak in every interpreter: memory stays as it is, every kind of frame went its way, the watchdog is kicked;
// and a bundle that keeps something is noticed. `make soak-espruino` runs the long one.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import test from 'ava';
import { findInterpreters } from '../interpreters.ts';
import { growth, soak } from './soak.ts';

const { found, reason } = findInterpreters();
const bundle = readFileSync('dist/firmware.js', 'latin1');
const options = { frames: 1600, laps: 8, seed: 3 };

test('growth: the second half against the first, boot not counted', (t) => {
  t.is(growth({ usage: [90, 100, 101, 101, 101, 101, 101] }), 0);
  t.is(growth({ usage: [200, 100, 101, 101, 103, 103, 104] }), 2);
});

test('growth: one lap that stands out is none', (t) => {
  t.is(growth({ usage: [90, 101, 101, 101, 107, 101, 101] }), 0);
});

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const [index, interpreter] of found.entries()) {
  const name = `${basename(interpreter)} ${index + 1}`;

  test(`${name}: ${options.frames} frames leave nothing behind`, async (t) => {
    const result = await soak(interpreter, bundle, options);
    const { counters } = result;
    t.is(growth(result), 0, result.usage.join(' '));
    t.deepEqual(result.said, []);
    t.true(result.kicks > 20);
    t.true(counters['forwarded-fast'] > options.frames / 2);
    for (const reached of [
      'forwarded-slow',
      'answered-arp',
      'answered-echo',
      'sent-arp-request',
      'held-for-neighbour',
      'held-fragment',
      'drop-no-forward',
      'drop-fragment',
      'drop-ip-checksum',
      'drop-martian',
      'drop-protocol',
      'drop-ttl',
    ])
      t.true(counters[reached] > 0, reached);
    t.is(counters['drop-exception'] + counters['torn-read'] + counters['transmit-stuck'], 0);
  });

  test(`${name}: a bundle that keeps one number a turn is noticed`, async (t) => {
    const keeps = `${bundle}\n(function () {
      var kept = [], turn = stage.interval;
      stage.interval = function () { kept.push(1); turn(); };
    })();`;
    t.true(growth(await soak(interpreter, keeps, options)) > 50);
  });
}
