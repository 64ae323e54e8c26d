/**
 * Chips on a bus each: the same driver, every transfer on the bus of the chip it is for. And one bus shared, which is
 * set up once.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { udp } from '../../wire/packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const wired = readFileSync('boards/esp32-dual-w5500/board.json', 'utf8');

/** Turns until both chips' health was looked at, and a chip that was found reset is up again. */
const mending = 50;

/** The buses that were set up, in order, and those on which a chip was spoken to, by its select pin. */
function buses({ events }: Router): { setUp: string[]; spoken: string[] } {
  const setUp = events.flatMap((e) =>
    e.kind === 'call' && /^SPI\d\.setup$/.test(e.call) ? [e.call.slice(0, 4)] : [],
  );
  const spoken = events.flatMap((e) => (e.kind === 'spi' ? [`${e.call.slice(0, 4)} ${e.select}`] : []));
  return { setUp, spoken: [...new Set(spoken)].sort() };
}

export const twoBuses: Subject = {
  title: 'a bus for each chip',
  play(stage) {
    const router = stage.router({ wired, lenient: true });
    assert.deepEqual(router.lan(udp('C:4000', 'I:53')), ['wan G | udp P:4000 > I:53']);
    assert.deepEqual(router.wan(udp('I:53', 'P:4000')), ['lan C | udp I:53 > C:4000']);
    router.world.wan.setReset(true);
    router.world.wan.setReset(false);
    router.turns(mending);
    assert.equal(router.count()['chip-restarted'], 1);
    assert.deepEqual(router.lan(udp('C:4000', 'I:53')), ['wan G | udp P:4000 > I:53']);
    assert.deepEqual(buses(router), { setUp: ['SPI2', 'SPI1'], spoken: ['SPI1 D27', 'SPI2 D21'] });
    assert.deepEqual(buses(stage.boot()), { setUp: ['SPI2'], spoken: ['SPI2 D25', 'SPI2 D32'] });
  },
};
