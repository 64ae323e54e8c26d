/*
 * Whatever is asked is answered: packets as random texts, and captures with random damage. The seed is fixed; fast-check
 * prints it with the smallest case when a property fails.
 */
import test from 'ava';
import fc from 'fast-check';
import { annotated } from '../../host-tools/capture/annotate.ts';
import { readCapture, type CaptureFile } from '../../host-tools/capture/capture.ts';
import { UserError } from '../../host-tools/cli/user-error.ts';
import { explainCapture } from '../../host-tools/explain/capture-run.ts';
import { tellCapture } from '../../host-tools/explain/capture-tell.ts';
import type { Conversation } from '../../host-tools/explain/conversation.ts';
import { packetText, parsePacket } from '../../host-tools/explain/packet-text.ts';
import { conversationPicture } from '../../host-tools/explain/picture.ts';
import { namedReasons } from '../../host-tools/explain/reasons.ts';
import { tellConversation } from '../../host-tools/explain/tell.ts';
import { verdictOf } from '../../host-tools/explain/verdict.ts';
import { ipFrame } from '../../host-tools/lab/scripted/frames.ts';
import { interfaceBlock, packetBlock, pcapFile, sectionHeader } from '../capture/files.ts';
import { askedRouter, type Asked } from './asked.ts';

const seed = 206;
const byte = fc.integer({ min: 0, max: 255 });
/** Any address, and often one that means something to the router. */
const address = fc.oneof(
  fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.')),
  fc.constantFrom('12.0.0.1', '12.0.0.254', '192.168.0.1', '192.168.0.2', '192.168.0.3', '192.168.0.255'),
  fc.constantFrom('198.51.100.10', '255.255.255.255', '0.0.0.0', '127.0.0.1', '224.0.0.1', '12.0.0.7'),
);
const port = fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(25, 5000));
const packet = fc.oneof(
  fc
    .tuple(fc.constantFrom('tcp', 'udp'), address, port, address, port)
    .map(([protocol, a, p, b, q]) => `${protocol} ${a}:${p} > ${b}:${q}`),
  fc.tuple(address, address).map(([a, b]) => `icmp ${a} > ${b}`),
);
const side = fc.constantFrom<'wan' | 'lan' | undefined>(undefined, 'wan', 'lan');

test('a packet is written as it is read', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(packet, (text) => packetText(parsePacket(text)) === text),
      { seed },
    ),
  );
});

test('any other text is refused by a sentence with its place', (t) => {
  const pieces = fc.constantFrom('tcp', ' ', '>', '1.2.3.4', ':', '25', '.', 'x', '-1', '999', '0');
  const isRead = (text: string): boolean => {
    try {
      return packetText(parsePacket(text)) !== '';
    } catch (error) {
      return error instanceof UserError && /^Packet ".*", column \d+: .*; expected .*\.$/.test(error.message);
    }
  };
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (words) => isRead(words.join(''))),
      { seed, numRuns: 500 },
    ),
  );
});

/** What is wrong with what is said of a conversation; null if nothing is. */
function faultIn(conversation: Conversation, { network, config }: Asked): string | null {
  const { outcome } = verdictOf(conversation);
  if ((outcome === 'works') !== conversation.works) return `${outcome}, but works is ${conversation.works}`;
  const nameless = conversation.legs.find(
    ({ passage }) => passage?.reason && !namedReasons().includes(passage.reason),
  );
  if (nameless) return `no sentence for ${nameless.passage!.reason}`;
  const told = tellConversation(conversation, network, config);
  if (/undefined|NaN|null|does not know/.test(told)) return told;
  try {
    const drawn = conversationPicture(conversation, network);
    return /undefined|NaN|null/.test(drawn) ? drawn : null;
  } catch (error) {
    return error instanceof UserError ? null : String(error);
  }
}

for (const hairpin of ['external', 'dnat-only']) {
  test(`any packet has a story, a verdict and, where it may, a picture: ${hairpin}`, async (t) => {
    const asked = await askedRouter(hairpin);
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(packet, side, (text, on) => {
        const conversation = asked.about(text, on);
        outcomes.add(verdictOf(conversation).outcome);
        const fault = faultIn(conversation, asked);
        if (fault !== null) throw new Error(fault);
      }),
      { seed, numRuns: 300 },
    );
    t.true(outcomes.has('works') && outcomes.has('refused') && outcomes.has('dropped'), [...outcomes].join());
  });
}

test('a capture with random damage is read, told and written without an exception', async (t) => {
  const { router, network, config } = await askedRouter();
  const route = { source: '192.168.0.3', target: '12.0.0.1', protocol: 6, ttl: 64, identification: 1 };
  const frame = ipFrame('08:00:27:00:00:01', '08:00:27:00:00:02', route, new Uint8Array(20));
  const packets = [1n, 2n, 3n].map((ticks) => ({ ticks, bytes: frame }));
  const files = [
    pcapFile(packets),
    Buffer.concat([
      sectionHeader(true),
      interfaceBlock(true, { resolution: 9 }),
      ...packets.map((one) => packetBlock(true, one)),
    ]),
  ];
  let sound = 0;
  const damages = fc.array(fc.tuple(fc.nat(), byte), { maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...files), damages, (file, damage) => {
      const bytes = Uint8Array.from(file);
      for (const [at, value] of damage) bytes[at % bytes.length] = value;
      const read = readCapture(bytes);
      if (typeof read === 'string') return true;
      // Damaged times may be centuries apart, and nobody waits for those here.
      for (const one of read.packets) one.time = null;
      const explained = explainCapture(read, router, network, config, undefined);
      if (/undefined|NaN/.test(tellCapture(explained, network))) return false;
      if (read.damage !== null) return true;
      sound++;
      const comments = explained.map(() => 'said');
      const again = readCapture(annotated(bytes, read, comments)) as CaptureFile;
      return again.damage === null && again.packets.length === read.packets.length;
    }),
    { seed, numRuns: 400 },
  );
  t.true(sound > 50, `${sound} files were sound`);
});
