/** A board in software with the probe on it, whose wires a test may break; and what the doctor makes of it. */
import { readFileSync } from 'node:fs';
import type { WorldOptions } from '../../../host-tools/emulator/world.ts';
import { World } from '../../../host-tools/emulator/world.ts';
import { Faults } from '../../../host-tools/emulator/faults.ts';
import type { BoardWiring, ProbeFacts } from '../../../host-tools/device/doctor/facts.ts';
import { type Ask, gather } from '../../../host-tools/device/doctor/gather.ts';
import { judgeChips } from '../../../host-tools/device/doctor/judge-chips.ts';
import type { Finding } from '../../../host-tools/device/doctor/findings.ts';
import { wiringOf } from '../../../host-tools/device/doctor/wiring.ts';
import { parseBoard } from '../../../firmware/config/board.ts';

/** One bus for both chips, and one each. */
export const boardTexts: Record<string, string> = {
  shared: readFileSync('boards/esp32-shared-bus/board.json', 'utf8'),
  dual: readFileSync('boards/esp32-dual-w5500/board.json', 'utf8'),
};

export function wiringFrom(text: string): BoardWiring {
  const parsed = parseBoard(text, 'board.json');
  if ('error' in parsed) throw new Error(parsed.error);
  return wiringOf(parsed.board);
}

/** A world whose board has booted the probe alone. */
export function probeWorld(boardText: string, options: Partial<WorldOptions> = {}): World {
  const world = new World({
    bundle: readFileSync('dist/probe.js', 'utf8'),
    files: { 'board.json': boardText },
    print: () => {},
    timed: true,
    faults: { wan: new Faults(options.seed ?? 1), lan: new Faults((options.seed ?? 1) + 1) },
    ...options,
  });
  world.board.boot();
  return world;
}

/** Asks the probe of a world as the doctor would over the line. */
export function askIn(world: World): Ask {
  return async (request) => {
    // What a request and its answer take on the line.
    world.run(3_000);
    return JSON.parse(String(world.board.evaluate(`probe(${JSON.stringify(request)})`)));
  };
}

export function examine(world: World, boardText: string): Promise<ProbeFacts> {
  return gather(askIn(world), {
    wiring: wiringFrom(boardText),
    pause: async (milliseconds) => world.run(milliseconds * 1000),
  });
}

export async function diagnose(world: World, boardText: string): Promise<Finding[]> {
  return judgeChips(await examine(world, boardText), wiringFrom(boardText));
}

/** "select-open lan", for each finding that is bad or a warning. */
export function causes(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ verdict }) => verdict === 'bad' || verdict === 'warn')
    .map(({ id, step, chip }) => [id ?? step, chip].filter(Boolean).join(' '));
}
