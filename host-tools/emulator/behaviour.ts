// How long the chip takes, and what it does where its documents are silent or disagree.
// Choices about a healthy chip only; things going wrong are in faults.ts. Row numbers are those of docs/emulator.md.

export interface Behaviour {
  /** Sn_CR keeps a command this long (us, 0-20) before the chip acts on it and clears it. Row 8. */
  commandHold: number;
  /** After a reset VERSIONR reads 00 and writes are lost for this long (us, 0-50000). Row 4. */
  resetTime: number;
  /** From cable, PHY reset or chip reset to link (us). Row 28. */
  negotiation: number;
  /** Read-back of RX_RD and TX_WR before RECV or SEND: the value just written, or the one in force. Row 9. */
  pointerReadback: 'new' | 'old';
  /** RX_WR and RSR grow while a frame is still coming in (timed mode only). Row 11. */
  growingReceive: boolean;
  /** A frame that would fill the receive ring exactly is dropped. Row 12. */
  exactlyFullIsFull: boolean;
  /** MMB also removes IPv6 multicast (33:33). Row 14. */
  blocks3333: boolean;
  /** A SEND of more than 1514 bytes: the first 1514 go out, or it never completes. Row 17. */
  oversizeSend: 'truncated' | 'never';
  /** The chip pads frames of under 60 bytes itself. Row 18. */
  padsShortFrames: boolean;
  /** A SEND caught without link: forgotten at link up, sent then, or outstanding until CLOSE or reset. Row 22. */
  sendWithoutLink: 'lost' | 'late' | 'stuck';
  /** Frames of more than 1514 bytes from the wire: dropped, or stored with their true length. Row 34. */
  oversizeArrival: 'dropped' | 'stored';
  /** Level of MISO while the chip is held in reset. Row 5. */
  heldMiso: 0x00 | 0xff;
}

/** Untimed: nothing takes time. Where documents are silent, the choice that is hardest on a driver or least surprising in a lab. */
export const UNTIMED: Behaviour = {
  commandHold: 0,
  resetTime: 0,
  negotiation: 0,
  pointerReadback: 'new',
  growingReceive: false,
  exactlyFullIsFull: false,
  blocks3333: false,
  oversizeSend: 'truncated',
  padsShortFrames: false,
  sendWithoutLink: 'stuck',
  oversizeArrival: 'dropped',
  heldMiso: 0x00,
};

/** Timed: PLL lock 1 ms (data sheet 5.5.1), autonegotiation 2 s (1.5-3 s seen in the field). */
export const TIMED: Behaviour = { ...UNTIMED, resetTime: 1_000, negotiation: 2_000_000 };
