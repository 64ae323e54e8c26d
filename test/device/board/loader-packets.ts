/*
 * The packets of the ESP32's serial loader, without SLIP around them: a direction, an operation, the length of the data,
 * a checksum or value, the data. Integers are little-endian.
 */

/** Operations, by the names of the protocol's page. The last four are the stub's alone. */
export const ops = {
  FLASH_BEGIN: 0x02,
  FLASH_DATA: 0x03,
  FLASH_END: 0x04,
  MEM_BEGIN: 0x05,
  MEM_END: 0x06,
  MEM_DATA: 0x07,
  SYNC: 0x08,
  WRITE_REG: 0x09,
  READ_REG: 0x0a,
  SPI_SET_PARAMS: 0x0b,
  SPI_ATTACH: 0x0d,
  CHANGE_BAUDRATE: 0x0f,
  FLASH_DEFL_BEGIN: 0x10,
  FLASH_DEFL_DATA: 0x11,
  FLASH_DEFL_END: 0x12,
  SPI_FLASH_MD5: 0x13,
  ERASE_FLASH: 0xd0,
  ERASE_REGION: 0xd1,
  READ_FLASH: 0xd2,
  RUN_USER_CODE: 0xd3,
};

/** Operations whose data is a block: its length, its number and two unused words in front. */
export const BLOCK_OPS = [ops.MEM_DATA, ops.FLASH_DATA, ops.FLASH_DEFL_DATA];
export const BLOCK_HEAD = 16;
const PACKET_HEAD = 8;
const EMPTY = new Uint8Array(0);

/** Of a block, without its head. */
export function checksumOf(block: Uint8Array): number {
  return block.reduce((sum, byte) => sum ^ byte, 0xef);
}

/** Little-endian words; the rest of an uneven length is left out. */
export function wordsOf(data: Uint8Array): Uint32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Uint32Array.from({ length: data.length >> 2 }, (_, i) => view.getUint32(4 * i, true));
}

/** A packet to the host. */
export function response(op: number, value = 0, body: Uint8Array = EMPTY, status: number[] = []): Uint8Array {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint8(0, 1);
  head.setUint8(1, op);
  head.setUint16(2, body.length + status.length, true);
  head.setUint32(4, value, true);
  return Uint8Array.from([...new Uint8Array(head.buffer), ...body, ...status]);
}

/** What is done of a packet when the power goes: half of its data is programmed, or half of its region erased. */
export function halfOf(packet: Uint8Array): Uint8Array {
  const op = packet[1];
  if (op === ops.FLASH_DEFL_DATA || op === ops.FLASH_DATA) return halfABlock(packet);
  if (op !== ops.ERASE_REGION) return packet;
  const half = packet.slice();
  const view = new DataView(half.buffer);
  view.setUint32(12, view.getUint32(12, true) >>> 1, true);
  return half;
}

function halfABlock(packet: Uint8Array): Uint8Array {
  const length = (packet.length - PACKET_HEAD - BLOCK_HEAD) >> 1;
  const half = packet.slice(0, PACKET_HEAD + BLOCK_HEAD + length);
  const view = new DataView(half.buffer);
  view.setUint16(2, BLOCK_HEAD + length, true);
  view.setUint32(8, length, true);
  view.setUint32(4, checksumOf(half.subarray(PACKET_HEAD + BLOCK_HEAD)), true);
  return half;
}
