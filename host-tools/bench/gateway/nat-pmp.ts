/*
 * NAT-PMP's one question without consequences (RFC 6886 section 3.2): which public address does the router have?
 */
import { createSocket } from 'node:dgram';

export const NAT_PMP_PORT = 5351;
/** Version 0, opcode 0. */
const QUESTION = Buffer.from([0, 0]);
/** RFC 6886 begins with 250 ms and doubles; three questions are enough for a LAN. */
const WAITS = [250, 500, 1000];

/** The public address in an answer; null if it is no answer to this question, or one that says no. */
export function parseNatPmp(answer: Buffer): string | null {
  const wellFormed = answer.length === 12 && answer[0] === 0 && answer[1] === 128;
  if (!wellFormed || answer.readUInt16BE(2) !== 0) return null;
  const address = answer.subarray(8, 12).join('.');
  return address === '0.0.0.0' ? null : address;
}

/** Asks `gateway`; null if it does not answer. */
export async function askNatPmp(gateway: string, port = NAT_PMP_PORT): Promise<string | null> {
  const socket = createSocket('udp4');
  try {
    return await new Promise((resolve) => {
      let turn = 0;
      let timer: NodeJS.Timeout | undefined;
      const finish = (address: string | null) => {
        clearTimeout(timer);
        resolve(address);
      };
      const ask = () => {
        if (turn === WAITS.length) return finish(null);
        socket.send(QUESTION);
        timer = setTimeout(ask, WAITS[turn++]);
      };
      // Connected: nobody else is listened to, and a refusal is heard.
      socket.on('error', () => finish(null));
      socket.on('message', (answer) => finish(parseNatPmp(answer)));
      socket.on('connect', ask);
      socket.connect(port, gateway);
    });
  } finally {
    socket.close();
  }
}
