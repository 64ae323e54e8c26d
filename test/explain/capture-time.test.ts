/* The pauses of a capture: as long as in the file, cut short where that makes no difference, never backwards. */
import test from 'ava';
import { longestMemory, timekeeper } from '../../host-tools/explain/capture-time.ts';
import { askedRouter } from './asked.ts';

/** Waits for these seconds; how long the clock was idle for each, in seconds. Between them it runs on by `busy`. */
function pauses(times: number[], { longest = 1000, busy = 0 } = {}): number[] {
  let now = 5e6;
  const idled: number[] = [];
  const clock = {
    now: () => now,
    idle: (microseconds: number) => {
      now += microseconds;
      idled[idled.length - 1] = microseconds / 1e6;
    },
  };
  const waitFor = timekeeper(clock, longest * 1e6);
  for (const seconds of times) {
    idled.push(0);
    waitFor(seconds);
    now += busy * 1e6;
  }
  return idled;
}

test('pauses are those of the file', (t) => {
  t.deepEqual(pauses([0, 2, 2, 5]), [0, 2, 0, 3]);
});

test('what the router was busy for is not waited for again', (t) => {
  t.deepEqual(pauses([0, 2, 2, 5], { busy: 0.5 }), [0, 1.5, 0, 2]);
});

test('time never goes backwards', (t) => {
  t.deepEqual(pauses([10, 4, 12]), [10, 0, 2]);
});

test('a pause of months is cut short, and time goes on from there', (t) => {
  t.deepEqual(pauses([0, 1e7, 1e7 + 100]), [0, 1000, 100]);
});

test('the longest memory is that of the longest timeout', async (t) => {
  const { config } = await askedRouter();
  t.true(longestMemory(config) > config.nat.timeouts.tcpEstablished * 1e6);
  t.true(longestMemory(config) < (config.nat.timeouts.tcpEstablished + 60) * 1e6);
});
