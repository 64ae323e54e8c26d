/*
 * A release of Espruino as --espruino names it, a folder or a zip: finds its three images, checks that they are for this
 * chip and this layout, and makes a manifest of what goes where. Reads files; writes nothing, asks no chip.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { fileTrouble } from '../../cli/file-trouble.ts';
import { UserError } from '../../cli/user-error.ts';
import { imageTrouble, releaseAdvice } from './image.ts';
import { layoutTrouble, readPartitions, regionOf } from './partitions.ts';

/** One of the files, and where it goes. */
export interface ReleaseImage {
  file: string;
  /** What it is, for people. */
  what: string;
  /** First byte in flash. */
  offset: number;
  bytes: Uint8Array;
  /** MD5 of the bytes, in hexadecimal: what the chip itself can be asked for. */
  md5: string;
}

export interface Release {
  /** As it was named on the command line. */
  path: string;
  /** "2v29", where the name of folder or file says so. */
  version: string | null;
  /** In the order in which they are written. */
  images: ReleaseImage[];
}

/** The places of Espruino's README_flash.txt; what starts there must end before the next region. */
const PLACES = [
  { file: 'bootloader.bin', what: 'boot loader', offset: 0x1000, end: 0x8000 },
  { file: 'partitions_espruino.bin', what: 'partition table', offset: 0x8000, end: regionOf('nvs').offset },
  {
    file: 'espruino_esp32.bin',
    what: 'Espruino',
    offset: regionOf('factory').offset,
    end: regionOf('ota_0').offset,
  },
] as const;

export const TABLE_FILE = PLACES[1].file;

/** As in "espruino_2v29_esp32". */
const VERSION = /\d+v\d+(?:\.\d+)?/;
/** Nothing in a release is larger than the flash it goes to, bytes. */
const LARGEST_FILE = 0x400000;

/** Reads and checks a release. Throws a UserError that names the file, what is wrong, and the remedy. */
export function readRelease(path: string): Release {
  const { folder, files } = readImages(path);
  const images = PLACES.map(({ file, what, offset, end }) => {
    const bytes = files.get(file)!;
    refuse(path, file, file === TABLE_FILE ? tableTrouble(bytes) : imageTrouble(bytes));
    if (bytes.length > end - offset)
      refuse(
        path,
        file,
        `has ${bytes.length} bytes and would reach past 0x${end.toString(16)}, where the next region begins; ${releaseAdvice}.`,
      );
    return { file, what, offset, bytes, md5: createHash('md5').update(bytes).digest('hex') };
  });
  const version = VERSION.exec(basename(folder))?.[0] ?? VERSION.exec(basename(path))?.[0] ?? null;
  return { path, version, images };
}

function tableTrouble(bytes: Uint8Array): string | null {
  const rows = readPartitions(bytes);
  const trouble = typeof rows === 'string' ? rows : layoutTrouble(rows);
  return trouble && `${trouble}, which is not the layout of Espruino 2v26 and later; ${releaseAdvice}.`;
}

function refuse(path: string, file: string, trouble: string | null): void {
  if (trouble) throw new UserError(`${file} in ${path} ${trouble}`);
}

/** The three files by name, wherever they lie together: at the top, or one folder deeper. */
function readImages(path: string): { folder: string; files: Map<string, Uint8Array> } {
  const found = isFolder(path) ? readFolder(path) : readZip(path);
  // The folder with most of them is the one that was meant, and what it lacks is what is missing.
  const nothing: [string, Map<string, Uint8Array>] = ['', new Map()];
  const [[folder, files] = nothing] = [...found].sort(([, one], [, other]) => other.size - one.size);
  const complete = [...found.values()].filter(({ size }) => size === PLACES.length);
  if (complete.length > 1)
    throw new UserError(
      `There are several releases in ${path}: ${[...found.keys()].join(', ')}. Name the one to use with --espruino.`,
    );
  const missing = PLACES.filter(({ file }) => !files.has(file)).map(({ file }) => file);
  if (missing.length > 0)
    throw new UserError(
      `${path} is no release of Espruino for the ESP32: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing; ${releaseAdvice}, and name the zip or its unpacked folder.`,
    );
  return { folder, files };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    throw new UserError(
      `There is no release of Espruino at '${path}': ${releaseAdvice}, and name it with --espruino PATH.`,
    );
  }
}

type Found = Map<string, Map<string, Uint8Array>>;

function readFolder(path: string): Found {
  const found: Found = new Map();
  for (const folder of [path, ...foldersIn(path)]) {
    const here = new Map<string, Uint8Array>();
    for (const { file } of PLACES) {
      const bytes = readIfThere(join(folder, file));
      if (bytes) here.set(file, bytes);
    }
    if (here.size > 0) found.set(folder, here);
  }
  return found;
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${fileTrouble(error)}.`);
  }
}

function readIfThere(file: string): Uint8Array | null {
  try {
    if (statSync(file).size > LARGEST_FILE) return null;
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UserError(`${file} cannot be read: ${fileTrouble(error)}.`);
  }
}

function readZip(path: string): Found {
  const wanted: readonly string[] = PLACES.map(({ file }) => file);
  const found: Found = new Map();
  for (const [name, bytes] of Object.entries(unzipped(path, wanted))) {
    const folder = name.slice(0, -basename(name).length);
    if (folder.split('/').length > 2) continue;
    found.set(folder, (found.get(folder) ?? new Map<string, Uint8Array>()).set(basename(name), bytes));
  }
  return found;
}

function unzipped(path: string, wanted: readonly string[]): Record<string, Uint8Array> {
  let packed: Uint8Array;
  try {
    packed = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${fileTrouble(error)}.`);
  }
  try {
    return unzipSync(packed, {
      filter: ({ name, originalSize }) => wanted.includes(basename(name)) && originalSize <= LARGEST_FILE,
    });
  } catch {
    throw new UserError(
      `${path} is neither a folder nor a zip that can be unpacked: ${releaseAdvice}, again if it is cut short.`,
    );
  }
}
