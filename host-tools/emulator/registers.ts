// The W5500's register map: offsets in data-sheet order, bits, commands, reset values. Names are the data sheet's.
// Numbers only: what they do is in common-block.ts, socket.ts and the files those use.
// Source: W5500 data sheet 1.1.0, chapters 3 and 4; WIZnet ioLibrary w5500.h. Multi-byte registers are big-endian.

// --- SPI control byte (chapter 2.2.2): block select 7:3, write 2, length mode 1:0 ---
export const CONTROL_WRITE = 0x04;
export const CONTROL_LENGTH_MODE = 0x03;
export const CONTROL_BLOCK_SHIFT = 3;
/** Bytes the chip shifts out while the header comes in. */
export const HEADER_ECHO = [0x01, 0x02, 0x03] as const;

// --- Common block (chapter 4.1) ---
export const MR = 0x00;
export const GAR = 0x01;
export const SUBR = 0x05;
export const SHAR = 0x09;
export const SIPR = 0x0f;
export const INTLEVEL = 0x13;
export const IR = 0x15;
export const IMR = 0x16;
export const SIR = 0x17;
export const SIMR = 0x18;
export const RTR = 0x19;
export const RCR = 0x1b;
export const PTIMER = 0x1c;
export const PMAGIC = 0x1d;
export const PHAR = 0x1e;
export const PSID = 0x24;
export const PMRU = 0x26;
export const UIPR = 0x28;
export const UPORTR = 0x2c;
export const PHYCFGR = 0x2e;
export const VERSIONR = 0x39;
/** Bytes of the common block; what lies above reads 0. */
export const COMMON_SIZE = 0x3a;

export const MR_RST = 0x80;
export const MR_PB = 0x10;

export const PHY_RST = 0x80;
export const PHY_OPMD = 0x40;
export const PHY_OPMDC = 0x38;
export const PHY_DPX = 0x04;
export const PHY_SPD = 0x02;
export const PHY_LNK = 0x01;

export const CHIP_VERSION = 0x04;

// --- Socket block (chapter 4.2) ---
export const Sn_MR = 0x00;
export const Sn_CR = 0x01;
export const Sn_IR = 0x02;
export const Sn_SR = 0x03;
export const Sn_PORT = 0x04;
export const Sn_DHAR = 0x06;
export const Sn_DIPR = 0x0c;
export const Sn_DPORT = 0x10;
export const Sn_MSSR = 0x12;
export const Sn_TOS = 0x15;
export const Sn_TTL = 0x16;
export const Sn_RXBUF_SIZE = 0x1e;
export const Sn_TXBUF_SIZE = 0x1f;
export const Sn_TX_FSR = 0x20;
export const Sn_TX_RD = 0x22;
export const Sn_TX_WR = 0x24;
export const Sn_RX_RSR = 0x26;
export const Sn_RX_RD = 0x28;
export const Sn_RX_WR = 0x2a;
export const Sn_IMR = 0x2c;
export const Sn_FRAG = 0x2d;
export const Sn_KPALVTR = 0x2f;
/** Bytes of a socket block; what lies above reads 0. */
export const SOCKET_SIZE = 0x30;
export const SOCKET_COUNT = 8;

export const Sn_MR_PROTOCOL = 0x0f;
export const Sn_MR_TCP = 0x01;
export const Sn_MR_MACRAW = 0x04;
export const Sn_MR_MFEN = 0x80;
export const Sn_MR_BCASTB = 0x40;
export const Sn_MR_MMB = 0x20;
export const Sn_MR_MIP6B = 0x10;

export const OPEN = 0x01;
export const LISTEN = 0x02;
export const CONNECT = 0x04;
export const DISCON = 0x08;
export const CLOSE = 0x10;
export const SEND = 0x20;
export const SEND_MAC = 0x21;
export const SEND_KEEP = 0x22;
export const RECV = 0x40;

export const Sn_IR_SENDOK = 0x10;
export const Sn_IR_TIMEOUT = 0x08;
export const Sn_IR_RECV = 0x04;
export const Sn_IR_DISCON = 0x02;
export const Sn_IR_CON = 0x01;

export const SOCK_CLOSED = 0x00;
export const SOCK_INIT = 0x13;
export const SOCK_MACRAW = 0x42;

/** Sn_MSSR of an open MACRAW socket (read on hardware). */
export const MACRAW_MSS = 0x05b4;

// --- Buffers (chapter 3) ---
/** Transmit memory and, again, receive memory of the whole chip, in bytes. */
export const BUFFER_MEMORY = 16 * 1024;
export const BUFFER_KILOBYTES = [0, 1, 2, 4, 8, 16] as const;

/** Values after reset that are not 0: [offset, bytes...]. */
export const COMMON_RESET: readonly (readonly number[])[] = [
  [RTR, 0x07, 0xd0],
  [RCR, 0x08],
  [PTIMER, 0x28],
  [PMRU, 0xff, 0xff],
];
export const SOCKET_RESET: readonly (readonly number[])[] = [
  [Sn_DHAR, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [Sn_TTL, 0x80],
  [Sn_RXBUF_SIZE, 0x02],
  [Sn_TXBUF_SIZE, 0x02],
  [Sn_IMR, 0xff],
  [Sn_FRAG, 0x40, 0x00],
];
