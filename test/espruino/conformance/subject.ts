/**
 * What a subject of the conformance script is, and the stage it plays on: as many boots of the bundle as it likes, all
 * of them one recording. What a subject expects it asserts as it goes, so one that plays to its end has shown it.
 */
import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../../host-tools/emulator/recording.ts';
import { configText } from './configs.ts';
import { Router } from './router.ts';
import type { Wish } from './router.ts';

export interface Subject {
  title: string;
  play: (stage: Stage) => void;
}

/** Where a subject plays. */
export class Stage {
  /** In the order of their boots. */
  readonly routers: Router[] = [];

  /** @param boardText the board that all boots have unless they wish for another */
  constructor(
    private readonly bundle: string,
    private readonly boardText: string,
  ) {}

  /** Power-on, and time for the chips to come up. */
  boot(wish: Wish = {}): Router {
    const router = new Router(this.bundle, this.boardText, { config: configText(), ...wish });
    this.routers.push(router);
    router.boot();
    return router;
  }

  /** A router that runs and knows G, S and C. */
  router(wish: Wish = {}): Router {
    const router = this.boot(wish);
    assert.equal(router.arp('wan', 'G', 'P').length, 1, 'G is answered');
    for (const host of ['S', 'C'])
      assert.equal(router.arp('lan', host, 'R').length, 1, `${host} is answered`);
    router.count();
    return router;
  }

  /** Everything that passed between firmware and platform, boot after boot. */
  get events(): RecordedEvent[] {
    return this.routers.flatMap((router) => router.events);
  }
}
