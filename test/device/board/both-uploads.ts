/*
 * The same files by EspruinoTools into one board and by our own uploader into another: both Storages, for comparison.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf, espruinoTools, installed, standInBoard, type TriedBoard } from './espruino-tools.ts';

const root = join(import.meta.dirname, '../../..');

/** What a router consists of, by its name in Storage. */
const files: Record<string, string> = {
  '.boot0': join(root, 'dist/firmware.js'),
  'board.json': join(root, 'boards/esp32-shared-bus/board.json'),
  'config.json': join(root, 'hairpin.example.json'),
};

export interface BothUploads {
  exitCode: number | null;
  said: string;
  /** Name to content. */
  theirs: Record<string, string>;
  ours: Record<string, string>;
}

/** @param start makes a board with an empty Storage */
export async function uploadBothWays(start: () => TriedBoard = standInBoard): Promise<BothUploads> {
  const [first, second] = [start(), start()];
  try {
    const { exitCode, said } = await espruinoTools(first.line, [
      ...Object.entries(files).flatMap(([name, path]) => ['--storage', `${name}:${path}`]),
      // Neither waiting for a board on a slow line: this one is none.
      ...['--config', 'SERIAL_THROTTLE_SEND=2', '--config', 'STORAGE_UPLOAD_METHOD=1'],
      // With nothing but --storage it opens a terminal and sends nothing.
      ...['-e', 'print("stored")'],
    ]);
    // Only now has the first board done with what it was sent.
    const theirs = await contentOf(first.line);
    const bytes = Object.entries(files).map(([name, path]) => ({ name, bytes: readFileSync(path) }));
    await installed(second.line, bytes);
    return { exitCode, said, theirs, ours: await contentOf(second.line) };
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}
