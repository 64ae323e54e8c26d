/**
 * A router in miniature (test/control/table.ts) whose WAN is leased, with an ISP at its cable: every second the services
 * have their turn, and what leaves by the WAN is heard and answered at once. Import this file before any other that
 * imports the firmware's services.
 */
import { board } from './stub-board.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import {
  linkLan,
  linkWan,
  policyLanDhcp,
  policySwitch,
  policyWanDhcp,
  switches,
  wanLease,
} from '../../firmware/layout/arena.ts';
import { phaseNames, wanMostMtu, wanPhase } from '../../firmware/layout/wan-lease.ts';
import { publicAddress, wanMtu } from '../../firmware/control/addresses.ts';
import { openServices } from '../../firmware/control/local.ts';
import { changeWan } from '../../firmware/control/readdress.ts';
import { serveDatagram } from '../../firmware/services/datagrams.ts';
import { serveSecond } from '../../firmware/services/second.ts';
import { arrive, elapse, introduce, moved, router } from '../control/table.ts';
import type { Left, Wish } from '../control/table.ts';
import { seeded } from '../wire/random.ts';
import { Isp } from './isp.ts';

export class LeasedRouter {
  readonly isp = new Isp();
  /** Whole seconds since the start. */
  now = 0;
  /** What left that was not for the ISP, and not of the WAN. */
  readonly left: Left[] = [];
  /** Frames that the ISP answers wait until the second's end. */
  private coming: Uint8Array[] = [];

  /**
   * Power-on, both cables in.
   * @param seed of the firmware's random numbers  @param keep what the router before this one left in flash
   */
  constructor(wish: Wish = {}, seed = 1, keep = false) {
    if (!keep) board.storage = new Storage(makeRealm(), {});
    const random = seeded(seed);
    Object.assign((globalThis as unknown as { E: object }).E, { hwRand: () => random(2 ** 32) | 0 });
    router(wish);
    switches[policySwitch] |= policyWanDhcp;
    switches[policySwitch] &= ~policyLanDhcp;
    changeWan(0, 0xffffffff, 0, wanMtu, () => random(2 ** 32));
    openServices(serveDatagram);
    this.plug(true);
    switches[linkLan] = 1;
  }

  /** Puts the WAN's cable in or out. */
  plug(link: boolean): void {
    switches[linkWan] = link ? 1 : 0;
  }

  /** Lets seconds pass. @returns what left in them */
  pass(seconds: number): Left[] {
    const from = this.left.length;
    for (let i = 0; i < seconds; i++) {
      this.now++;
      serveSecond(this.now);
      this.hear(elapse(1, 1));
    }
    return this.left.slice(from);
  }

  /** Lets seconds pass until something is so. @returns how many; throws when it never is */
  until(so: () => boolean, most = 100): number {
    for (let i = 0; i <= most; i++) {
      if (so()) return i;
      this.pass(1);
    }
    throw new Error(`not so within ${most} s; the phase is ${this.phase}`);
  }

  /** Until P is leased. */
  bind(): void {
    this.until(() => this.phase === 'bound');
  }

  /** A frame from the ISP. @returns what left because of it */
  receive(frame: Uint8Array): Left[] {
    const left = arrive('wan', frame);
    this.hear(left);
    return left;
  }

  private hear(left: Left[]): void {
    this.left.push(...left);
    for (const { port, frame } of left)
      if (port === 'wan' && switches[linkWan]) this.coming.push(...this.isp.hear(frame, this.now));
    const coming = this.coming;
    this.coming = [];
    for (const frame of coming) this.receive(frame);
  }

  get phase(): string {
    return phaseNames[wanLease[wanPhase]];
  }

  /** P, dotted; empty when there is none. */
  get address(): string {
    return publicAddress ? dotted(publicAddress) : '';
  }

  get started(): boolean {
    return wanLease[wanMostMtu] !== 0;
  }
}

/** A word as a dotted address. */
export function dotted(word: number): string {
  return [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24].join('.');
}

/** A router whose P is leased for so many seconds; what led there is not listed, and nothing is counted. */
export function leasedFor(lease = 3600): LeasedRouter {
  const router = new LeasedRouter();
  router.isp.terms.lease = lease;
  router.bind();
  introduce('G', 'S', 'C');
  router.isp.take();
  router.isp.questions.length = 0;
  moved();
  return router;
}
