/**
 * One fault in the wires at a time: the doctor names it, by the id of its signature and the module it is at, and names
 * nothing else.
 */
import test from 'ava';
import type { WireFault } from '../../../host-tools/emulator/wiring-faults.ts';
import { boardTexts, causes, diagnose, probeWorld } from './rig.ts';

const seed = Number(process.env.SEED ?? 1);

/** Every fault with what most builds read from a MISO that floats, those that leave it so also with the other. */
const levels = { 0x00: ['sck', 'mosi', 'miso', 'select', 'power'], 0xff: undefined };

/** A fault of one module's wire by itself: what it is, and what the doctor is to say, with the module it is at. */
const own: [wire: string, fault: WireFault, says: string][] = [
  ['sck', 'open', 'sck-open'],
  ['mosi', 'open', 'mosi-open'],
  ['miso', 'open', 'miso-open'],
  ['select', 'open', 'select-open'],
  ['select', 'low', 'select-low'],
  ['select', 'high', 'select-high'],
  ['interrupt', 'open', 'interrupt-open'],
  ['interrupt', 'low', 'interrupt-low'],
  ['interrupt', 'high', 'interrupt-high'],
  ['reset', 'open', 'reset-open'],
  ['reset', 'low', 'reset-low'],
  ['reset', 'high', 'reset-high'],
  ['power', 'open', 'no-power'],
  ['sck', 8_000_000, 'clock'],
  ['sck', 500_000, 'unsteady'],
  ['miso', 'own.mosi' as WireFault, 'exchanged'],
  ['miso', 'own.sck' as WireFault, 'exchanged'],
  ['sck', 'own.mosi' as WireFault, 'exchanged'],
  ['select', 'own.reset' as WireFault, 'exchanged'],
];

type Break = [wire: string, fault: WireFault];

/** Faults that both modules suffer from, told once; and wires exchanged between them. */
const both: Record<string, [says: string, breaks: Break[]][]> = {
  shared: [
    ['sck-low', [['wan.sck', 'low']]],
    ['sck-high', [['wan.sck', 'high']]],
    ['mosi-low', [['wan.mosi', 'low']]],
    ['mosi-high', [['lan.mosi', 'high']]],
    ['miso-low', [['lan.miso', 'low']]],
    ['miso-high', [['wan.miso', 'high']]],
    [
      'sck-open',
      [
        ['wan.sck', 'open'],
        ['lan.sck', 'open'],
      ],
    ],
    [
      'mosi-open',
      [
        ['wan.mosi', 'open'],
        ['lan.mosi', 'open'],
      ],
    ],
    [
      'miso-open',
      [
        ['wan.miso', 'open'],
        ['lan.miso', 'open'],
      ],
    ],
    [
      'no-power',
      [
        ['wan.power', 'open'],
        ['lan.power', 'open'],
      ],
    ],
    ['selects-exchanged', [['wan.select', 'lan.select']]],
    ['resets-exchanged', [['wan.reset', 'lan.reset']]],
    ['interrupts-exchanged', [['lan.interrupt', 'wan.interrupt']]],
    [
      'exchanged',
      [
        ['wan.miso', 'wan.mosi'],
        ['lan.miso', 'lan.mosi'],
      ],
    ],
  ],
  dual: [
    ['sck-low wan', [['wan.sck', 'low']]],
    ['sck-high lan', [['lan.sck', 'high']]],
    ['mosi-low lan', [['lan.mosi', 'low']]],
    ['mosi-high wan', [['wan.mosi', 'high']]],
    ['miso-low wan', [['wan.miso', 'low']]],
    ['miso-high lan', [['lan.miso', 'high']]],
    [
      'no-power',
      [
        ['wan.power', 'open'],
        ['lan.power', 'open'],
      ],
    ],
    ['exchanged', [['wan.select', 'lan.select']]],
    ['exchanged', [['wan.miso', 'lan.miso']]],
    ['exchanged', [['wan.sck', 'lan.sck']]],
    ['exchanged', [['wan.mosi', 'lan.mosi']]],
    ['resets-exchanged', [['wan.reset', 'lan.reset']]],
    ['interrupts-exchanged', [['lan.interrupt', 'wan.interrupt']]],
  ],
};

for (const [board, text] of Object.entries(boardTexts)) {
  for (const floatingMiso of [0x00, 0xff] as const) {
    const only = levels[floatingMiso];
    if (only && board === 'dual') continue;
    const rigged = (name: string) => `${board}, MISO floats to 0x${floatingMiso.toString(16)}: ${name}`;

    test(rigged('a whole board, everything is ok'), async (t) => {
      const findings = await diagnose(probeWorld(text, { floatingMiso, seed }), text);
      t.deepEqual(
        findings.filter(({ verdict }) => verdict !== 'ok'),
        [],
      );
    });

    for (const [says, breaks] of only ? [] : both[board]) {
      test(rigged(breaks.map((each) => each.join(' ')).join(', ')), async (t) => {
        const world = probeWorld(text, { floatingMiso, seed });
        for (const [wire, fault] of breaks) world.board.breakWire(wire, fault);
        const found = await diagnose(world, text);
        t.deepEqual(causes(found), [says], JSON.stringify(found, null, 1));
      });
    }

    for (const chip of board === 'dual' ? (['lan'] as const) : (['wan', 'lan'] as const)) {
      for (const [wire, fault, says] of own) {
        if (only && (fault !== 'open' || !only.includes(wire))) continue;
        const how = String(fault).replace('own', chip);
        test(rigged(`${chip}.${wire} ${how}`), async (t) => {
          const world = probeWorld(text, { floatingMiso, seed });
          world.board.breakWire(`${chip}.${wire}`, (typeof fault === 'number' ? fault : how) as WireFault);
          const found = await diagnose(world, text);
          t.deepEqual(causes(found), [`${says} ${chip}`], JSON.stringify(found, null, 1));
        });
      }
    }
  }
}
