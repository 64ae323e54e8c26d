// The clocks: order of events, re-entrancy, cancelling.
import test from 'ava';
import { RealClock, VirtualClock } from '../../host-tools/emulator/clock.ts';

test('events run in time order, events of one time in the order of their scheduling', (t) => {
  const clock = new VirtualClock();
  const ran: string[] = [];
  for (const [at, name] of [
    [30, 'c'],
    [10, 'a1'],
    [20, 'b'],
    [10, 'a2'],
  ] as const)
    clock.schedule(at, () => ran.push(`${name}@${clock.now()}`));
  t.is(clock.nextDue(), 10);
  clock.advance(25);
  t.deepEqual(ran, ['a1@10', 'a2@10', 'b@20']);
  t.is(clock.now(), 25);
  t.is(clock.nextDue(), 30);
});

test('an event may advance the clock, and time never goes back', (t) => {
  const clock = new VirtualClock();
  const seen: number[] = [];
  clock.schedule(10, () => {
    seen.push(clock.now());
    clock.advance(50);
    seen.push(clock.now());
  });
  clock.schedule(20, () => seen.push(clock.now()));
  clock.schedule(55, () => seen.push(clock.now()));
  clock.advanceTo(30);
  t.deepEqual(seen, [10, 20, 55, 60]);
  t.is(clock.now(), 60);
  clock.advanceTo(40);
  t.is(clock.now(), 60);
});

test('an event in the past runs at the next opportunity, at the present time', (t) => {
  const clock = new VirtualClock();
  clock.advance(100);
  let at = -1;
  clock.schedule(5, () => (at = clock.now()));
  clock.advance(0);
  t.is(at, 100);
});

test('a cancelled event never runs, and cancelling twice is harmless', (t) => {
  const clock = new VirtualClock();
  const cancel = clock.schedule(5, () => t.fail());
  clock.schedule(5, () => t.pass());
  cancel();
  cancel();
  clock.advance(10);
  t.is(clock.nextDue(), undefined);
});

test('a time that is not a number is refused', (t) => {
  t.throws(() => new VirtualClock().schedule(NaN, () => {}), { instanceOf: RangeError });
});

test('the real clock moves by itself but runs events only when asked', (t) => {
  const clock = new RealClock();
  let ran = 0;
  clock.schedule(clock.now() - 1, () => ran++);
  clock.schedule(clock.now() + 60e6, () => t.fail());
  t.is(ran, 0);
  clock.runDue();
  t.is(ran, 1);
  t.true(clock.now() > 0);
});
