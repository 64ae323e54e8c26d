/**
 * What the build makes: each script, where it begins, the one global it defines, and whose names come first in it.
 * Data only.
 */
import { type HotFunctions, firstPacketPath, packetPath } from './hot-functions.ts';

/** One script in dist/, with its source map and its report. */
export interface Product {
  /** Entry module, relative to the project; exports `global` and nothing else. */
  entry: string;
  /** Entry module of what runs in front and may leave the rest out; exports `global` as well, undefined to go on. */
  guard?: string;
  /** Name in dist/; the map is beside it with `.map` behind its name. */
  file: string;
  /** Name of the report in dist/. */
  report: string;
  /** The global the finished script defines. */
  global: string;
  /** Functions whose names come first, and those whose names come next. */
  hot: HotFunctions;
  warm: HotFunctions;
}

/** The router. */
export const router: Product = {
  entry: 'firmware/main.ts',
  guard: 'firmware/services/guard.ts',
  file: 'firmware.js',
  report: 'build.json',
  global: 'hairpin',
  hot: packetPath,
  warm: firstPacketPath,
};

/** What `hairpin doctor` sends to a board without it; nothing there is worth a place in front. */
export const probe: Product = {
  entry: 'firmware/probe/main.ts',
  file: 'probe.js',
  report: 'probe.json',
  global: 'probe',
  hot: {},
  warm: {},
};
