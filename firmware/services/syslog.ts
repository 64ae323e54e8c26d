/**
 * The log by syslog to one host of the LAN: RFC 5424 messages, one a datagram (RFC 5426). May touch: the log's columns,
 * the outbox. Must not: note an event, so that what goes wrong with sending never causes more to send.
 *
 * What cannot be sent yet, because the host does not answer ARP or the cable is out, waits in the log's ring. The router
 * has no clock: the timestamp is "-", and sysUpTime, in the registered element `meta`, says when it happened; sequenceId
 * there tells a message that was lost on the way.
 */
import {
  eventCode,
  eventLasted,
  eventLog,
  eventSecond,
  eventSent,
  eventSlots,
  eventTimes,
  eventValue,
  linkLan,
  logLost,
  logNext,
  logNow,
  logSequence,
  logUnsent,
  neighbourState,
  outSlots,
  served,
  switches,
  syslogHost,
} from '../layout/arena.ts';
import { entriesLost } from '../layout/events.ts';
import { lanAddress, lanAddressOf } from '../control/addresses.ts';
import { reachable, unused } from '../control/hops.ts';
import { askAnew, hopFor } from '../control/neighbours.ts';
import { outCount } from '../control/outbox.ts';
import { payloadAt, postDatagram, startDatagram } from './datagrams.ts';
import { valueOf, wordsOf } from './event-text.ts';
import { foldSeconds } from './log.ts';

/** RFC 5426 section 3.3. */
const syslogPort = 514;
/** Facility 3, system daemons (RFC 5424 table 1), in the place that PRI has for it. */
const daemons = 3 * 8;
/** Messages sent in a second, and places of the outbox that are left to others. */
const messagesPerSecond = 2;
const reserve = 3;
/** A message about repetition waits until an event has come so many times as often as was told, or comes no more. */
const growth = 4;
/** TimeTicks, hundredths of seconds, have 32 bits (RFC 3418 sysUpTime): seconds until they begin anew. */
const tickSeconds = 42949672;

/**
 * Whether there may be something to send, and a cable to send it by.
 * @inline
 */
export function syslogIsDue(): boolean {
  return eventLog[logUnsent] && served[syslogHost] && switches[linkLan] ? true : false;
}

/**
 * Sends what is due, as soon as the host is known by ARP.
 * @overlay
 */
export function sendLog(): void {
  const hop = hopFor(lanAddressOf(served[syslogHost]));
  if (neighbourState[hop] == unused) askAnew(hop);
  if (neighbourState[hop] == reachable) sendDue(hop);
}

function sendDue(hop: number): void {
  let room = Math.min(messagesPerSecond, outSlots - reserve - outCount);
  if (
    eventLog[logLost] &&
    room > 0 &&
    sendMessage(hop, entriesLost, eventLog[logLost], eventLog[logNow], '')
  ) {
    eventLog[logLost] = 0;
    room--;
  }
  const end = eventLog[logNext];
  let unsent = 0;
  for (let n = Math.max(0, end - eventSlots); n < end; n++) {
    const at = n % eventSlots;
    if (eventTimes[at] == eventSent[at]) continue;
    if (mustWait(at) || room <= 0 || !sendEntry(hop, at)) unsent = 1;
    else room--;
  }
  eventLog[logUnsent] = unsent;
}

/** Whether an entry that was told already may still be added to, and has not changed very much. */
function mustWait(at: number): boolean {
  return eventLog[logNow] - eventSecond[at] < foldSeconds && eventTimes[at] < growth * eventSent[at];
}

function sendEntry(hop: number, at: number): boolean {
  const times = eventTimes[at];
  const repeats = times > 1 ? ', ' + times + ' times in ' + eventLasted[at] + ' s' : '';
  const sent = sendMessage(hop, eventCode[at], eventValue[at], eventSecond[at], repeats);
  if (sent) eventSent[at] = times;
  return sent;
}

/** Sends one message. @returns false when the outbox is full */
function sendMessage(hop: number, code: number, value: number, second: number, more: string): boolean {
  const words = wordsOf(code);
  const shown = valueOf(words[2], value);
  const text =
    '<' +
    (daemons + Number(words[1])) +
    '>1 - hairpin hairpin - ' +
    words[0] +
    ' [meta sequenceId="' +
    (eventLog[logSequence] + 1) +
    '" sysUpTime="' +
    (second % tickSeconds) * 100 +
    '"] ' +
    words[0].split('-').join(' ') +
    (shown === null ? '' : ': ' + shown) +
    more;
  const to = lanAddressOf(served[syslogHost]);
  const datagram = startDatagram(lanAddress, to, syslogPort, syslogPort, text.length);
  if (!datagram) return false;
  for (let i = 0; i < text.length; i++) datagram[payloadAt + i] = text.charCodeAt(i);
  postDatagram(datagram, text.length, hop);
  eventLog[logSequence]++;
  return true;
}
