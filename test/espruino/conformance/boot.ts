/**
 * Power-on with something missing or broken: memory, files, platform, chips. Every case ends in a sentence and a safe
 * state, and a chip that comes back is taken into service.
 */
import assert from 'node:assert/strict';
import { tcp } from '../../wire/packets.ts';
import type { PlatformWish } from './platform.ts';
import type { Stage, Subject } from './subject.ts';

/** Turns in which a chip's 50 probes fail; turns after which a chip's health was looked at; seconds until a retry. */
const probing = 110;
const look = 45;
const untilRetry = 7;

const standstills: [PlatformWish, RegExp][] = [
  [{ crowded: true }, /^No piece of memory is large enough/],
  [{ config: null }, /^There is no config\.json/],
  [{ board: null }, /^There is no board\.json/],
  [{ config: '{' }, /^config\.json: line 1, column 2/],
  [{ failing: 'Storage.read' }, /^The start failed with an exception: .*out of order/],
];

function standstill(stage: Stage): void {
  for (const [wish, sentence] of standstills) {
    const router = stage.boot(wish);
    assert.match(router.console.join(), sentence);
    assert.ok(router.refused('status').endsWith(router.console[0]));
    router.ask('version');
  }
}

function radios(stage: Stage): void {
  for (const bluetooth of [true, false, undefined]) {
    const router = stage.boot({ radios: { bluetooth, telnet: bluetooth, accessPoint: true } });
    assert.ok(!router.world.board.radios.open.bluetooth);
    router.ask('status');
  }
  stage.boot({ radios: {} }).ask('status');
}

function chipMissing(stage: Stage): void {
  const router = stage.boot({ lenient: true, spoil: ({ wan }) => (wan.stuckMiso = 0xff) });
  router.turns(probing);
  assert.match(router.console.join(), /^The WAN chip does not answer as a W5500 \(version register 255/);
  assert.equal(router.arp('lan', 'C', 'R').length, 1, 'the LAN works meanwhile');
  router.count();
  router.lan(tcp('C:1', 'I:80', 'S'));
  router.counts('link-down');
  router.ask('status');
  router.leap(untilRetry);
  router.turns(look + probing);
  assert.equal(router.console.length, 1, 'said once');
  router.faults.wan.stuckMiso = null;
  router.leap(untilRetry);
  router.turns(look);
  assert.equal(router.arp('wan', 'G', 'P').length, 1, 'found');
}

function bothMissing(stage: Stage): void {
  const router = stage.boot({
    lenient: true,
    spoil: ({ wan, lan }) => {
      wan.version = 0;
      lan.writeLoss = 1;
    },
  });
  router.turns(probing);
  assert.match(router.console.join(), /LAN chip answers, but does not keep/);
  assert.match(router.console.join(), /WAN chip does not answer/);
  router.ask('status');
}

export const boot: Subject = {
  title: 'boot',
  play(stage) {
    standstill(stage);
    radios(stage);
    chipMissing(stage);
    bothMissing(stage);
    const slow = stage.boot({ lenient: true, spoil: ({ lan }) => (lan.stickNextCommand = true) });
    slow.turns(4);
    assert.ok(slow.count()['command-timeout'] > 0);
  },
};
