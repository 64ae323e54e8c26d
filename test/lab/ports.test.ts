/* The Ethernet ports, against a real kernel that leaves work to cards which are not there. */
import type { Features } from '../../host-tools/lab/kernel/offloads.ts';
import type { PortReport } from '../../host-tools/lab/kernel/port-report.ts';
import { inside, kernelTest } from './in-namespace.ts';

/** The sum of 16-bit words over `bytes`, folded; ffff means the checksum within is right. */
function sumOf(bytes: Uint8Array, sum: number): number {
  for (let at = 0; at < bytes.length; at++) sum += at % 2 ? bytes[at] : bytes[at] << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** Verifies a UDP frame's checksum from the bytes, pseudo-header and all. */
function udpChecksumRight(frame: Uint8Array): boolean {
  const length = (frame[38] << 8) | frame[39];
  return sumOf(frame.subarray(34, 34 + length), sumOf(frame.subarray(26, 34), 17 + length)) === 0xffff;
}

kernelTest('a port completes checksums, pads, and drops and names what no wire carries', async (t) => {
  type Answer = { frames: string[]; counters: PortReport; promiscuity: number[] };
  const { frames, counters, promiscuity } = await inside<Answer>('port-program');
  t.deepEqual(
    frames.map((frame) => frame.length / 2),
    [60, 1042],
  );
  for (const frame of frames) t.true(udpChecksumRight(Buffer.from(frame, 'hex')), frame.slice(0, 100));
  // 42 bytes of headers and 5 of payload; the padding is zeros, whatever the buffer held.
  t.regex(frames[0], /^.{94}0{26}$/);
  t.is(counters.completed, 2);
  t.is(counters.oversized, 2);
  t.regex(counters.oversizedExample, /segmentation|^a UDP frame of 6042 bytes from 192.0.2.1 to 192.0.2.2$/);
  t.deepEqual(promiscuity, [0, 1, 0]);
});

kernelTest(
  'interfaces the router cannot have are refused with the reason; offloads come back exactly',
  async (t) => {
    type Answer = {
      verdicts: Record<string, string>;
      features: {
        offloaded: Features;
        during: Features;
        after: Features;
        restored: boolean;
        right: Features;
      };
    };
    const { verdicts, features } = await inside<Answer>('interface-program');
    t.regex(verdicts.missing, /There is no interface 'left'/);
    t.regex(verdicts.down, /'left' is down/);
    t.is(verdicts.up, 'accepted');
    t.regex(verdicts.addressed, /has the address 192.0.2.1: this machine would answer/);
    t.regex(verdicts.labelled, /has the address 192.0.2.2/);
    t.regex(verdicts.small, /MTU of 1400/);
    t.regex(verdicts.loopback, /not an Ethernet interface/);
    t.true(features.restored);
    t.notDeepEqual(features.during, features.offloaded);
    t.deepEqual(features.after, features.offloaded);
    t.notDeepEqual(features.right.requested, features.after.requested);
  },
);
