/**
 * Storage, checksums and time for tests that import the TypeScript of firmware/services: the platform's globals come into
 * being by importing this file first.
 */
import { crc32 } from 'node:zlib';

/** What the board's clock shows, in seconds. */
export const clock = { seconds: 0 };

/** What lies in Storage, by file name. */
export const files: Record<string, string> = {};

Object.assign(globalThis, {
  getTime: () => clock.seconds,
  require: () => ({ read: (name: string) => files[name] }),
  E: { CRC32: (text: string) => crc32(Buffer.from(text, 'latin1')) },
});
