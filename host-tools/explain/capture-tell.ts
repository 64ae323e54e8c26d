/*
 * A capture that was put through the router, in words: one line for each packet and one below it for what the router
 * made of it; the same sentence as a comment for the capture file; and all of it as an object. Pure.
 */
import type { CaptureFile } from '../capture/capture.ts';
import type { Aside, ExplainedPacket } from './capture-run.ts';
import type { Decision } from './decision.ts';
import type { Network, Side } from './network.ts';
import { isTransport, sourceText, targetText, whatText } from './packet-words.ts';
import { explainSchema } from './report.ts';
import { wrapped } from './tell.ts';

const sideNames: Record<Side, string> = { wan: 'WAN', lan: 'LAN' };

/** What became of the packets of a file. */
export interface Counts {
  packets: number;
  /** Sent on, or answered by the router itself. */
  passed: number;
  dropped: number;
  /** Not put in. */
  aside: number;
  /** Answers that went past the captured router: the mistake. */
  strays: number;
}

export function countsOf(explained: readonly ExplainedPacket[]): Counts {
  const put = explained.filter(({ decision }) => decision !== null);
  const passed = put.filter(({ decision }) => hasPassed(decision!)).length;
  return {
    packets: explained.length,
    passed,
    dropped: put.length - passed,
    aside: explained.length - put.length,
    strays: explained.filter(({ strayFrom }) => strayFrom !== null).length,
  };
}

function hasPassed({ egress, reason }: Decision): boolean {
  return egress !== null || reason === 'answered-echo';
}

/** All packets, then what it comes to. */
export function tellCapture(explained: readonly ExplainedPacket[], network: Network): string {
  const width = String(explained.length).length;
  const lines = explained.flatMap((packet) => {
    const time = packet.seconds === null ? '-' : packet.seconds.toFixed(6);
    const side = packet.decision ? sideNames[packet.decision.side] : '---';
    const head = `${String(packet.number).padStart(width)}  ${time.padStart(10)}  ${side}  ${endsOf(packet)}`;
    return [head, ...wrapped(remarkOn(packet, network), width + 19)];
  });
  return [...lines, '', ...summary(countsOf(explained))].join('\n');
}

/** "192.168.0.3:33333 > 12.0.0.1:25, TCP SYN" */
function endsOf({ packet, addresses, captured }: ExplainedPacket): string {
  if (isTransport(packet)) return `${sourceText(packet)} > ${targetText(packet)}, ${whatText(packet)}`;
  if (addresses) return `${addresses.source} > ${addresses.target}, IPv4, ${captured.length} bytes`;
  return `${packet.kind === 'arp' ? 'ARP, ' : ''}${captured.length} bytes`;
}

/** What the router made of a packet, or why it was not asked, as one or two sentences. */
export function remarkOn(explained: ExplainedPacket, network: Network): string {
  const { decision, aside } = explained;
  if (!decision) return asideSentence(aside!, explained, network) + straySentence(explained);
  const told = decision.answers.map(({ what, target }) => ` ${target} is told by ${what}.`).join('');
  return decisionSentence(decision) + told + cutSentence(explained) + straySentence(explained);
}

/** What became of a packet that did not go on, where it was not dropped. */
const unsent: Record<string, string> = { 'answered-echo': 'Answered', 'held-fragment': 'Held' };

function decisionSentence({ reason, sentence, lookup, rewriting, egress }: Decision): string {
  if (!egress) return `${unsent[reason] ?? 'Dropped'}: ${sentence} (${reason})`;
  const changes = rewriting.map(({ field, before, after }) => `${field} ${before} -> ${after}`).join(', ');
  const found = lookup.sentence.charAt(0).toUpperCase() + lookup.sentence.slice(1);
  return `${found}. Rewritten: ${changes || 'nothing'}. Out on the ${sideNames[egress.side]} side to ${egress.nextHop}.`;
}

function straySentence({ strayFrom, packet }: ExplainedPacket): string {
  if (strayFrom === null || !isTransport(packet)) return '';
  return ` But ${packet.target} had asked ${strayFrom}: this answer went past the router that was captured.`;
}

function cutSentence({ captured: { bytes, length } }: ExplainedPacket): string {
  if (bytes.length >= length) return '';
  return ` Only ${bytes.length} of its ${length} bytes were captured; the rest was put in as zeros.`;
}

function asideSentence(
  aside: Aside,
  { packet, captured, addresses }: ExplainedPacket,
  network: Network,
): string {
  const sentences: Record<Aside, string> = {
    'not-ethernet': `Not put in: it is not an Ethernet frame (link type ${captured.linkType}).`,
    'too-short': `Not put in: only ${captured.bytes.length} bytes of it were captured, too few for its headers.`,
    'not-ipv4': `Not put in: it is not IPv4 (${packet.kind === 'arp' ? 'ARP' : whatText(packet)}).`,
    neighbours: 'Not put in: both hosts are on one network and talk directly; the router never sees it.',
    'from-the-router': `Not put in: it comes from the captured router itself (${
      addresses && [network.publicAddress, network.lanAddress].includes(addresses.source)
        ? `its source is ${addresses.source}`
        : 'it is already translated'
    }). --on puts it in all the same.`,
  };
  return sentences[aside];
}

function summary({ packets, passed, dropped, aside, strays }: Counts): string[] {
  const count = packets === 1 ? '1 packet' : `${packets} packets`;
  const counts = `${count}: ${passed} passed or answered, ${dropped} dropped, ${aside} not put in.`;
  if (strays === 0) return [counts];
  const mistake = `Answers that went past the captured router: ${strays}. It replaces the destination and not the source; docs/why-dnat-fails-from-the-lan.md tells what to do.`;
  return [counts, ...wrapped(mistake, 0)];
}

/** The object behind --json. */
export function captureReport(
  name: string,
  file: CaptureFile,
  explained: readonly ExplainedPacket[],
  network: Network,
  warnings: readonly string[],
): object {
  return {
    schema: explainSchema,
    file: name,
    format: file.format,
    ...countsOf(explained),
    damage: file.damage,
    captured: explained.map((entry) => ({
      number: entry.number,
      seconds: entry.seconds,
      length: entry.captured.length,
      capturedLength: entry.captured.bytes.length,
      source: sourceText(entry.packet) || (entry.addresses?.source ?? null),
      target: targetText(entry.packet) || (entry.addresses?.target ?? null),
      what: isTransport(entry.packet) ? whatText(entry.packet) : null,
      aside: entry.aside,
      strayFrom: entry.strayFrom,
      sentence: remarkOn(entry, network),
      router: entry.decision,
    })),
    warnings,
  };
}
