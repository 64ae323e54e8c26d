/**
 * Clamping the maximum segment size: hosts on Ethernet offer 1460, and where the WAN takes less and ICMP gets lost on the
 * way, their connections would hang. So SYNs between LAN and WAN offer no more than the WAN can carry.
 * May touch: the option and the checksum of the segment at hand.
 */
import { tcpHeaderBytes } from '../wire/frame.ts';
import { residue } from '../wire/checksum.ts';
import { wanMtu } from './addresses.ts';
import { frame, half, transportAt } from './packet.ts';
import { adjust } from './rewrite.ts';

/** Headers of IP and TCP without options (RFC 9293 section 3.7.1). */
const headersBytes = 40;
const optionEnd = 0;
const optionNothing = 1;
const optionMss = 2;
const mssOptionBytes = 4;

/**
 * Lowers the option of the SYN at hand if it offers too much; adds none, and leaves a broken list of options alone.
 * @overlay
 */
export function clampMss(): void {
  const end = transportAt + (frame[transportAt + 12] >> 4) * 4;
  let at = transportAt + tcpHeaderBytes;
  while (at < end && frame[at] != optionEnd) {
    if (frame[at] == optionNothing) at++;
    else if (frame[at] == optionMss && frame[at + 1] == mssOptionBytes && at + mssOptionBytes <= end) {
      lower(at + 2, wanMtu - headersBytes);
      return;
    } else if (frame[at + 1] < 2) return;
    else at += frame[at + 1];
  }
}

/** A field at an odd offset counts for the checksum with its bytes swapped (RFC 1071 section 2). */
function lower(at: number, most: number): void {
  const now = half(at);
  if (now <= most) return;
  frame[at] = most >>> 8;
  frame[at + 1] = most;
  const high = (most >>> 8) - (now >>> 8);
  const low = (most & 255) - (now & 255);
  // As halfwords lie in memory: the byte at an even offset is the low one.
  const change = at & 1 ? low + 256 * high : high + 256 * low;
  adjust(transportAt + 16, residue(change));
}
