/**
 * Well-wired boards with chips that are slow or odd within what is documented: the doctor finds nothing. And the table
 * of signatures is complete and unambiguous on its own.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { counterNames } from '../../../firmware/layout/reasons.ts';
import { wireCounters } from '../../../host-tools/device/doctor/judge-router.ts';
import { signatures } from '../../../host-tools/device/doctor/signatures.ts';
import { Random } from '../../../host-tools/emulator/random.ts';
import { boardTexts, diagnose, probeWorld } from './rig.ts';

const seed = Number(process.env.SEED ?? 1);
const boards = 24;

test(`whole boards are found whole, seed ${seed}`, async (t) => {
  for (let each = 0; each < boards; each++) {
    const random = new Random(seed * 1000 + each);
    const text = random.chance(0.5) ? boardTexts.shared : boardTexts.dual;
    const behaviour = {
      commandHold: random.below(21),
      resetTime: random.below(50_001),
      negotiation: 1_500_000 + random.below(1_500_001),
      pointerReadback: random.chance(0.5) ? ('new' as const) : ('old' as const),
      heldMiso: random.chance(0.5) ? (0x00 as const) : (0xff as const),
    };
    const world = probeWorld(text, { seed: seed * 1000 + each, behaviour });
    // As a router that ran a moment ago leaves them: interrupts waiting, sockets open.
    if (random.chance(0.5)) world.wan.setLink(false);
    world.wan.setLink(true);
    const wrong = (await diagnose(world, text)).filter(({ verdict }) => verdict !== 'ok');
    t.deepEqual(wrong, [], `SEED=${seed}, board ${each}: ${JSON.stringify(behaviour)}`);
  }
});

test('a cable that is not plugged in is worth a look and not wrong', async (t) => {
  const world = probeWorld(boardTexts.shared);
  world.lan.setLink(false);
  const looks = (await diagnose(world, boardTexts.shared)).filter(({ verdict }) => verdict !== 'ok');
  t.deepEqual(
    looks.map(({ step, chip, verdict }) => [step, chip, verdict]),
    [['links', 'lan', 'warn']],
  );
  t.regex(looks[0].remedy!, /what is wired as WAN has a link/);
});

test('every signature has an id of its own', (t) => {
  const ids = signatures.map(({ id }) => id);
  t.is(new Set(ids).size, ids.length);
});

test('the counters that the doctor looks at are counters of the firmware', (t) => {
  for (const [name] of wireCounters) t.true(counterNames.includes(name), name);
});

test('the probe is small enough to travel in one packet', (t) => {
  t.true(readFileSync('dist/probe.js').length < 8000);
});
