/*
 * Captures put through the firmware: what is put in and on which side, what is listed only, and that time passes as in
 * the file. What a reader sees of one is golden/capture.txt; UPDATE_GOLDEN=1 writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { readCapture, type CaptureFile } from '../../host-tools/capture/capture.ts';
import { explainCapture, type ExplainedPacket } from '../../host-tools/explain/capture-run.ts';
import { captureReport, countsOf, remarkOn, tellCapture } from '../../host-tools/explain/capture-tell.ts';
import type { Side } from '../../host-tools/explain/network.ts';
import {
  arpFrame,
  broadcastMac,
  icmpEcho,
  ipFrame,
  protocols,
  tcpPayload,
  udpPayload,
} from '../../host-tools/lab/scripted/frames.ts';
import { pcapFile, type FilePacket } from '../capture/files.ts';
import { askedRouter } from './asked.ts';

const [someMac, otherMac] = ['08:00:27:00:00:01', '08:00:27:00:00:02'];

function ip(source: string, target: string, protocol: number, payload: Uint8Array): Uint8Array {
  return ipFrame(someMac, otherMac, { source, target, protocol, ttl: 64, identification: 1 }, payload);
}

function tcp(
  source: string,
  sourcePort: number,
  target: string,
  targetPort: number,
  flags: number,
): Uint8Array {
  const segment = { sourcePort, targetPort, sequence: 1, acknowledgement: 2, flags, window: 1000 };
  return ip(
    source,
    target,
    protocols.tcp,
    tcpPayload(source, target, { ...segment, data: new Uint8Array(0) }),
  );
}

function udp(source: string, sourcePort: number, target: string, targetPort: number, bytes = 4): Uint8Array {
  const payload = udpPayload(source, target, sourcePort, targetPort, new Uint8Array(bytes));
  return ip(source, target, protocols.udp, payload);
}

const [syn, synAck] = [2, 18];

/** Frames at these seconds, as a pcap file that has been read. */
function captureOf(frames: [seconds: number, frame: Uint8Array, more?: Partial<FilePacket>][]): CaptureFile {
  const packets = frames.map(([seconds, bytes, more]) => ({
    ticks: BigInt(Math.round(seconds * 1e6)) + 1_700_000_000_000_000n,
    bytes,
    ...more,
  }));
  return readCapture(pcapFile(packets)) as CaptureFile;
}

const mixed = captureOf([
  [0, tcp('192.168.0.3', 33333, '12.0.0.1', 25, syn)],
  [0.0001, tcp('12.0.0.1', 33333, '192.168.0.2', 25, syn)],
  [0.0002, tcp('192.168.0.2', 25, '12.0.0.1', 33333, synAck)],
  [0.0003, arpFrame({ mac: someMac, address: '192.168.0.3' }, broadcastMac, '192.168.0.1')],
  [0.5, tcp('192.168.0.3', 40000, '192.168.0.2', 80, syn)],
  [1, tcp('198.51.100.10', 44444, '12.0.0.1', 26, syn)],
  [1.25, tcp('192.168.0.3', 33335, '12.0.0.1', 26, syn)],
  [1.5, ip('192.168.0.3', '12.0.0.1', protocols.icmp, icmpEcho(false, 7, 1, new Uint8Array(8)))],
  [1.75, ip('198.51.100.10', '192.168.0.3', protocols.icmp, icmpEcho(true, 7, 1, new Uint8Array(8)))],
  [2, udp('192.168.0.3', 5000, '198.51.100.10', 53, 400).slice(0, 90), { length: 442 }],
  [2.5, udp('192.168.0.3', 5000, '198.51.100.10', 53, 2000)],
  [3, laterFragment(udp('192.168.0.3', 5000, '198.51.100.10', 53))],
  [3.5, ip('192.168.0.3', '198.51.100.10', 47, new Uint8Array(20))],
  [4, ip('192.168.0.3', '198.51.100.10', 17, new Uint8Array(20)).slice(0, 30), { length: 60 }],
]);

function laterFragment(frame: Uint8Array): Uint8Array {
  frame[14 + 6] = 0;
  frame[14 + 7] = 100;
  return ipChecksumMade(frame);
}

function ipChecksumMade(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, 14, 20);
  view.setUint16(10, 0);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  view.setUint16(10, 0xffff - sum);
  return frame;
}

async function explained(
  file: CaptureFile,
  on?: Side,
): Promise<{ packets: ExplainedPacket[]; told: string; report: object }> {
  const { router, network, config } = await askedRouter();
  const packets = explainCapture(file, router, network, config, on);
  return {
    packets,
    told: tellCapture(packets, network) + '\n',
    report: captureReport('some.pcap', file, packets, network, []),
  };
}

test('every packet has a line, and what the router made of it', async (t) => {
  const { told } = await explained(mixed);
  const golden = new URL('./golden/capture.txt', import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, told);
  t.is(told, readFileSync(golden, 'utf8'));
});

test('what would never come to this router is listed and not put in', async (t) => {
  const { packets } = await explained(mixed);
  t.deepEqual(
    packets.flatMap(({ number, aside }) => (aside ? [[number, aside]] : [])),
    [
      [2, 'from-the-router'],
      [4, 'not-ipv4'],
      [5, 'neighbours'],
      [9, 'from-the-router'],
      [14, 'too-short'],
    ],
  );
  t.deepEqual(countsOf(packets), { packets: 14, passed: 4, dropped: 5, aside: 5, strays: 0 });
});

test('an answer in the file meets the flow that its question made', async (t) => {
  const { packets } = await explained(mixed);
  t.like(packets[2].decision, { side: 'lan', reason: 'forwarded-slow' });
  t.like(packets[2].decision!.lookup, { kind: 'flow', flow: { direction: 'reply' } });
});

