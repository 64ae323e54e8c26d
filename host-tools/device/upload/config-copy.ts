/*
 * A configuration on its way into a board's Storage: as the newest copy, in the file that does not hold the one that is
 * used now, so that there is a good one at every moment. How copies lie there is firmware/config/stored.ts.
 */
import { crc32 } from 'node:zlib';
import {
  crcText,
  headBytes,
  markBytes,
  slotBytes,
  storedFields,
  storedFiles,
  storedMark,
} from '../../../firmware/config/stored.ts';
import type { Repl } from '../repl/repl.ts';
import type { InstallFile } from './install.ts';

/** A copy to install. */
export interface ConfigCopy extends InstallFile {
  /** There is another one that has been used until now. */
  replaces: boolean;
}

/** The copies on the board. */
interface Copies {
  /** The file with the one that is used, and that one's head; both empty if there is none. */
  file: string;
  head: string;
  /** The highest there is, of a damaged one perhaps. */
  sequence: number;
}

/**
 * Asked of the board, because the files are long and mostly empty: file and head of the copy with the highest sequence
 * whose checksum is right, and the highest sequence of all. Checksums are compared as 32 bits with sign.
 */
const copiesQuestion =
  '(function(S){var file="",head="",used=0,most=0;' +
  `${JSON.stringify(storedFiles)}.forEach(function(n){var f=S.read(n),i,h,q;if(f!==undefined)` +
  `for(i=0;i<f.length;i+=${slotBytes}){h=f.substr(i,${headBytes});` +
  `if(h.substr(0,${markBytes})==${JSON.stringify(storedMark)}&&h[${headBytes - 1}]=="\\n"){` +
  'q=parseInt(h.substr(17,9),10);if(q>most)most=q;' +
  `if(q>used&&(E.CRC32(f.substr(i+${headBytes},parseInt(h.substr(27,7),10)))|0)==(parseInt(h.substr(35,8),16)|0))` +
  '{used=q;file=n;head=h;}}}});return JSON.stringify({file:file,head:head,sequence:most});})(require("Storage"))';

/** The file to install for this text; null if it is the configuration that is there. `text` has passed the check. */
export async function configFile(repl: Repl, text: string): Promise<ConfigCopy | null> {
  const { file, head, sequence } = JSON.parse(await repl.ask(copiesQuestion)) as Copies;
  const bytes = Buffer.from(text, 'latin1');
  const crc = crc32(bytes);
  const there = head.substring(markBytes).split(' ');
  if (Number(there[2]) === bytes.length && there[3]?.trim() === crcText(crc)) return null;
  const newHead = storedMark + storedFields(sequence + 1, bytes.length, crc);
  return {
    name: storedFiles.find((name) => name !== file)!,
    bytes: Buffer.concat([Buffer.from(newHead, 'latin1'), bytes]),
    replaces: file !== '',
  };
}
