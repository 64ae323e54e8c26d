/**
 * The driver's troubles on a running router: link, silent resets, a transmitter that does not finish, lost interrupts,
 * damaged registers. Each is counted and mended.
 */
import assert from 'node:assert/strict';
import { ethernet, macOf } from '../../control/table.ts';
import { tcp, udp } from '../../wire/packets.ts';
import { filler } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

/** Turns between two looks at a chip's health. */
const look = 10;
/** Seconds from the first reset to the second, if it is needed. */
const untilReset = 4;

function works(router: Router, message: string): void {
  assert.deepEqual(router.lan(tcp('C:9', 'R:80', 'S')), ['lan C | tcp R:80 > C:9 RA'], message);
}

function link(router: Router): void {
  router.world.lan.setLink(false);
  router.turns(look);
  assert.equal((router.ask('status').lan as { link: boolean }).link, false);
  router.wan(udp('I:1', 'P:5000'));
  router.counts('link-down', 'link-lost');
  router.world.lan.setLink(true);
  router.turns(look);
  works(router, 'after the link came back');
  router.world.lan.setLink(false);
  router.turns(look);
  router.world.lan.setLink(true);
  router.faults.lan.stickNextCommand = true;
  router.turns(look);
  assert.deepEqual(router.ask('status').lan, { address: '192.168.0.1', chip: false, link: false });
  // The boot's reset was a moment ago: the next one waits.
  router.leap(untilReset);
  router.turns(2 * look);
  works(router, 'after a link-up that needed a reset');
  assert.equal(router.count()['chip-reset'], 1);
}

/** Looks without trouble, after which the next reset needs no pause. */
function getWell(router: Router): void {
  router.turns(50 * look);
  router.count();
}

function silentReset(router: Router): void {
  router.world.lan.setReset(true);
  router.world.lan.setReset(false);
  router.turns(3 * look);
  works(router, 'after a brown-out');
  const { 'settings-lost': lost, 'chip-restarted': restarted, 'chip-reset': reset } = router.count();
  assert.deepEqual([lost, restarted, reset], [1, 1, undefined]);
}

/** No answer at all: a reset, and when that is of no use the next one waits; but not a chip that answers again. */
function silence(router: Router): void {
  router.faults.wan.stuckMiso = 0xff;
  router.turns(3 * look);
  const { 'chip-silent': silent, 'chip-reset': reset } = router.count();
  assert.deepEqual([silent, reset], [1, 1]);
  router.faults.wan.stuckMiso = null;
  router.turns(4 * look);
  assert.equal(router.arp('wan', 'G', 'P').length, 1, 'answers again');
  router.faults.wan.stuckMiso = 0xff;
  router.turns(3 * look);
  router.faults.wan.stuckMiso = null;
  router.faults.wan.writeLoss = 1;
  router.turns(4 * look);
  assert.equal(router.arp('wan', 'G', 'P').length, 0, 'answers, but keeps nothing');
  router.faults.wan.writeLoss = 0;
  router.turns(30 * look);
  assert.equal(router.arp('wan', 'G', 'P').length, 1, 'after a look that was put off');
  router.count();
}

function transmitter(router: Router): void {
  router.faults.lan.completionLoss = 1;
  router.lan(tcp('C:9', 'R:80', 'S'));
  router.faults.lan.completionLoss = 0;
  router.lan(tcp('C:9', 'R:80', 'S'));
  router.counts('drop-refused', 'drop-refused', 'transmit-busy', 'transmit-stuck');
  router.lan(tcp('C:9', 'R:80', 'S'));
  router.turns(2 * look);
  works(router, 'after the socket was opened anew');
  router.count();
  router.turns(6 * look);
  router.faults.lan.completionLoss = 1;
  router.lan(tcp('C:9', 'R:80', 'S'));
  router.faults.lan.completionLoss = 0;
  router.turns(2 * look);
  works(router, 'nothing had to be sent to notice it');
  router.count();
  router.turns(6 * look);
  router.faults.lan.wedgeNextSend = true;
  for (let i = 0; i < 3; i++) {
    router.lan(tcp('C:9', 'R:80', 'S'));
    router.lan(tcp('C:9', 'R:80', 'S'));
    router.turns(look);
  }
  router.turns(4 * look);
  works(router, 'after a reset');
  const { 'chip-restarted': restarted, 'chip-reset': reset } = router.count();
  assert.deepEqual([restarted, reset], [1, 1]);
}

