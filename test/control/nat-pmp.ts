/**
 * Requests of NAT-PMP (RFC 6886) to the router in miniature, and its answers in words. Written from the RFC, and shares no
 * code with the firmware. Test support only: no tests here.
 */
import { openServices } from '../../firmware/control/local.ts';
import { serveDatagram } from '../../firmware/services/datagrams.ts';
import { serveSecond } from '../../firmware/services/second.ts';
import { tell, udp } from '../wire/packets.ts';
import { lan, lastLeft, pause, router } from './table.ts';
import type { Wish } from './table.ts';
import { seeded } from '../wire/random.ts';

const random = seeded(6886);
const platform = globalThis as { E?: object };
platform.E = { ...platform.E, hwRand: () => random(2 ** 32) };

/** Whole seconds since the start of the router. */
let second = 0;

/** The router that runs takes requests from now on, its first second. */
export function takeRequests(): void {
  openServices(serveDatagram);
  second = 0;
}

/** A router that serves NAT-PMP, one second after its start. @returns announcements of that second */
export function natPmpRouter(wish: Wish = {}): string[] {
  router({ natPmp: true, ...wish });
  takeRequests();
  return pass(1);
}

/** Seconds pass. @returns announcements, each with the second it came in and whom it was sent to */
export function pass(seconds: number): string[] {
  const heard: string[] = [];
  for (let i = 0; i < seconds; i++) {
    second++;
    serveSecond(second);
    pause(1);
    for (const { port, frame } of lastLeft) {
      if (port !== 'lan' || frame[23] !== 17) continue;
      const mac = Buffer.from(frame.subarray(0, 6)).toString('hex');
      heard.push(`${second}: ${mac} ${tell(frame.subarray(14))} ${answerIn(frame)}`);
    }
  }
  return heard;
}

/** What a payload says: version, opcode, result, seconds, and what is behind them. */
function answerIn(frame: Uint8Array): string {
  const bytes = frame.subarray(42, 14 + ((frame[16] << 8) | frame[17]));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = `v${bytes[0]} op ${bytes[1]} result ${view.getUint16(2)} at ${view.getUint32(4)}`;
  if (bytes.length === 8) return head;
  if (bytes.length === 12) return `${head} P ${bytes.subarray(8, 12).join('.')}`;
  if (bytes.length !== 16) throw new Error(`an answer of ${bytes.length} bytes`);
  return `${head} ${view.getUint16(8)} by ${view.getUint16(10)} for ${view.getUint32(12)}`;
}

/** Sends bytes to R:5351, or elsewhere. @returns the one answer, or what was dropped: empty */
export function ask(bytes: number[], from = 'C:50000', to = 'R:5351'): string {
  lan(udp(from, to, { data: Uint8Array.from(bytes) }));
  const answers = lastLeft.filter(({ port, frame }) => port === 'lan' && frame[23] === 17);
  if (answers.length > 1) throw new Error(`${answers.length} answers`);
  return answers.map(({ frame }) => answerIn(frame)).join();
}

/** A request for the public address. */
export const askAddress = () => ask([0, 0]);

/** A request for a mapping. @returns the answer */
export function map(proto: 'udp' | 'tcp', inner: number, outer: number, life: number, host = 'C'): string {
  const half = (value: number) => [value >> 8, value & 255];
  return ask(
    [0, proto === 'udp' ? 1 : 2, 0, 0, ...half(inner), ...half(outer), ...half(life >>> 16), ...half(life)],
    `${host}:50000`,
  );
}

/** The public port in an answer to a request for a mapping. */
export const portIn = (answer: string) => Number(/ by (\d+) /.exec(answer)?.[1]);
