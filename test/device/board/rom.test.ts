/** The software ROM answers packets as an ESP32 does: what traces of real chips show, byte by byte, and its faults. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import test from 'ava';
import { checksumOf, ops } from './loader-packets.ts';
import { Rom, type RomOptions } from './rom.ts';
import { slipFrame, SlipReader } from './slip.ts';

interface Answer {
  op: number;
  value: number;
  data: number[];
}

class Host {
  readonly flash: Uint8Array;
  readonly rom: Rom;
  #packets: Uint8Array[] = [];
  #raw: number[] = [];
  readonly #slip = new SlipReader();

  constructor(options: RomOptions = {}, size = 0x10000) {
    this.flash = new Uint8Array(size);
    const send = (bytes: Uint8Array) => {
      this.#raw.push(...bytes);
      this.#packets.push(...this.#slip.take(bytes));
    };
    this.rom = new Rom(this.flash, send, options);
  }

  /** All packets that came back for one, in hexadecimal. */
  traces(op: number, data: Uint8Array | number[], checksum = 0): string[] {
    this.#packets = [];
    this.rom.receive(slipFrame(request(op, data, checksum)));
    return this.#packets.map((packet) => Buffer.from(packet).toString('hex'));
  }

  ask(op: number, data: Uint8Array | number[] = [], checksum = 0): Answer {
    this.traces(op, data, checksum);
    const [packet] = this.#packets;
    const view = new DataView(packet.buffer);
    return { op: packet[1], value: view.getUint32(4, true), data: [...packet.subarray(8)] };
  }

  block(op: number, block: Uint8Array, sequence = 0): Answer {
    return this.ask(op, [...words(block.length, sequence, 0, 0), ...block], checksumOf(block));
  }

  /** Uploads two words as the stub and starts it. @returns what came after the answer */
  startStub(): string {
    this.ask(ops.MEM_BEGIN, words(8, 1, 8, 0x40080000));
    this.block(ops.MEM_DATA, new Uint8Array(8));
    this.ask(ops.MEM_END, words(0, 0x40080000));
    return Buffer.from(this.#packets[1] ?? []).toString();
  }

  /** What came as text since the beginning. */
  get text(): string {
    return String.fromCharCode(...this.#raw);
  }

  get packets(): Uint8Array[] {
    return this.#packets;
  }
}

const words = (...values: number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];

function request(op: number, data: Uint8Array | number[], checksum: number): Uint8Array {
  return Uint8Array.from([0, op, data.length & 255, data.length >> 8, ...words(checksum), ...data]);
}

const sync = [7, 7, 0x12, 0x20, ...new Array<number>(32).fill(0x55)];
const OK_ROM = [0, 0, 0, 0];
const OK_STUB = [0, 0];

test('SYNC is answered eight times, as real chips do', (t) => {
  t.deepEqual(new Host().traces(ops.SYNC, sync), new Array<string>(8).fill('010804000720555500000000'));
});

test('the chip names itself in the register of the magic', (t) => {
  t.deepEqual(new Host().traces(ops.READ_REG, words(0x40001000)), ['010a0400831df00000000000']);
  t.is(new Host({ magic: 9 }).ask(ops.READ_REG, words(0x40001000)).value, 9);
});

test('an unknown command is refused eight times, under the name of the one before', (t) => {
  const host = new Host();
  host.ask(ops.SYNC, sync);
  t.deepEqual(host.traces(0x14, []), new Array<string>(8).fill('010804000000000001050000'));
});

test('the flash chip tells its size through the SPI registers', (t) => {
  for (const [size, id] of [
    [0x400000, 0x16],
    [0x200000, 0x15],
  ]) {
    const host = new Host({}, size);
    host.ask(ops.WRITE_REG, words(0x3ff42024, (7 << 28) | 0x9f, 0xffffffff, 0));
    host.ask(ops.WRITE_REG, words(0x3ff42000, 1 << 18, 0xffffffff, 0));
    t.is(host.ask(ops.READ_REG, words(0x3ff42000)).value, 0);
    t.is(host.ask(ops.READ_REG, words(0x3ff42080)).value >> 16, id);
  }
});

test('the stub starts only when all of it has come, and says OHAI', (t) => {
  const host = new Host();
  t.is(host.startStub(), 'OHAI');
  t.is(host.ask(ops.SYNC, sync).value, 0);

  const short = new Host();
  short.ask(ops.MEM_BEGIN, words(16, 2, 8, 0));
  short.block(ops.MEM_DATA, new Uint8Array(8));
  t.deepEqual(short.ask(ops.MEM_END, words(0, 1)).data, [1, 5, 0, 0]);
});

test('plain and compressed data are written; the ROM answers a digest in text, the stub in bytes', (t) => {
  const data = new Uint8Array(6000).map((_, i) => i * 7);
  const md5 = createHash('md5').update(data).digest();
  const rom = new Host();
  rom.ask(ops.FLASH_BEGIN, words(6000, 1, 8192, 0x2000));
  t.deepEqual(
    rom.block(ops.FLASH_DATA, Uint8Array.from([...data, ...new Uint8Array(2192).fill(255)])).data,
    OK_ROM,
  );
  t.deepEqual(rom.flash.slice(0x2000, 0x2000 + 6000), data);
  t.is(rom.flash[0x2000 + 6000], 0xff);
  t.is(rom.flash[0x4000], 0);
  const text = rom.ask(ops.SPI_FLASH_MD5, words(0x2000, 6000, 0, 0)).data;
  t.is(String.fromCharCode(...text.slice(0, 32)), md5.toString('hex'));

  const stub = new Host();
  stub.startStub();
  const packed = deflateSync(data);
  stub.ask(ops.FLASH_DEFL_BEGIN, words(6000, 2, 50, 0x2000));
  stub.block(ops.FLASH_DEFL_DATA, packed.subarray(0, 50), 0);
  t.deepEqual(stub.block(ops.FLASH_DEFL_DATA, packed.subarray(50), 1).data, OK_STUB);
  t.deepEqual(stub.ask(ops.FLASH_DEFL_END, words(1)).data, OK_STUB);
  t.deepEqual(stub.ask(ops.SPI_FLASH_MD5, words(0x2000, 6000, 0, 0)).data, [...md5, 0, 0]);
});

test('flash is erased by sectors, and programming only clears bits', (t) => {
  const host = new Host();
  host.startStub();
  host.ask(ops.ERASE_REGION, words(0x1000, 0x1000));
  t.is(host.flash[0xfff] + host.flash[0x1000] + host.flash[0x1fff] + host.flash[0x2000], 2 * 0xff);
  host.ask(ops.ERASE_FLASH);
  t.true(host.flash.every((byte) => byte === 0xff));
});

test('wrong checksums, lengths and streams are refused; the stub says it one block later', (t) => {
  const host = new Host();
  const block = Uint8Array.of(1, 2, 3, 4);
  const wrong = [...words(4, 0, 0, 0), ...block];
  t.deepEqual(host.ask(ops.FLASH_DATA, wrong, 1).data, [1, 7, 0, 0]);
  host.startStub();
  t.deepEqual(host.ask(ops.FLASH_DATA, wrong, 1).data, [1, 0xc1]);
  t.deepEqual(host.block(ops.FLASH_DATA, block).data, [1, 0xc6]);
  host.ask(ops.FLASH_DEFL_BEGIN, words(100, 2, 4, 0));
  t.deepEqual(host.block(ops.FLASH_DEFL_DATA, new Uint8Array(16)).data, OK_STUB);
  t.deepEqual(host.block(ops.FLASH_DEFL_DATA, block, 1).data, [1, 0xc7]);
  t.deepEqual(host.ask(ops.FLASH_DEFL_END, words(1)).data, [1, 0xc7]);
  t.deepEqual(host.ask(0x77).data, [1, 0xc3]);
});

test('READ_FLASH sends packets as they are acknowledged, and the digest at the end', (t) => {
  const host = new Host();
  host.flash.set([1, 2, 3, 4, 5], 0x100);
  host.startStub();
  t.is(host.traces(ops.READ_FLASH, words(0x100, 5, 2, 2)).length, 3);
  const got = [...host.packets[1], ...host.packets[2]];
  host.rom.receive(slipFrame(Uint8Array.from(words(4))));
  got.push(...host.packets[3]);
  t.deepEqual(got, [1, 2, 3, 4, 5]);
  host.rom.receive(slipFrame(Uint8Array.from(words(5))));
  t.deepEqual(Buffer.from(host.packets[4]), createHash('md5').update(Uint8Array.from(got)).digest());
});

test('the application starts when the end of a write, or RUN_USER_CODE, asks for it', (t) => {
  let starts = 0;
  const host = new Host({ onStart: () => starts++ });
  host.startStub();
  host.ask(ops.FLASH_END, words(1));
  t.is(starts, 0);
  host.ask(ops.FLASH_END, words(0));
  t.is(starts, 1);
  host.traces(ops.RUN_USER_CODE, []);
  t.is(starts, 2);
});

test('faults: silence, noise, a weak cell, lost bytes by seed, a cable pulled inside a packet', (t) => {
  t.deepEqual(new Host({ silent: true }).traces(ops.SYNC, sync), []);

  const noisy = new Host({ noise: 'rst:0x1\r\n' });
  noisy.ask(ops.SYNC, sync);
  t.true(noisy.text.startsWith('rst:0x1\r\n\xc0\x01\x08'));

  const weak = new Host({ weak: { at: 2, times: 1 } });
  weak.ask(ops.FLASH_BEGIN, words(4, 1, 4, 0));
  weak.block(ops.FLASH_DATA, Uint8Array.of(1, 2, 3, 4));
  t.deepEqual([...weak.flash.subarray(0, 4)], [1, 2, 2, 4]);

  const counts = [1, 1, 2].map((seed) => {
    const lossy = new Host({ lost: { oneIn: 40, seed } });
    for (let i = 0; i < 20; i++) lossy.traces(ops.SYNC, sync);
    return lossy.rom.packets;
  });
  t.is(counts[0], counts[1]);
  t.true(counts[0] > 0 && counts[0] < 20, `${counts}`);

  let pulled = 0;
  const cut = new Host({ unplugAtPacket: 2, onUnplug: () => pulled++ });
  cut.ask(ops.FLASH_BEGIN, words(4, 1, 4, 0));
  t.deepEqual(
    cut.traces(ops.FLASH_DATA, [...words(4, 0, 0, 0), 1, 2, 3, 4], checksumOf(Uint8Array.of(1, 2, 3, 4))),
    [],
  );
  t.deepEqual([...cut.flash.subarray(0, 4)], [1, 2, 255, 255]);
  t.is(pulled, 1);
  t.deepEqual(cut.traces(ops.SYNC, sync), []);

  const early = new Host({ unplugAfterBytes: 10, onUnplug: () => pulled++ });
  t.deepEqual(early.traces(ops.SYNC, sync), []);
  t.is(pulled, 2);
});

test('a reset with BOOT held is announced and leaves the stub', (t) => {
  const host = new Host();
  host.startStub();
  host.rom.enter();
  t.true(host.text.includes('waiting for download'));
  t.not(host.ask(ops.SYNC, sync).value, 0);
});
