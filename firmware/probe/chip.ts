/**
 * What one chip answers over SPI: version, a pattern at a clock, its link. Raw facts; the host judges them.
 */
import { commonRead, commonWrite, phyAt, versionAt } from '../w5500/registers.ts';
import { buses, read, reopen, versionOf, write } from './wires.ts';

const versionReads = 8;

/** The version register read several times, each with the three bytes before it. */
export function chipFacts(port: number): object {
  reopen(port, buses[port].hertz);
  const reads: number[][] = [];
  for (let i = 0; i < versionReads; i++) {
    const answer = read(port, versionAt, commonRead, 1);
    reads.push([answer[0], answer[1], answer[2], answer[3]]);
  }
  return { ok: true, reads: reads };
}

/** GAR, SUBR and SHAR lie in a row and keep what is written (datasheet 3.1). */
const patternAt = 0x0001;
const patternBytes = 14;
const rounds = 32;

function wrongBits(one: number, other: number): number {
  let bits = 0;
  for (let differ = one ^ other; differ; differ &= differ - 1) bits++;
  return bits;
}

/** Writes and reads patterns back at that clock. `wrong` of `bits` came back otherwise. */
export function ladderFacts(port: number, hertz: number): object {
  reopen(port, hertz);
  let wrong = 0;
  // In turns, so that every bit changes; every second byte is the one before it upside down, so that all do at once.
  const patterns: number[][] = [[], []];
  for (let i = 0; i < patternBytes; i++) {
    const byte = (i >> 1) * 59 + 37;
    patterns[i & 1].push(byte & 255);
    patterns[1 - (i & 1)].push(~byte & 255);
  }
  for (let round = 0; round < rounds; round++) {
    const pattern = patterns[round & 1];
    write(port, patternAt, commonWrite, pattern);
    const answer = read(port, patternAt, commonRead, patternBytes);
    for (let i = 0; i < patternBytes; i++) {
      if (answer[3 + i] != pattern[i]) wrong += wrongBits(answer[3 + i], pattern[i]);
    }
  }
  reopen(port, buses[port].hertz);
  return { ok: true, hertz: hertz, wrong: wrong, bits: rounds * patternBytes * 8 };
}

/** PHYCFGR: bit 0 is the link, bit 1 100 Mbit/s, bit 2 full duplex. */
export function linkFacts(port: number): object {
  const phy = read(port, phyAt, commonRead, 1)[3];
  return { ok: true, phy: phy, version: versionOf(port) };
}