test('a piece goes the way of the first one, and is held when it comes before', async (t) => {
  const whole = udp('192.168.0.3', 5000, '198.51.100.10', 53, 1400);
  const piece = (id: number, field: number, bytes: number) => {
    const frame = whole.slice(0, bytes);
    new DataView(frame.buffer).setUint32(18, id * 65536 + field);
    new DataView(frame.buffer).setUint16(16, bytes - 14);
    return ipChecksumMade(frame);
  };
  const file = captureOf([
    [0, piece(1, 0x2000, 1434)],
    [0.001, piece(1, 175, 100)],
    [0.002, piece(2, 175, 100)],
    [0.003, piece(2, 0x2000, 1434)],
  ]);
  const { packets } = await explained(file);
  t.deepEqual(
    packets.map(({ decision }) => [decision!.reason, decision!.lookup.kind, decision!.egress?.side]),
    [
      ['forwarded-slow', 'outbound', 'wan'],
      ['forwarded-slow', 'plain', 'wan'],
      ['held-fragment', 'none', undefined],
      ['forwarded-slow', 'flow', 'wan'],
    ],
  );
  t.regex(packets[1].decision!.lookup.sentence, /first piece/);
  t.deepEqual(packets[1].decision!.rewriting, [
    { field: 'source', before: '192.168.0.3', after: '12.0.0.1' },
    { field: 'TTL', before: '64', after: '63' },
  ]);
});

test('a settled flow is carried by the fast path, and its rewriting is told all the same', async (t) => {
  const ends = ['192.168.0.3', 33333, '12.0.0.1', 25] as const;
  const file = captureOf([
    [0, tcp(...ends, syn)],
    [0.001, tcp('192.168.0.2', 25, '12.0.0.1', 33333, synAck)],
    [0.002, tcp(...ends, 16)],
    [0.003, tcp(...ends, 16)],
  ]);
  const { packets } = await explained(file);
  t.is(packets[3].decision!.reason, 'forwarded-fast');
  t.is(packets[3].decision!.lookup.kind, 'flow');
  t.deepEqual(packets[3].decision!.rewriting[0], {
    field: 'source',
    before: '192.168.0.3:33333',
    after: '12.0.0.1:33333',
  });
});

test('an answer that went past the captured router is found and said, whatever router that was', async (t) => {
  const file = captureOf([
    [0, tcp('192.168.0.3', 33333, '12.0.0.1', 25, syn)],
    [0.001, tcp('192.168.0.2', 25, '192.168.0.3', 33333, synAck)],
    [0.002, tcp('192.168.0.3', 33333, '192.168.0.2', 25, 4)],
    [1, udp('192.168.0.3', 4000, '12.0.0.1', 5000)],
    [1.001, udp('192.168.0.2', 5000, '192.168.0.3', 4000)],
    [2, tcp('192.168.0.2', 80, '192.168.0.3', 40000, synAck)],
    [3, tcp('192.168.0.3', 33333, '12.0.0.1', 25, 16)],
    [3.1, tcp('12.0.0.1', 25, '192.168.0.3', 33333, synAck)],
  ]);
  const { packets, told } = await explained(file);
  t.deepEqual(
    packets.flatMap(({ number, strayFrom }) => (strayFrom ? [[number, strayFrom]] : [])),
    [
      [2, '12.0.0.1:25'],
      [5, '12.0.0.1:5000'],
    ],
  );
  t.regex(
    told.replace(/\n +/g, ' '),
    /But 192\.168\.0\.3 had asked 12\.0\.0\.1:25: this answer went past the router/,
  );
  t.regex(told, /^Answers that went past the captured router: 2\. .*$/m);
});

test('--on puts everything in on that side', async (t) => {
  const { packets } = await explained(mixed, 'wan');
  t.is(packets[4].decision!.side, 'wan');
  t.is(packets[4].decision!.reason, 'drop-wrong-side');
  t.is(packets[3].aside, 'not-ipv4');
});

test('time passes as in the file: a mapping outlives a short pause and not a long one', async (t) => {
  const after = async (seconds: number): Promise<string[]> => {
    const file = captureOf([
      [0, udp('192.168.0.3', 4000, '198.51.100.10', 53)],
      [seconds, udp('198.51.100.10', 53, '12.0.0.1', 4000)],
    ]);
    const { reason, lookup } = (await explained(file)).packets[1].decision!;
    return [reason, lookup.kind];
  };
  t.deepEqual(await after(100), ['forwarded-slow', 'flow']);
  t.deepEqual(await after(400), ['drop-no-forward', 'none']);
});

test('packets that are no Ethernet are listed with their link type', async (t) => {
  const file = readCapture(
    pcapFile([{ ticks: 0n, bytes: new Uint8Array(40) }], { linkType: 101 }),
  ) as CaptureFile;
  const { packets, told } = await explained(file);
  t.is(packets[0].aside, 'not-ethernet');
  t.regex(told, /not an Ethernet frame \(link type 101\)/);
});

test('the report holds every packet and is plain JSON', async (t) => {
  const { report, packets } = await explained(mixed);
  const read = JSON.parse(JSON.stringify(report)) as { captured: Record<string, unknown>[] };
  t.like(read, { schema: 'hairpin.explain/1', file: 'some.pcap', format: 'pcap', packets: 14, damage: null });
  t.is(read.captured.length, 14);
  t.like(read.captured[0], {
    number: 1,
    seconds: 0,
    source: '192.168.0.3:33333',
    target: '12.0.0.1:25',
    what: 'TCP SYN',
    aside: null,
    router: { reason: 'forwarded-slow', lookup: { forward: 'smtp' } },
  });
  const { network } = await askedRouter();
  t.is(read.captured[5].sentence, remarkOn(packets[5], network));
});
