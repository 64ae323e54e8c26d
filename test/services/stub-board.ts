/**
 * Storage, checksums and time for tests that import the TypeScript of firmware/services: the platform's globals come into
 * being by importing this file first.
 */
import { crc32 } from 'node:zlib';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';

/** What the board's clock shows, in seconds. */
export const clock = { seconds: 0 };

/** Storage in flash, as on a board; a test may put another in its place. */
export const board = { storage: new Storage(makeRealm(), {}) };

/** What lies in Storage, by file name; to set a file to undefined deletes it. */
export const files: Record<string, string> = new Proxy({} as Record<string, string>, {
  get: (_, name: string) => board.storage.read(name),
  set: (_, name: string, text: string | undefined) => {
    if (text === undefined) board.storage.erase(name);
    else board.storage.write(name, text);
    return true;
  },
});

Object.assign(globalThis, {
  getTime: () => clock.seconds,
  require: () => board.storage,
  E: {
    CRC32: (data: string | Uint8Array) =>
      crc32(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
  },
});
