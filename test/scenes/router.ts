/**
 * A router for tests: the built bundle over two models on a virtual clock, with its wires in the test's hands.
 */
import { readFileSync } from 'node:fs';
import { World } from '../../host-tools/emulator/world.ts';
import type { WorldOptions } from '../../host-tools/emulator/world.ts';
import { currentFirmware } from '../../host-tools/build/current.ts';
import { address, arpFrame, configText, mac } from './cast.ts';

/** The board all tests run on. */
export const boardText = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

let built: Promise<string> | undefined;

/** The bundle in dist/, built first if it is not what the sources say. */
export function bundle(): Promise<string> {
  built ??= currentFirmware('.').then(({ code }) => code);
  return built;
}

export interface Router {
  world: World;
  /** Frames that left each port since the last `take`. */
  take(port: 'wan' | 'lan'): Uint8Array[];
  /** Lets a frame arrive, gives the firmware time to answer, and returns what left both ports. */
  send(port: 'wan' | 'lan', frame: Uint8Array): { wan: Uint8Array[]; lan: Uint8Array[] };
  /** A request through the seam. */
  ask(line: string): Record<string, unknown> & { ok: boolean; error?: string };
  /** Lines printed on the console so far. */
  console: string[];
}

/** Microseconds that are plenty for an answer and short for any timeout. */
const moment = 20_000;

/** Boots a router and lets it bring its chips up. */
export async function bootRouter(options: Partial<WorldOptions> & { config?: string } = {}): Promise<Router> {
  const lines: string[] = [];
  const { config = configText('external'), ...rest } = options;
  const world = new World({
    bundle: await bundle(),
    files: { 'board.json': boardText, 'config.json': config },
    print: (line) => lines.push(line),
    ...rest,
  });
  const out = { wan: [] as Uint8Array[], lan: [] as Uint8Array[] };
  world.wan.onTransmit = (frame) => out.wan.push(frame);
  world.lan.onTransmit = (frame) => out.lan.push(frame);
  world.wan.setLink(true);
  world.lan.setLink(true);
  world.board.boot();
  world.run(500_000);
  const take = (port: 'wan' | 'lan') => out[port].splice(0);
  return {
    world,
    take,
    send(port, frame) {
      take('wan');
      take('lan');
      world[port].deliver(frame);
      world.run(moment);
      return { wan: take('wan'), lan: take('lan') };
    },
    ask: (line) => JSON.parse(world.board.hairpin(line)) as ReturnType<Router['ask']>,
    console: lines,
  };
}

/** Introduces G, S and C to the router by ARP, so that no packet has to wait. */
export function introduce(router: Router): void {
  router.send('wan', arpFrame(1, mac.gateway, address.G, mac.routerWan, address.P));
  router.send('lan', arpFrame(1, mac.server, address.S, mac.routerLan, address.R));
  router.send('lan', arpFrame(1, mac.client, address.C, mac.routerLan, address.R));
}