/** Bits that changed by themselves. */
function registers(router: Router): void {
  const writes: [number[], string][] = [
    [[0x00, 0x2c, 0x0c, 0x00], 'interrupt mask'],
    [[0x00, 0x00, 0x04, 0x00], 'mode'],
    [[0x00, 0x09, 0x04, 0x03], 'MAC address'],
    [[0x00, 0x1d, 0x04, 0x00], 'canary'],
    [[0x00, 0x01, 0x0c, 0x10], 'socket closed'],
    [[0x00, 0x28, 0x0c, 0x01, 0x23], 'receive pointer'],
  ];
  for (const [bytes, what] of writes) {
    router.poke('wan', ...bytes);
    if (what === 'receive pointer') router.poke('wan', 0x00, 0x01, 0x0c, 0x40);
    router.turns(3 * look);
    assert.equal(router.arp('wan', 'G', 'P').length, 1, what);
    router.turns(6 * look);
  }
  assert.equal(router.count()['chip-restarted'], writes.length);
}

function interrupts(router: Router): void {
  router.faults.lan.interruptEdgeLoss = 1;
  router.lan(tcp('C:9', 'R:80', 'S'));
  router.faults.lan.interruptEdgeLoss = 0;
  router.turns(10);
  works(router, 'after a lost edge');
  router.counts('drop-refused', 'drop-refused', 'interrupt-missed');
  for (const port of ['wan', 'lan'] as const) {
    router.deliver(port, ethernet(macOf(port === 'wan' ? 'P' : 'R'), macOf('C'), 0x88cc, filler(46)));
    // Somebody else clears the line: only the timer finds the frame.
    router.poke(port, 0x00, 0x02, 0x0c, 0x04);
    router.turns(10);
  }
  router.counts('drop-ethertype', 'drop-ethertype', 'interrupt-missed', 'interrupt-missed');
  // A flood: several batches, several rounds, both ports at once.
  router.lan(udp('C:4000', 'I:53'));
  for (let i = 0; i < 40; i++) {
    router.deliver(
      'lan',
      ethernet(macOf('R'), macOf('C'), 0x0800, udp('C:4000', 'I:53', { data: filler(i * 7) })),
    );
    if (i % 4 === 0) router.deliver('wan', ethernet(macOf('P'), macOf('G'), 0x0800, udp('I:53', 'P:4000')));
  }
  router.turns(2);
  router.counts();
}

/** With the time that wires take: a short frame is read and ready while the long one before it is still going out. */
function busy(router: Router): void {
  router.turns(1);
  router.arp('lan', 'C', 'R');
  router.arp('wan', 'G', 'P');
  router.turns(1);
  router.lan(udp('C:4000', 'I:53'));
  router.turns(1);
  router.wan(udp('I:53', 'P:4000'));
  router.turns(1);
  for (let i = 0; i < 6; i++) {
    const data = filler(i % 2 ? 4 : 1400);
    router.deliver('lan', ethernet(macOf('R'), macOf('C'), 0x0800, udp('C:4000', 'I:53', { data })));
  }
  router.turns(4);
  assert.ok(router.count()['transmit-busy'] > 0);
}

export const chips: Subject = {
  title: 'chips',
  play(stage) {
    const router = stage.router({ lenient: true });
    link(router);
    silentReset(router);
    getWell(router);
    transmitter(router);
    getWell(router);
    silence(router);
    registers(router);
    interrupts(router);
    busy(stage.boot({ timed: true, lenient: true }));
  },
};
