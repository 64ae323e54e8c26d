// The loop that lets time pass for a board and its chips together.
import test from 'ava';
import { World } from '../../host-tools/emulator/world.ts';
import { boardText } from './board-fixture.ts';

function worldWith(script: string, timed = false): { world: World; printed: string[] } {
  const printed: string[] = [];
  const world = new World({
    bundle: script,
    files: { 'board.json': boardText },
    print: (line) => printed.push(line),
    timed,
  });
  world.board.boot();
  return { world, printed };
}

test('everything due on the way happens at its own time, timers and clock events in turn', (t) => {
  const { world, printed } = worldWith(
    '[1, 3].forEach(function (ms) { setTimeout(function () { print("timer", getTime()); }, ms); });',
  );
  world.clock.schedule(2000, () => printed.push(`event ${world.clock.now()}`));
  world.clock.schedule(4000, () => printed.push(`event ${world.clock.now()}`));
  world.run(5000);
  t.deepEqual(printed, ['timer 0.001', 'event 2000', 'timer 0.003', 'event 4000']);
  t.is(world.clock.now(), 5000);
});

test('what is due exactly at the end still happens, what is due later does not', (t) => {
  const { world, printed } = worldWith('setInterval(function () { print(getTime()); }, 5);');
  world.run(10_000);
  t.deepEqual(printed, ['0.005', '0.01']);
});

test('firmware that is never idle in timed mode does not hold up the end', (t) => {
  const script = `SPI2.setup({ sck: D18, miso: D19, mosi: D23, baud: 100000 });
    setInterval(function () { SPI2.send(new Uint8Array(1000), D25); }, 1);`;
  const { world } = worldWith(script, true);
  world.run(100_000);
  t.true(world.clock.now() < 200_000);
});

test('firmware that goes in circles at one instant is reported', (t) => {
  const script = `setWatch(function f() { D26.toggle(); }, D26, { repeat: true });`;
  const { world } = worldWith(script);
  const pin = world.board.pins.all[26];
  pin.onDriven = (level) => pin.onEdge(level);
  pin.driveFromOutside(0);
  t.throws(() => world.settle(), { message: /still had something to do after 100000 turns/ });
});
