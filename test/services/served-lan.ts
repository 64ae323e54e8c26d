/**
 * A router in miniature (test/control/table.ts) that gives the hosts of its LAN their addresses, and hosts at its cable.
 * Every second the services have their turn; what leaves by the LAN is heard by all, and answered at once. Import this
 * file before any other that imports the firmware's services.
 */
import { board, clock as time } from './stub-board.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import {
  domainAt,
  leaseFixed,
  leaseHost,
  leaseMac,
  leaseName,
  leaseState,
  linkLan,
  linkWan,
  policyLanDhcp,
  policySwitch,
  poolFirst,
  poolLast,
  poolSeconds,
  served,
  switches,
} from '../../firmware/layout/arena.ts';
import { openServices } from '../../firmware/control/local.ts';
import { serveDatagram } from '../../firmware/services/datagrams.ts';
import { readLeases } from '../../firmware/services/lease-store.ts';
import { serveSecond } from '../../firmware/services/second.ts';
import { arrive, elapse, router } from '../control/table.ts';
import type { Left, Wish } from '../control/table.ts';
import { answerIn, clientFrame } from './lan-client.ts';
import type { LanClient } from './lan-client.ts';
import type { Dhcp } from '../wire/dhcp.ts';

const realm = makeRealm();

/** A host that the config gives an address. */
export interface Fixed {
  name: string;
  mac: number[];
  host: number;
}

export interface LanWish extends Wish {
  first?: number;
  last?: number;
  lease?: number;
  fixed?: Fixed[];
}

export type Answer = NonNullable<ReturnType<typeof answerIn>>;

export class ServedLan {
  readonly clients: LanClient[] = [];
  now = 0;

  /** A router whose Storage is empty. */
  constructor(readonly wish: LanWish = {}) {
    board.storage = new Storage(realm, {});
    this.start();
  }

  get storage(): Storage {
    return board.storage;
  }

  /** Power-on: what lies in flash is all that is known. */
  start(): void {
    const { first = 100, last = 199, lease = 43200, fixed = [] } = this.wish;
    router(this.wish);
    board.storage.powerOn();
    this.now = 0;
    time.seconds = 0;
    switches[policySwitch] |= policyLanDhcp;
    served[poolFirst] = first;
    served[poolLast] = last;
    served[poolSeconds] = lease;
    leaseName.set(Buffer.from('lan'), domainAt);
    fixed.forEach(({ name, mac, host }, i) => {
      leaseState[i] = leaseFixed;
      leaseHost[i] = host;
      leaseMac.set(mac, 6 * i);
      leaseName.set(Buffer.from(name), 16 * i);
    });
    readLeases();
    openServices(serveDatagram);
    switches[linkLan] = 1;
    switches[linkWan] = 1;
  }

  /** Puts a host at the cable and switches it on. */
  add(client: LanClient, remembers = ''): LanClient {
    this.clients.push(client);
    this.deliver(client.start(this.now, remembers));
    return client;
  }

  /** Lets seconds pass. @returns the DHCP server's answers in them */
  pass(seconds: number): Answer[] {
    const answers: Answer[] = [];
    for (let i = 0; i < seconds; i++) {
      this.now++;
      time.seconds = this.now;
      serveSecond(this.now);
      answers.push(...this.spread(elapse(1, 1)));
      for (const client of this.clients) answers.push(...this.deliver(client.second(this.now)));
    }
    return answers;
  }

  /** A message of a host that is not one of `clients`. @returns what is answered at once */
  send(message: Dhcp, from = '0.0.0.0', to?: string): Answer[] {
    return this.deliver([clientFrame(message, from, to)]);
  }

  /** Frames arrive at the router, and at the other hosts what it answers. */
  deliver(frames: readonly Uint8Array[]): Answer[] {
    return frames.flatMap((frame) => this.spread(arrive('lan', frame)));
  }

  private spread(left: readonly Left[]): Answer[] {
    const answers: Answer[] = [];
    for (const { port, frame } of left) {
      if (port !== 'lan') continue;
      const answer = answerIn(frame);
      if (answer) answers.push(answer);
      for (const client of this.clients) answers.push(...this.deliver(client.hear(frame, this.now)));
    }
    return answers;
  }
}
