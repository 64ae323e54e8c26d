/**
 * What is leased, kept over a restart: addresses of the LAN's hosts, and the WAN's last one. Records in two files of
 * Storage (docs/lease-store.md), each with a checksum: power lost at any byte leaves what was known before, or after.
 *
 * May touch: Storage, the lease columns. Must not: decide who gets what; erase or compact anything to make room.
 */
import {
  leaseBound,
  leaseEnd,
  leaseFree,
  leaseHost,
  leaseMac,
  leaseName,
  leaseOver,
  leaseSlots,
  leaseState,
  leasing,
  leasingUnsaved,
} from '../layout/arena.ts';
import { checksum, eraseFile, freeStorage, readFile, readPiece, writePiece } from '../platform/system.ts';
import { mayKeep } from './leases.ts';

/** The two files: one is used, the other is made anew when that is full. */
export const leaseFiles = ['leases.a', 'leases.b'];
/** Bytes of one, for the reason that the config's files have this size: see `storedFileBytes` in config/stored.ts. */
export const leaseFileBytes = 65535;
/** What Storage takes for one: its bytes, filled up, and their header. */
const newFileBytes = leaseFileBytes + 1 + 32;

/** Bytes of a record. The last four are the CRC-32 of the others, least significant byte first. */
export const recordBytes = 32;
const checkedBytes = 28;
/** Record 0 is never written: a file is made by writing there what is blank already. Record 1 is the head. */
const headRecord = 1;
const firstRecord = 2;

/** First byte of a record: the head, with the file's sequence; a binding of the LAN; the WAN's last address. Never 0xff. */
const headKind = 70;
const bindingKind = 76;
const hintKind = 87;

// Offsets in a record. A binding's host number, MAC address and name; all others have two words here.
const hostAt = 2;
const valueAt = 4;
const secondValueAt = 8;
const macAt = 4;
const nameAt = 10;
/** Characters of a name that are stored: all that `leaseName` has but the zero at its end. */
const nameBytes = 15;

/** What a record is before anything is written. */
const blankHalf = '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff';

function recordOf(name: string, i: number): string {
  return readPiece(name, i * recordBytes, recordBytes) || '';
}

/** A little-endian number of `bytes` bytes in a record. */
function numberAt(record: string, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + record.charCodeAt(at + i);
  return value;
}

/** The kind of a record; 0 when nothing is there, or not all of it. */
function kindOfRecord(record: string): number {
  const sum = checksum(record.substr(0, checkedBytes)) >>> 0;
  return record.length == recordBytes && numberAt(record, checkedBytes, 4) == sum ? record.charCodeAt(0) : 0;
}

/** Sequence of a file; 0 when it is not there, or was not made to its end. */
function sequenceOf(name: string): number {
  const head = recordOf(name, headRecord);
  return kindOfRecord(head) == headKind ? numberAt(head, valueAt, 4) : 0;
}

/** Which file is used: the one with the higher sequence; -1 for none. */
function usedFile(): number {
  const a = sequenceOf(leaseFiles[0]);
  const b = sequenceOf(leaseFiles[1]);
  return a > b ? 0 : b ? 1 : -1;
}

/** Records that a file has room for. */
function recordsIn(name: string): number {
  return Math.floor((readFile(name) || '').length / recordBytes);
}

