/*
 * The lab without a kernel: scripted hosts on a virtual clock around the real firmware. The same cast, services and
 * taps as the kernel lab, on any system Node runs on; four seconds of silence take no time.
 *
 * It opens no socket and starts no process. What plays the router is given to it, so that it can be tested itself.
 */
import type { VirtualClock } from '../emulator/clock.ts';
import { seededBody } from './hosts/seeded-body.ts';
import { CAST, SERVICES, type Lab, type LabFrame } from './lab.ts';
import { Asker, type PassTime } from './scripted/asker.ts';
import { ScriptedHost } from './scripted/host.ts';
import { serve } from './scripted/services.ts';
import { cable, LearningSwitch, Tap } from './scripted/wires.ts';

/** One port of what is in the middle. */
export interface RouterPort {
  /** A frame arrives from the wire; false if it was lost for want of room. */
  deliver(frame: Uint8Array): boolean;
  /** Called with each frame it sends. */
  onTransmit: (frame: Uint8Array) => void;
}

/** What plays the router. */
export interface LabRouter {
  /** The time of everything in the lab. */
  readonly clock: VirtualClock;
  readonly wan: RouterPort;
  readonly lan: RouterPort;
  /** Does what is due now; true if there was anything. */
  runPending(): boolean;
  /** When it will next have something to do by itself; undefined if never. */
  nextDue(): number | undefined;
  /** One request line of the firmware's seam, one line of JSON back. */
  hairpin(line: string): string;
}

export interface ScriptedLabOptions {
  router: LabRouter;
  /** Length of the body HTTP delivers; the kernel lab's if not given. */
  bodyBytes?: number;
}

/** What a router may take to be ready, in milliseconds. */
const bootTime = 1000;

/** Opens the lab and lets the router boot. */
export function openScriptedLab(options: ScriptedLabOptions): Lab {
  const { router } = options;
  const { clock } = router;
  const tap = new Tap(clock);
  const [gatewayEnd, wanEnd] = cable(clock, 'wan', tap);
  const lan = new LearningSwitch();
  const lanPort = (wire: 'router-lan' | 'client' | 'server') => {
    const [end, switchEnd] = cable(clock, wire, tap);
    lan.plugIn(switchEnd);
    return end;
  };
  for (const [port, plug] of [[router.wan, wanEnd] as const, [router.lan, lanPort('router-lan')] as const]) {
    plug.onFrame = (frame) => port.deliver(frame);
    port.onTransmit = (frame) => plug.send(frame);
  }
  // G, I and J are one host behind one MAC, as they are one network namespace in the kernel lab.
  const internet = new ScriptedHost(clock, gatewayEnd, {
    mac: CAST.G.mac,
    addresses: [CAST.I.address, CAST.J.address, CAST.G.address],
    network: '12.0.0.0/24',
    gateway: CAST.P.address,
    firstPort: 44444,
  });
  const onLan = { network: '192.168.0.0/24', gateway: CAST.R.address };
  const server = new ScriptedHost(clock, lanPort('server'), {
    ...onLan,
    mac: CAST.S.mac,
    addresses: [CAST.S.address],
    firstPort: 50000,
  });
  const client = new ScriptedHost(clock, lanPort('client'), {
    ...onLan,
    mac: CAST.C.mac,
    addresses: [CAST.C.address],
    firstPort: 33333,
  });
  const services = { ...SERVICES, bodyBytes: options.bodyBytes ?? SERVICES.bodyBytes };
  const body = seededBody(services.bodyBytes);
  serve(server, services, body);
  serve(internet, services, body);
  const passTime = timekeeper(router);
  passTime(() => false, bootTime);
  return {
    mode: 'scripted',
    client: new Asker('C', client, passTime, body),
    internet: new Asker('I', internet, passTime, body),
    server: { address: CAST.S.address, ...services },
    frames: (): readonly LabFrame[] => tap.frames,
    settle: async (milliseconds) => {
      passTime(() => false, milliseconds);
      // The only place where a signal to this process is heard: virtual time does not wait for real events.
      await new Promise((resolve) => setImmediate(resolve));
    },
    hairpin: async (line) => router.hairpin(line),
    close: async () => {},
  };
}

/** Moves the clock from event to event and gives the router its turn after each. */
function timekeeper(router: LabRouter): PassTime {
  const { clock } = router;
  const work = (): void => {
    while (router.runPending());
  };
  return (done, milliseconds) => {
    const end = clock.now() + milliseconds * 1000;
    work();
    while (!done() && clock.now() < end) {
      clock.advanceTo(Math.min(clock.nextDue() ?? end, router.nextDue() ?? end, end));
      work();
    }
  };
}
