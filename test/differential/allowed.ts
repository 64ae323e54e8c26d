/**
 * The differences from Linux that are meant: a row of the requirements each, the sentence that
 * docs/differences-from-linux.md shows, and a predicate as narrow as it can be. Data only; where one row has two
 * unlike cases, words behind its id tell them apart.
 */
import {
  earlyPieces,
  isKnockAtSharedPort,
  isPortWantedTwice,
  isTcpAfterOdd,
  knows,
  looseName,
  oddOf,
  onlyFirmwarePassed,
  onlyLine,
  onlyLinuxPassed,
  passedWhole,
  sameBut,
  silent,
  wasSentWrong,
  words,
  type Difference,
} from './difference.ts';
import { FORWARDS } from './network.ts';

export interface Allowed {
  id: string;
  sentence: string;
  allows: (difference: Difference) => boolean;
}

/** Whom a packet reaches, and by which port. */
const mapping: readonly Allowed[] = [
  {
    id: '4787-3',
    sentence:
      'Two LAN hosts use one port or one ping id. The firmware gives each a public one of its own, whomever they talk to (also RFC 5382 REQ-7 and RFC 5508 REQ-1a). Linux lets them share it while their peers differ, so one endpoint may have several (against RFC 4787 REQ-1).',
    allows: (one) => (one.kind === 'ports' && isPortWantedTwice(one)) || isKnockAtSharedPort(one),
  },
  {
    id: '4787-8',
    sentence:
      'A host of the Internet sends to a mapping from another port than the one it was asked at. The firmware filters by address and lets it in; Linux filters by address and port.',
    allows: (one) => one.step.do === 'knock' && knows(one, one.step.from) && onlyFirmwarePassed(one),
  },
  {
    id: '6056-rng',
    sentence:
      'The firmware gives no port of a forward to a dynamic mapping; Linux does, as long as the peers differ.',
    allows: (one) =>
      (one.kind === 'ports' || one.step.do === 'knock') &&
      one.flows.some(
        ({ spec, client }) =>
          spec.proto === one.flow?.spec.proto &&
          spec.route !== 'in' &&
          FORWARDS.some(({ proto, port }) => proto === spec.proto && port === client.port),
      ),
  },
  {
    id: 'hp-7',
    sentence:
      'From the LAN to the public port of a dynamic mapping. The firmware turns the packet round to the host that has it; Linux refuses, because only its forwards hairpin.',
    allows: (one) =>
      one.step.do === 'knock' &&
      one.linux.side === 'lan' &&
      onlyLine(one.linux, /: (icmp 3\/3 P|tcp P:# > [SCD]:\d+ RA) /) &&
      onlyLine(one.firmware, /^lan to [SCD]: (udp|tcp) P:# > .* ttl 63, id kept/),
  },
  {
    id: 'hp-5',
    sentence:
      'A host asks P from the very port on which it serves, so both directions of its connection to itself have one tuple. Linux takes the answers for questions and drops what comes then; the firmware passes it.',
    allows: (one) =>
      one.flow !== null &&
      one.flow.client.address === one.flow.server.address &&
      one.flow.client.port === one.flow.server.port &&
      onlyFirmwarePassed(one),
  },
];

/** Segments that fit no connection. */
const tcp: readonly Allowed[] = [
  {
    id: '9-2',
    sentence:
      'A reset outside the window is dropped by Linux, and one while a connection opens ends its entry. The firmware remembers no sequence numbers: it passes every reset on, and none ends a flow.',
    allows: (one) =>
      onlyFirmwarePassed(one) && (/^reset/.test(oddOf(one)) || (one.step.do === 'error' && one.oddBefore)),
  },
  {
    id: '9-3',
    sentence:
      'A segment outside the window, or one that does not fit the state of the connection, is invalid to Linux and dropped, and so may be what follows it. The firmware keeps neither windows nor order; the ends reject it.',
    allows: (one) =>
      onlyFirmwarePassed(one) &&
      (/^(data|acknowledgement|syn from|syn again)/.test(oddOf(one)) || isTcpAfterOdd(one)),
  },
  {
    id: '9-6 from the Internet',
    sentence:
      'To a forward without a connection, Linux passes an ACK as if it had missed the beginning; the firmware wants a SYN.',
    allows: (one) =>
      one.linux.side === 'wan' &&
      onlyLinuxPassed(one) &&
      (/WAN: ACK without a connection/.test(looseName(one)) ||
        (one.fresh && /^(data|acknowledgement)/.test(oddOf(one)))),
  },
  {
    id: '9-6 from the LAN',
    sentence:
      'A FIN that belongs to no connection is invalid to Linux and dropped; the firmware treats every segment but a reset alike: it picks it up, or refuses it.',
    allows: (one) => /LAN: FIN and ACK/.test(looseName(one)) && silent(one.linux),
  },
  {
    id: '9-7 FIN alone',
    sentence:
      'Linux holds a FIN without ACK for an illegal set of flags and drops it. The firmware drops those that no host can mean: none at all, SYN with FIN, SYN with RST.',
    allows: (one) =>
      (oddOf(one) === 'fin alone' || /LAN: FIN alone/.test(looseName(one))) && silent(one.linux),
  },
  {
    id: '9-7 no flag',
    sentence:
      'A segment without any flag, in a settled connection: the fast path looks for SYN, FIN, RST and URG and passes it; Linux drops it.',
    allows: (one) => oddOf(one) === 'no flags' && onlyFirmwarePassed(one),
  },
  {
    id: '1071-odd',
    sentence:
      'Lowering an MSS option that lies at an odd offset, nftables leaves the TCP checksum wrong, and the connection never opens. The firmware swaps the bytes of the difference.',
    allows: (one) =>
      one.flow?.spec.oddOptions === true &&
      sameBut(one, /, CHECKSUM OFF BY [0-9a-f]+/g) &&
      words(one.firmware).every((line) => line.includes('CHECKSUM') === wasSentWrong(one)),
  },
];

/** Datagrams in pieces. */
const pieces: readonly Allowed[] = [
  {
    id: 'fr-3',
    sentence:
      'Of pieces that come before the first, the firmware holds three and loses the others; Linux holds whole datagrams.',
    allows: (one) => earlyPieces(one) > 3 && silent(one.firmware) && passedWhole(one.linux),
  },
  {
    id: 'fr-5',
    sentence:
      'A first piece that ends within its TCP header is dropped by the firmware, as RFC 1858 and RFC 3128 advise; Linux puts the datagram together before it looks.',
    allows: (one) =>
      one.step.do === 'pieces' &&
      one.step.fault === 'tiny first' &&
      one.flow?.spec.proto === 'tcp' &&
      silent(one.firmware) &&
      passedWhole(one.linux),
  },
  {
    id: 'fr-9',
    sentence:
      'Overlapping pieces: Linux throws the datagram away when it puts it together. The firmware passes pieces on, and the receiver decides by the order in which they come.',
    allows: (one) =>
      one.step.do === 'pieces' &&
      one.step.fault === 'overlapping' &&
      silent(one.linux) &&
      passedWhole(one.firmware),
  },
];

/** ICMP, other people's and the router's own. */
const icmp: readonly Allowed[] = [
  {
    id: '5508-3a',
    sentence:
      'Linux translates an ICMP error although the header it quotes has a wrong checksum; the firmware drops it.',
    allows: (one) =>
      one.step.do === 'error' &&
      one.step.fault === 'quoted IP checksum' &&
      silent(one.firmware) &&
      onlyLine(one.linux, /QUOTED IP CHECKSUM WRONG/),
  },
  {
    id: '5508-10c',
    sentence: 'Linux translates source quench, which RFC 6633 has abolished; the firmware drops it.',
    allows: (one) =>
      one.step.do === 'error' &&
      one.step.kind[0] === 4 &&
      silent(one.firmware) &&
      onlyLine(one.linux, /: icmp 4\/0 /),
  },
  {
    id: '6918',
    sentence:
      'Linux passes information and mask requests, which RFC 6918 has declared dead; the firmware drops them.',
    allows: (one) => /LAN: ICMP type (15|17) to I/.test(looseName(one)) && onlyLinuxPassed(one),
  },
  {
    id: '1812-4.3.2.4',
    sentence:
      'Time exceeded around the hairpin: the firmware answers from R, the address of the port by which the error leaves, Linux from P, which was asked.',
    allows: (one) =>
      one.linux.side === 'lan' &&
      onlyLine(one.linux, / icmp 11\/0 P > /) &&
      sameBut(one, / icmp 11\/0 [PR] > |, tos \d+/g),
  },
  {
    id: '1812-4.3.2.5',
    sentence:
      'Type of service of the errors a router makes: the firmware says precedence 6 and nothing else, Linux adds bits of the packet it complains about.',
    allows: (one) =>
      onlyLine(one.linux, / icmp (3|11)\/\d+ [PR] > /) &&
      onlyLine(one.firmware, /, tos 192, by the router/) &&
      sameBut(one, /, tos \d+/g),
  },
  {
    id: '1812-4.3.3.6',
    sentence:
      'The firmware turns an echo request into its answer with all it has, IP options that mean nothing included; Linux answers without them.',
    allows: (one) => /ping of [PR] with options/.test(looseName(one)) && sameBut(one, /, options 01010100/g),
  },
  {
    id: 'other protocols',
    sentence:
      'To a protocol other than TCP, UDP and ICMP the firmware answers 3/13 on the LAN side; Linux translates it, or answers 3/2 when it is the one that was asked.',
    allows: (one) =>
      /LAN: protocol \d+ to/.test(looseName(one)) &&
      words(one.firmware).every((line) => / icmp 3\/13 R > /.test(line)),
  },
];

/** Headers and addresses. */
const headers: readonly Allowed[] = [
  {
    id: '1812-5.3.7',
    sentence: 'Linux routes to and from 240.0.0.0/4 and to 0.0.0.0/8; to the firmware they are martians.',
    allows: (one) => /(LAN: to|WAN: source) (240|0\.)/.test(looseName(one)) && silent(one.firmware),
  },
  {
    id: '1812-5.3.4',
    sentence:
      'Linux answers a ping of its own address that came in an Ethernet broadcast; the firmware drops it, as RFC 1122 section 3.3.6 asks.',
    allows: (one) =>
      /a ping of R in an Ethernet broadcast/.test(looseName(one)) &&
      silent(one.firmware) &&
      onlyLine(one.linux, /: pong R > C /),
  },
  {
    id: '1812-5.3.13/4.2.2.1 stamps',
    sentence:
      'Linux writes its address into a record route or timestamp option; the firmware passes such options on as they are.',
    allows: (one) => /record route|timestamp/.test(looseName(one)) && sameBut(one, /options [0-9a-f]+/g),
  },
  {
    id: '1812-5.3.13/4.2.2.1 broken',
    sentence: 'To a packet with broken IP options Linux answers parameter problem; the firmware drops it.',
    allows: (one) =>
      /broken option/.test(looseName(one)) && silent(one.firmware) && onlyLine(one.linux, /: icmp 12\/0 /),
  },
  {
    id: 'e2e',
    sentence:
      'A UDP length that does not fit its packet is dropped by Linux; to the firmware it is the business of the receiver, as a wrong transport checksum is.',
    allows: (one) => /UDP length beyond/.test(looseName(one)) && onlyFirmwarePassed(one),
  },
];

export const ALLOWED: readonly Allowed[] = [...mapping, ...tcp, ...pieces, ...icmp, ...headers];