/** The first record of a file that nothing was written to; behind the last one when it is full. */
function endOf(name: string): number {
  let from = firstRecord;
  let to = recordsIn(name);
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (recordOf(name, middle) == blankHalf + blankHalf) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Writes the checksums of records. */
function seal(records: Uint8Array): Uint8Array {
  for (let at = 0; at < records.length; at += recordBytes) {
    const sum = checksum(new Uint8Array(records.buffer, at, checkedBytes));
    for (let i = 0; i < 4; i++) records[at + checkedBytes + i] = sum >>> (8 * i);
  }
  return records;
}

/** A record of two words. */
function wordsRecord(kind: number, value: number, second: number): Uint8Array {
  const record = new Uint8Array(recordBytes);
  record[0] = kind;
  for (let i = 0; i < 4; i++) {
    record[valueAt + i] = value >>> (8 * i);
    record[secondValueAt + i] = second >>> (8 * i);
  }
  return seal(record);
}

/** Whether a lease is one that the store keeps: the config's own are in the config. */
function isKept(lease: number): boolean {
  return leaseState[lease] == leaseBound || leaseState[lease] == leaseOver;
}

/** The bindings of the leases with these bits, one record each. */
function bindingRecords(bits: number): Uint8Array {
  let count = 0;
  for (let lease = 0; lease < leaseSlots; lease++) if ((bits >>> lease) & 1 && isKept(lease)) count++;
  const records = new Uint8Array(count * recordBytes);
  let at = 0;
  for (let lease = 0; lease < leaseSlots; lease++) {
    if (!((bits >>> lease) & 1) || !isKept(lease)) continue;
    records[at] = bindingKind;
    records[at + hostAt] = leaseHost[lease];
    records[at + hostAt + 1] = leaseHost[lease] >>> 8;
    for (let i = 0; i < 6; i++) records[at + macAt + i] = leaseMac[6 * lease + i];
    for (let i = 0; i < nameBytes; i++) records[at + nameAt + i] = leaseName[16 * lease + i];
    at += recordBytes;
  }
  return seal(records);
}

/** Writes records behind the last one of a file. @returns whether they fit */
function appendTo(name: string, records: Uint8Array): boolean {
  if (!records.length) return true;
  const end = endOf(name);
  if (end * recordBytes + records.length > recordsIn(name) * recordBytes) return false;
  writePiece(name, records, end * recordBytes, 0);
  return true;
}

/**
 * Makes the other file the used one: with all bindings and the WAN's address, and then its head, the last byte of which makes it count. One
 * that was begun and not finished is gone on with. @returns it, or -1 when there is no room for a file
 */
function changeOver(used: number): number {
  const next = used == 0 ? 1 : 0;
  const name = leaseFiles[next];
  const isBegun =
    (readFile(name) || '').length == leaseFileBytes && recordOf(name, headRecord) == blankHalf + blankHalf;
  if (!isBegun) {
    // A config that is to be saved goes before: room for one more of its files stays.
    if (freeStorage() < 2 * newFileBytes) return -1;
    writePiece(name, blankHalf, 0, leaseFileBytes);
  }
  const hint = used < 0 ? '' : newestHint(leaseFiles[used]);
  const hintWords = wordsRecord(hintKind, numberAt(hint, valueAt, 4), numberAt(hint, secondValueAt, 4));
  if ((hint && !appendTo(name, hintWords)) || !appendTo(name, bindingRecords(0xffffffff))) return -1;
  const sequence = used < 0 ? 1 : sequenceOf(leaseFiles[used]) + 1;
  writePiece(name, wordsRecord(headKind, sequence, 0), headRecord * recordBytes, 0);
  return next;
}

/** The last record of the WAN's address in a file, or empty. */
function newestHint(name: string): string {
  for (let i = endOf(name) - 1; i >= firstRecord; i--) {
    const record = recordOf(name, i);
    if (record.charCodeAt(0) == hintKind && kindOfRecord(record)) return record;
  }
  return '';
}

/**
 * Remembers what the ISP leased, for the next start; nothing is written when that is known already.
 * @param address P, a word  @param server who leased it, a word  @returns false when it could not be stored
 * @overlay
 */
export function saveWanHint(address: number, server: number): boolean {
  const known = readWanHint();
  if (known[0] == address && known[1] == server) return true;
  try {
    const record = wordsRecord(hintKind, address, server);
    const used = usedFile();
    if (used >= 0 && appendTo(leaseFiles[used], record)) return true;
    const next = changeOver(used);
    return next >= 0 && appendTo(leaseFiles[next], record);
  } catch (error) {
    return false;
  }
}

/**
 * What the ISP leased last, before a restart or since.
 * @returns two words, address and server; both 0 when nothing is known
 */
export function readWanHint(): number[] {
  const used = usedFile();
  const hint = used < 0 ? '' : newestHint(leaseFiles[used]);
  return hint ? [numberAt(hint, valueAt, 4), numberAt(hint, secondValueAt, 4)] : [0, 0];
}

/**
 * Writes the bindings that are not stored yet, all at once. @returns false when they could not be
 * @overlay
 */
export function saveLeases(): boolean {
  try {
    const used = usedFile();
    const records = bindingRecords(leasing[leasingUnsaved]);
    if (records.length && !(used >= 0 && appendTo(leaseFiles[used], records)) && changeOver(used) < 0)
      return false;
  } catch (error) {
    return false;
  }
  leasing[leasingUnsaved] = 0;
  return true;
}

/**
 * Fills the table with the bindings of before the restart, the newest first, as leases that are over. A host or an address
 * that the table has already keeps what it has, and what is not to be leased any more is left out.
 * @overlay
 */
export function readLeases(): void {
  const used = usedFile();
  if (used < 0) return;
  const name = leaseFiles[used];
  let lease = leaseState.indexOf(leaseFree);
  // As long as there is room: who was heard of longest ago is forgotten.
  for (let i = endOf(name) - 1; i >= firstRecord && lease >= 0; i--) {
    const record = recordOf(name, i);
    const host = numberAt(record, hostAt, 2);
    if (
      record.charCodeAt(0) != bindingKind ||
      leaseHost.indexOf(host) >= 0 ||
      !kindOfRecord(record) ||
      !mayKeep(host)
    )
      continue;
    if (isKnown(record)) continue;
    for (let b = 0; b < 6; b++) leaseMac[6 * lease + b] = record.charCodeAt(macAt + b);
    for (let b = 0; b < nameBytes; b++) leaseName[16 * lease + b] = record.charCodeAt(nameAt + b);
    leaseHost[lease] = host;
    leaseState[lease] = leaseOver;
    // Only their order is known. All of them are older than what ends later.
    leaseEnd[lease] = i >>> 6;
    lease = leaseState.indexOf(leaseFree);
  }
}

/** Whether a newer record was of the same host. */
function isKnown(record: string): boolean {
  for (let lease = 0; lease < leaseSlots; lease++) {
    let i = 0;
    while (i < 6 && leaseMac[6 * lease + i] == record.charCodeAt(macAt + i)) i++;
    if (i == 6 && leaseState[lease] != leaseFree) return true;
  }
  return false;
}

/** Forgets all of it: the board is given away. */
export function forgetLeases(): void {
  eraseFile(leaseFiles[0]);
  eraseFile(leaseFiles[1]);
}
