/**
 * The trace ring: what was received, what was sent, and why, for packets of the fast path and of the slow one.
 */
import test from 'ava';
import { clock, traceSlots } from '../../firmware/layout/arena.ts';
import { setTrace } from '../../firmware/control/trace.ts';
import { type TraceEntry, traceText } from '../../firmware/services/trace-text.ts';
import { icmpError, ping, pong, tcp, udp, word } from '../wire/packets.ts';
import { arp, fast, introduce, lan, router, say, wan } from './table.ts';

/** The entries since the trace went on. */
function traceEntries(): TraceEntry[] {
  return (JSON.parse(traceText(0)) as { trace: TraceEntry[] }).trace;
}

/** The same as lines. */
function lines(): string[] {
  return traceEntries().map(
    ({ ingress, protocol, reason, received, sent, egress }) =>
      `${ingress} ${protocol} ${received} ${reason}` + (sent ? ` ${egress} ${sent}` : ''),
  );
}

const C = '192.168.0.3';
const S = '192.168.0.2';
const P = '12.0.0.1';
const I = '198.51.100.10';

test('slow and fast packets of an outbound connection, both ways', (t) => {
  router();
  setTrace(true, 0);
  lan(tcp('C:40000', 'I:80', 'S'));
  wan(tcp('I:80', 'P:40000', 'SA'));
  lan(tcp('C:40000', 'I:80', 'A'));
  wan(tcp('I:80', 'P:40000', 'PA'));
  t.is(fast, 2);
  t.deepEqual(lines(), [
    `lan 6 ${C}:40000>${I}:80 forwarded-slow wan ${P}:40000>${I}:80`,
    `wan 6 ${I}:80>${P}:40000 forwarded-slow lan ${I}:80>${C}:40000`,
    `lan 6 ${C}:40000>${I}:80 forwarded-fast wan ${P}:40000>${I}:80`,
    `wan 6 ${I}:80>${P}:40000 forwarded-fast lan ${I}:80>${C}:40000`,
  ]);
});

test('around the hairpin both addresses change', (t) => {
  router();
  setTrace(true, 0);
  lan(udp('C:33333', 'P:6001'));
  lan(udp('S:7001', 'P:33333'));
  lan(udp('C:33333', 'P:6001'));
  lan(udp('C:33333', 'P:6001'));
  lan(udp('S:7001', 'P:33333'));
  const there = `${C}:33333>${P}:6001`;
  const back = `${S}:7001>${P}:33333`;
  t.deepEqual(lines(), [
    `lan 17 ${there} forwarded-slow lan ${P}:33333>${S}:7001`,
    `lan 17 ${back} forwarded-slow lan ${P}:6001>${C}:33333`,
    `lan 17 ${there} forwarded-slow lan ${P}:33333>${S}:7001`,
    `lan 17 ${there} forwarded-fast lan ${P}:33333>${S}:7001`,
    `lan 17 ${back} forwarded-fast lan ${P}:6001>${C}:33333`,
  ]);
});

test('drops and refusals tell their reason, and nothing sent', (t) => {
  router({ hairpin: 'none' });
  setTrace(true, 0);
  wan(tcp('I:1', 'P:26', 'S'));
  lan(tcp('C:1', 'P:25', 'S'));
  lan(udp('C:1', 'I:9', { ttl: 1 }));
  lan(udp('10.0.0.1:1', 'I:9'));
  t.deepEqual(lines(), [
    `wan 6 ${I}:1>${P}:26 drop-no-forward`,
    `lan 6 ${C}:1>${P}:25 drop-refused`,
    `lan 17 ${C}:1>${I}:9 drop-ttl`,
    // Dropped before its ports were read.
    `lan 17 10.0.0.1:0>${I}:0 drop-wrong-side`,
  ]);
});

test("ICMP queries show their id where the asking side's port would be", (t) => {
  router();
  setTrace(true, 0);
  lan(ping('C', 'I', 77));
  wan(pong('I', 'P', 77));
  lan(ping('C', 'R', 9));
  t.deepEqual(lines(), [
    `lan 1 ${C}:77>${I}:0 forwarded-slow wan ${P}:77>${I}:0`,
    `wan 1 ${I}:0>${P}:77 forwarded-slow lan ${I}:0>${C}:77`,
    `lan 1 ${C}:9>192.168.0.1:0 answered-echo lan 192.168.0.1:0>${C}:9`,
  ]);
});

test('ICMP errors show their addresses', (t) => {
  router();
  lan(udp('C:40000', 'I:80'));
  setTrace(true, 0);
  wan(tcp('I:1', 'P:26', 'S'));
  wan(icmpError('G', 'P', [3, 3], udp('P:40000', 'I:80')));
  t.deepEqual(lines().slice(1), [`wan 1 12.0.0.254:0>${P}:0 forwarded-slow lan 12.0.0.254:0>${C}:0`]);
});

test('held packets are seen twice: when they wait and when they go', (t) => {
  router({ strangers: true });
  introduce('G');
  setTrace(true, 0);
  wan(tcp('I:1', 'P:25', 'S'));
  say('lan', arp(2, 'S', 'R'));
  t.deepEqual(lines(), [
    `wan 6 ${I}:1>${P}:25 held-for-neighbour`,
    'lan 0 0.0.0.0:0>0.0.0.0:0 consumed-arp',
    `wan 6 ${I}:1>${P}:25 forwarded-slow lan ${I}:1>${S}:25`,
  ]);
});

test('the ring keeps the newest, with their seconds; switching on starts over; off writes nothing', (t) => {
  router();
  setTrace(true, 0);
  for (let i = 0; i < traceSlots + 5; i++) {
    clock[0] = i;
    wan(tcp(`I:${1000 + i}`, 'P:26', 'S'));
  }
  const entries = traceEntries();
  t.is(entries.length, traceSlots);
  t.deepEqual([entries[0].second, entries[0].received], [5, `${I}:1005>${P}:26`]);
  t.deepEqual(entries.at(-1)!.second, traceSlots + 4);
  setTrace(false, 0);
  wan(tcp('I:1', 'P:26', 'S'));
  t.is(traceEntries().at(-1)!.received, entries.at(-1)!.received);
  setTrace(true, 0);
  t.deepEqual(traceEntries(), []);
});

test('of one host alone: whoever sends to it or gets from it, as received or as sent, on both paths', (t) => {
  router();
  const play = (host: number) => {
    setTrace(true, host);
    lan(tcp('C:40000', 'I:80', 'S'));
    wan(tcp('I:80', 'P:40000', 'SA'));
    lan(tcp('C:40000', 'I:80', 'A'));
    wan(tcp('I:80', 'P:40000', 'PA'));
    wan(udp('J:1', 'P:5000'));
    wan(udp('J:1', 'P:9'));
    lan(udp('C:33333', 'P:6001'));
    say('lan', arp(1, 'C', 'R'));
    return lines().map((line) => line.split(' ').slice(0, 4).join(' '));
  };
  const all = play(0);
  t.is(all.length, 8);
  const [syn, synAck, out, back, forwarded, refused, hairpin] = all;
  t.deepEqual(play(word('C')), [syn, synAck, out, back, hairpin]);
  t.deepEqual(play(word('I')), [syn, synAck, out, back]);
  t.deepEqual(play(word('J')), [forwarded, refused]);
  t.deepEqual(play(word('S')), [forwarded, hairpin], 'whom they were sent to');
  t.deepEqual(play(word('192.168.0.99')), []);
  t.is(play(0).length, 8);
});
