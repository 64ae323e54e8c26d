// The bundles whose cost is compared: the firmware as it is flashed, the same with its names as written, and the same
// behind functions that nobody calls. Builds in memory; writes nothing.
import { resolve } from 'node:path';
import { minify } from 'terser';
import { buildFirmware } from '../../../host-tools/build/build.ts';
import { bundle } from '../../../host-tools/build/bundle.ts';
import { currentFirmware } from '../../../host-tools/build/current.ts';
import { findHotFunctions } from '../../../host-tools/build/find-hot-functions.ts';
import { firstPacketPath, packetPath } from '../../../host-tools/build/hot-functions.ts';
import { lower } from '../../../host-tools/build/lower.ts';
import { wrap } from '../../../host-tools/build/seam.ts';
import { readTags } from '../../../host-tools/build/tags.ts';
import { behindColdFunctions } from './cold.ts';

export const variants = ['built', 'written', 'cold'] as const;
/** `built`: unchanged. `written`: not renamed. `cold`: 60 names are searched before every shared one. */
export type Variant = (typeof variants)[number];

/** What is in a bundle: the firmware as flashed, or with the seam that hands out the datapath. */
export type Entry = 'firmware' | 'datapath';

const entries: Record<Entry, string> = {
  firmware: 'firmware/main.ts',
  datapath: 'test/espruino/cost/translate-entry.ts',
};

/** The script of a variant. `firmware` as `built` is dist/firmware.js itself. Throws BuildRefused. */
export async function scriptOf(root: string, entry: Entry, variant: Variant): Promise<string> {
  if (variant === 'written') return asWritten(root, entries[entry]);
  const { code } =
    entry === 'firmware' ? await currentFirmware(root) : await buildFirmware({ root, entry: entries[entry] });
  return variant === 'cold' ? behindColdFunctions(code) : code;
}

/** The build without its last step: blanks and comments go, names and expressions stay as they are, and in their order. */
async function asWritten(root: string, entry: string): Promise<string> {
  const bundled = await bundle(root, resolve(root, entry), resolve(root, 'dist/firmware.js'), '0');
  const sources = bundled.inputs.filter((file) => file.endsWith('.ts'));
  const [hot, warm] = [packetPath, firstPacketPath].map(
    (path) => findHotFunctions(root, sources, path).places,
  );
  const lowered = await lower(bundled, readTags(root, sources), hot, warm);
  const { code = '' } = await minify(lowered.code, {
    ecma: 5,
    parse: { bare_returns: true },
    compress: false,
    mangle: false,
    format: { braces: true, keep_numbers: true, ascii_only: true, comments: false },
  });
  return wrap({ code, map: lowered.map }).code;
}
