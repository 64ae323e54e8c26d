/**
 * Boot when something is missing: what the router does, what the console says in one sentence, and what the seam
 * answers. And the radios of a stock build: none of them is left open.
 */
import test from 'ava';
import type { RadiosAtBoot } from '../../host-tools/emulator/platform-radios.ts';
import { Faults } from '../../host-tools/emulator/faults.ts';
import { World } from '../../host-tools/emulator/world.ts';
import { address, arpFrame, configText, mac } from '../scenes/cast.ts';
import { boardText, bundle } from '../scenes/router.ts';

interface Setup {
  /** In front of the bundle. */
  before?: string;
  radios?: RadiosAtBoot;
  /** What is done to the board before power-on. */
  prepare?: (booted: Booted) => void;
}

interface Booted {
  world: World;
  faults: { wan: Faults; lan: Faults };
  console: string[];
  ask(line: string): Record<string, unknown> & { ok: boolean; error: string };
  /** Whether that port answers ARP for its own address. */
  answers(side: 'wan' | 'lan'): boolean;
}

async function boot({ before = '', radios, prepare = () => {} }: Setup): Promise<Booted> {
  const console: string[] = [];
  const faults = { wan: new Faults(1), lan: new Faults(2) };
  const world = new World({
    bundle: before + (await bundle()),
    files: { 'board.json': boardText, 'config.json': configText('external') },
    print: (line) => console.push(line),
    faults,
    ...(radios && { radios }),
  });
  const booted: Booted = {
    world,
    faults,
    console,
    ask: (line) => JSON.parse(world.board.hairpin(line)) as ReturnType<Booted['ask']>,
    answers(side) {
      let answers = 0;
      world[side].onTransmit = () => answers++;
      world[side].deliver(
        side === 'wan'
          ? arpFrame(1, mac.gateway, address.G, mac.routerWan, address.P)
          : arpFrame(1, mac.client, address.C, mac.routerLan, address.R),
      );
      world.run(20_000);
      return answers === 1;
    },
  };
  prepare(booted);
  world.board.boot();
  world.run(500_000);
  return booted;
}

const missing = (file: string, purpose: string) =>
  `There is no ${file} in Storage: it says ${purpose}, and the router does not run without it.`;

const standstills: { title: string; setup: Setup; reason: string | RegExp }[] = [
  {
    title: 'no config.json',
    setup: { prepare: ({ world }) => world.board.storage.erase('config.json') },
    reason: missing('config.json', 'which addresses and forwards to use'),
  },
  {
    title: 'no board.json',
    setup: { prepare: ({ world }) => world.board.storage.erase('board.json') },
    reason: missing('board.json', 'how the chips are wired'),
  },
  {
    title: 'a config.json that breaks off',
    setup: { prepare: ({ world }) => world.board.storage.write('config.json', '{"wan": {"address": "12.0') },
    reason: /^config\.json: [^\n]* expected a closing double quote/,
  },
  {
    title: 'a config.json of zeros',
    setup: { prepare: ({ world }) => world.board.storage.write('config.json', '\0'.repeat(100)) },
    reason: /^config\.json: [^\n]* found a character that is not printable ASCII/,
  },
  {
    title: 'a board.json for another chip',
    setup: {
      prepare: ({ world }) => world.board.storage.write('board.json', boardText.replace('D25', 'D45')),
    },
    reason: /^board\.json: .*wan\.select.* expected a pin from "D0" to "D39"/,
  },
  {
    title: 'tables that are not in one piece',
    setup: { before: 'E.getAddressOf = function () { return 0; };' },
    reason: /^No piece of memory is large enough for the tables: restart the board/,
  },
  {
    title: 'an exception',
    setup: { before: "SPI2.setup = function () { throw new Error('bus gone'); };" },
    reason: 'The start failed with an exception: Error: bus gone',
  },
];

for (const { title, setup, reason } of standstills) {
  test(`${title}: the board stands still and says why, on the console and through the seam`, async (t) => {
    const { world, console, ask, answers } = await boot(setup);
    world.run(30_000_000);
    t.is(console.length, 1);
    if (typeof reason === 'string') t.is(console[0], reason);
    else t.regex(console[0], reason);
    t.is(ask('status').error, `The router is not running. ${console[0]}`);
    t.is(ask('config').error, `The router is not running. ${console[0]}`);
    t.true(ask('version').ok);
    t.false(answers('lan'));
    t.deepEqual(world.board.restarts, [], 'no watchdog without a loop');
    t.deepEqual(world.board.radios.open, { accessPoint: false, telnet: false, bluetooth: false });
  });
}

for (const side of ['wan', 'lan'] as const) {
  const other = side === 'wan' ? 'lan' : 'wan';
  test(`no ${side} chip: said once, the ${other} port works, and the chip is found when it comes`, async (t) => {
    const { world, console, ask, answers, faults } = await boot({
      prepare: (booted) => (booted.faults[side].stuckMiso = 0xff),
    });
    world.run(30_000_000);
    t.deepEqual(console, [
      `The ${side.toUpperCase()} chip does not answer as a W5500 (version register 255, expected 4): check its power, wiring and select pin. Trying again, at least once a minute.`,
    ]);
    t.false((ask('status')[side] as { chip: boolean }).chip);
    t.true((ask('status')[other] as { chip: boolean }).chip);
    t.true(answers(other));
    t.false(answers(side));
    faults[side].stuckMiso = null;
    world.run(7_000_000);
    t.true(answers(side));
    t.is(console.length, 1);
    t.deepEqual(world.board.restarts, []);
  });
}

test('no chip at all: two sentences, and the router waits', async (t) => {
  const { world, console, ask, answers, faults } = await boot({
    prepare: (booted) => (booted.faults.wan.stuckMiso = booted.faults.lan.stuckMiso = 0),
  });
  world.run(30_000_000);
  t.deepEqual(
    console.map((line) => line.split(' ').slice(0, 3).join(' ')),
    ['The WAN chip', 'The LAN chip'],
  );
  t.true(ask('status').ok);
  faults.wan.stuckMiso = faults.lan.stuckMiso = null;
  world.run(7_000_000);
  t.true(answers('wan') && answers('lan'));
  t.deepEqual(world.board.restarts, []);
});

test('bring-up that ends in the middle, by an exception or Ctrl-C, is begun again', async (t) => {
  // The first look at a version register throws.
  const before = `var threw = false;
  (function (send) {
    SPI2.send = function (data, pin) {
      if (!threw) { threw = true; throw new Error('SPI Send Error'); }
      return send(data, pin);
    };
  })(SPI2.send.bind(SPI2));\n`;
  const { world, answers } = await boot({ before });
  t.true(world.board.evaluate('threw'));
  // The next look at the chip found that it answers.
  t.true(answers('wan') && answers('lan'));
});

test('radios of a stock build: access point and telnet are closed, though the interpreter opens one again', async (t) => {
  const { world, console } = await boot({});
  t.deepEqual(world.board.radios.open, { accessPoint: false, telnet: false, bluetooth: false });
  t.deepEqual(console, []);
});

test('Bluetooth that is on is silenced', async (t) => {
  const { world, console, answers } = await boot({
    radios: { accessPoint: true, telnet: true, bluetooth: true },
  });
  t.deepEqual(world.board.radios.open, { accessPoint: false, telnet: false, bluetooth: false });
  t.deepEqual(console, []);
  t.true(answers('lan'));
});

test('a build without any of the radios boots as well', async (t) => {
  const { console, answers } = await boot({ radios: {} });
  t.deepEqual(console, []);
  t.true(answers('lan'));
});
