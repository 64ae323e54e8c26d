/**
 * The forwarder: what leaves for a resolver and comes back, and what becomes of queries that nobody answers.
 */
import test from 'ava';
import {
  asked,
  askedBusy,
  askedSlots,
  eventCode,
  eventLog,
  eventTimes,
  eventValue,
  logNext,
  resolverTrouble,
} from '../../firmware/layout/arena.ts';
import { resolverAnswersAgain, resolverSilent } from '../../firmware/layout/events.ts';
import { changeWan } from '../../firmware/control/readdress.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { behindSeconds, patienceQueries, patienceSeconds } from '../../firmware/services/dns-pending.ts';
import { dropped, introduce, lan, lastLeft, moved, told, wan } from '../control/table.ts';
import { udp, word } from '../wire/packets.ts';
import { ask, messageLeft, names, pending, reply, upstream, wait } from './names.ts';
import { answerTo, edns, query, readMessage } from './resolver.ts';

/** Somebody introduces himself. @returns what left then, beside the answer */
function introduced(host: string): string[] {
  introduce(host);
  lastLeft.shift();
  return told(lastLeft);
}

const example = (id = 0x1234) => query('www.example.com', 'A', { id });

test.serial('a query leaves in the name of P, and its answer comes from R', (t) => {
  names();
  const left = upstream(ask('C:40000', example()));
  t.deepEqual([left.own, left.to], ['P', 'I']);
  t.deepEqual(left.message.subarray(2), example().subarray(2));
  t.is(pending(), 1);
  t.is(endpointsInUse, 1);
  t.deepEqual(reply(left), ['lan C | udp R:53 > C:40000']);
  const answer = answerTo(example(), [[192, 0, 2, 1]]);
  t.deepEqual(messageLeft(), answer, 'to the byte, the id being the client’s again');
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
  t.deepEqual(reply(left), [], 'once');
  t.deepEqual(moved(), { 'forwarded-slow': 2, 'drop-no-forward': 1 });
});

test.serial('a datagram without a checksum stays one, and TTL is that of a packet of our own', (t) => {
  names();
  const left = upstream(ask('C:40000', example(), { unsummed: true, ttl: 1 }));
  t.deepEqual(
    [lastLeft[0].frame[14 + 8], lastLeft[0].frame[14 + 26], lastLeft[0].frame[14 + 27]],
    [64, 0, 0],
  );
  reply(left, undefined, { unsummed: true, ttl: 9 });
  t.deepEqual(
    [lastLeft[0].frame[14 + 8], lastLeft[0].frame[14 + 26], lastLeft[0].frame[14 + 27]],
    [64, 0, 0],
  );
});

test.serial('an answer must come from the resolver, to the port, with the id and the question', (t) => {
  names({ resolvers: ['I', 'J'] });
  const left = upstream(ask('C:40000', example()));
  const right = answerTo(left.message, [[192, 0, 2, 1]]);
  const changed = (at: number, by = 1) => right.map((byte, i) => (i === at ? byte ^ by : byte));
  const wrong: [string, Uint8Array][] = [
    ['from somebody else', udp('J:53', `P:${left.port}`, { data: right })],
    ['from another port', udp('I:54', `P:${left.port}`, { data: right })],
    ['with another id', udp('I:53', `P:${left.port}`, { data: changed(0) })],
    ['and the lower byte of it', udp('I:53', `P:${left.port}`, { data: changed(1) })],
    ['a query', udp('I:53', `P:${left.port}`, { data: left.message })],
    ['of another name', udp('I:53', `P:${left.port}`, { data: changed(13) })],
    ['of a name that ends elsewhere', udp('I:53', `P:${left.port}`, { data: changed(27, 2) })],
    ['of another type', udp('I:53', `P:${left.port}`, { data: changed(30, 2) })],
    ['of another class', udp('I:53', `P:${left.port}`, { data: changed(32, 2) })],
    ['without a question', udp('I:53', `P:${left.port}`, { data: changed(5) })],
    ['that ends in its question', udp('I:53', `P:${left.port}`, { data: right.subarray(0, 32) })],
  ];
  moved();
  for (const [what, packet] of wrong) {
    t.deepEqual(wan(packet), [], what);
    t.is(dropped(), what === 'from another port' ? 'drop-no-forward' : 'drop-datagram', what);
  }
  t.deepEqual(wan(udp('I:53', `P:${left.port ^ 1}`, { data: right })), []);
  t.is(dropped(), 'drop-no-forward');
  t.is(pending(), 1, 'none of them ends the wait');
  t.deepEqual(reply(left), ['lan C | udp R:53 > C:40000']);
});

test.serial('the case of letters may be another one in the answer', (t) => {
  names();
  const left = upstream(ask('C:40000', query('wWw.eXample.com')));
  const small = answerTo(query('www.example.com', 'A', { id: readMessage(left.message).id }), [[1, 2, 3, 4]]);
  t.deepEqual(reply(left, small), ['lan C | udp R:53 > C:40000']);
});

test.serial('with no resolver, or no P, the answer is a failure at once, in the frame of the query', (t) => {
  for (const lost of ['resolvers', 'P']) {
    names({ resolvers: lost === 'P' ? ['I'] : [] });
    if (lost === 'P') changeWan(0, 0xffffffff, 0, 1500, () => 1);
    const asking = query('www.example.com', 'A', { flags: 0x0110, additional: edns(1232) });
    t.deepEqual(ask('C:40000', asking), ['lan C | udp R:53 > C:40000']);
    const answer = readMessage(messageLeft());
    t.deepEqual([answer.id, answer.isResponse, answer.code, answer.flags], [0x1234, true, 2, 'Rrc'], lost);
    t.deepEqual(messageLeft().subarray(4), asking.subarray(4));
    t.deepEqual([pending(), endpointsInUse], [0, 0]);
    t.deepEqual(moved(), { 'consumed-datagram': 1, 'sent-datagram': 1 });
  }
});

test.serial('a query that comes again goes to the next resolver, from another port', (t) => {
  names({ resolvers: ['I', 'J', '9.9.9.9'] });
  const tried = [];
  for (let i = 0; i < 4; i++) {
    tried.push(upstream(ask('C:40000', example())));
    t.deepEqual([pending(), endpointsInUse], [1, 1]);
    wait(1);
  }
  t.deepEqual(
    tried.map(({ to }) => to),
    ['I', 'J', '9.9.9.9', 'I'],
  );
  t.is(new Set(tried.map(({ port }) => port)).size, 4);
  t.deepEqual(reply(tried[0]), [], 'the first answer is nobody’s any more');
  t.deepEqual(reply(tried[3]), ['lan C | udp R:53 > C:40000']);
  // Another question, id, port or host is another query.
  for (const words of [
    ask('C:40000', example(7)),
    ask('C:40001', example(7)),
    ask('S:40000', example(7)),
    ask('C:40000', query('www.example.net', 'A', { id: 7 })),
  ])
    t.is(upstream(words).to, 'I');
  t.is(pending(), 4);
});

test.serial('one resolver alone is asked the same again: a late answer is one still', (t) => {
  names();
  const first = upstream(ask('C:40000', example()));
  wait(4);
  const again = upstream(ask('C:40000', example()));
  t.deepEqual([again.port, again.message], [first.port, first.message]);
  wait(4);
  t.deepEqual(reply(first), ['lan C | udp R:53 > C:40000']);
});

test.serial(`after ${patienceSeconds} seconds nobody waits any more`, (t) => {
  names();
  const left = upstream(ask('C:40000', example()));
  wait(patienceSeconds - 1);
  t.is(pending(), 1);
  wait(1);
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
  t.deepEqual(reply(left), []);
  t.is(dropped(), 'drop-no-forward');
});

test.serial(`the oldest of ${askedSlots} gives way, and slots that became free are used`, (t) => {
  names();
  const first = upstream(ask('C:40999', example()));
  wait(1);
  const left = Array.from({ length: askedSlots - 1 }, (_, i) => upstream(ask(`C:${41000 + i}`, example(i))));
  wait(1);
  reply(left[5]);
  const next = upstream(ask('C:42000', example()));
  t.is(pending(), askedSlots);
  const last = upstream(ask('C:42001', example()));
  t.deepEqual([pending(), endpointsInUse], [askedSlots, askedSlots]);
  t.deepEqual(reply(first), [], 'the oldest is gone');
  for (const one of [...left.filter((_, i) => i !== 5), next, last]) t.is(reply(one).length, 1);
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
});

test.serial('a resolver that is silent is asked last, and tried again after a while', (t) => {
  names({ resolvers: ['I', 'J'] });
  for (let i = 0; i < patienceQueries; i++) {
    t.is(upstream(ask(`C:${40000 + i}`, example(i))).to, 'I');
    wait(patienceSeconds);
  }
  const other = upstream(ask('C:40010', example()));
  t.is(other.to, 'J');
  reply(other);
  wait(behindSeconds - 1);
  t.is(upstream(ask('C:40011', example())).to, 'J');
  wait(1);
  // One more unanswered is enough now.
  t.is(upstream(ask('C:40012', example())).to, 'I');
  wait(patienceSeconds);
  t.is(upstream(ask('C:40013', example())).to, 'J');
  wait(behindSeconds);
  const back = upstream(ask('C:40014', example()));
  t.is(back.to, 'I');
  reply(back);
  wait(1);
  t.is(asked[resolverTrouble], 0, 'all is forgiven');
  ask('C:40015', example());
  wait(patienceSeconds);
  t.is(upstream(ask('C:40016', example())).to, 'I');
});

test.serial('the log says once that a resolver is silent, and once that it answers again', (t) => {
  names({ resolvers: ['I', 'J'] });
  for (const column of [eventCode, eventLog]) column.fill(0);
  // The chips, which nobody has started here, are in the log as well.
  const noted = () =>
    Array.from(eventCode.subarray(0, eventLog[logNext]), (code, i) => [
      code,
      eventValue[i],
      eventTimes[i],
    ]).filter(([code]) => code === resolverSilent || code === resolverAnswersAgain);
  for (let i = 0; i < patienceQueries - 1; i++) ask(`C:${40000 + i}`, example(i));
  wait(patienceSeconds + 1);
  const late = upstream(ask('C:40009', example()));
  t.deepEqual([late.to, noted()], ['I', []], 'not yet');
  wait(patienceSeconds + 1);
  t.deepEqual(noted(), [[resolverSilent, word('I'), 1]]);
  for (let i = 0; i < 2; i++) {
    wait(behindSeconds);
    t.is(upstream(ask('C:40010', example())).to, 'I', 'tried again');
    wait(patienceSeconds + 1);
  }
  t.is(noted().length, 1, 'known already');
  wait(behindSeconds);
  reply(upstream(ask('C:40011', example())));
  wait(2);
  t.deepEqual(noted(), [
    [resolverSilent, word('I'), 1],
    [resolverAnswersAgain, word('I'), 1],
  ]);
  t.deepEqual([asked[askedBusy], asked[resolverTrouble]], [0, 0]);
});

test.serial('when all are silent they are asked nevertheless, in turn', (t) => {
  names({ resolvers: ['I', 'J'] });
  for (let i = 0; i < 2 * patienceQueries; i++) {
    ask(`C:${40000 + i}`, example(i));
    wait(patienceSeconds);
  }
  t.is(upstream(ask('C:50000', example())).to, 'I');
  wait(1);
  t.is(upstream(ask('C:50000', example())).to, 'J');
  wait(1);
  t.is(upstream(ask('C:50000', example())).to, 'I');
});

test.serial('the query waits for a gateway that is not known yet, and leaves no trace meanwhile', (t) => {
  names({ strangers: true });
  introduce('C');
  t.deepEqual(ask('C:40000', example()), ['wan * | arp who has G, tell P']);
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
  const left = upstream(introduced('G'));
  t.is(readMessage(left.message).name, 'www.example.com');
  t.deepEqual(reply(left), ['lan C | udp R:53 > C:40000']);
});

test.serial('the answer waits for a client that is not known', (t) => {
  names({ strangers: true });
  introduce('G');
  const left = upstream(ask('C:40000', example()));
  t.deepEqual(reply(left), ['lan * | arp who has C, tell R']);
  t.is(pending(), 1);
  t.deepEqual(introduced('C'), ['lan C | udp R:53 > C:40000']);
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
});

test.serial('a resolver on the LAN is asked from R, and is no client of itself', (t) => {
  names({ resolvers: ['S', 'I'] });
  const left = upstream(ask('C:40000', example()));
  t.deepEqual([left.own, left.to], ['R', 'S']);
  const own = upstream(ask('S:40000', example()));
  t.is(own.to, 'I');
  t.deepEqual(reply(own), ['lan S | udp R:53 > S:40000']);
  t.deepEqual(reply(left), ['lan C | udp R:53 > C:40000']);
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
  t.deepEqual(lan(udp('S:53', `R:${left.port}`)), ['lan S | icmp 3/3 R > S about udp S:53 > R:' + left.port]);
});

test.serial('a resolver on the LAN that has no neighbour’s address is silent without a wait', (t) => {
  names({ resolvers: ['192.168.0.77', 'I'] });
  ask('C:40000', example());
  wait(4);
  for (let i = 0; i < patienceQueries; i++) ask(`C:${40001 + i}`, example());
  t.is(upstream(ask('C:40010', example())).to, 'I');
});

test.serial('another P: what was asked in the name of the old one is forgotten', (t) => {
  names();
  ask('C:40000', example());
  changeWan(word('12.0.0.2'), word('255.255.255.0'), word('G'), 1500, () => 1);
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
  wait(patienceSeconds);
  t.is(asked[resolverTrouble], 0, 'nor is it held against anybody');
});

test.serial('what is no query is dropped', (t) => {
  names();
  const wrong: [string, Uint8Array][] = [
    ['an answer', answerTo(example(), [])],
    ['two questions', example().map((byte, i) => (i === 5 ? 2 : byte))],
    ['no question', example().map((byte, i) => (i === 5 ? 0 : byte))],
    ['a pointer', Uint8Array.from([...example().subarray(0, 12), 0xc0, 12, 0, 1, 0, 1])],
    ['half a question', example().subarray(0, -1)],
    ['a header', example().subarray(0, 12)],
    ['half a header', example().subarray(0, 5)],
    ['a name of 256 bytes', query(Array(128).fill('a').join('.').slice(0, -2) + '.bc')],
    ['a label that reaches out', example().map((byte, i) => (i === 12 ? 60 : byte))],
  ];
  moved();
  for (const [what, message] of wrong) {
    t.deepEqual(ask('C:40000', message), [], what);
    t.is(dropped(), 'drop-datagram', what);
  }
  ask('C:0', example());
  t.is(dropped(), 'drop-datagram', 'nobody to answer');
  ask('C:40000', example(), { options: [1, 1, 1, 1] });
  t.is(dropped(), 'drop-datagram', 'IP options');
  t.deepEqual([pending(), endpointsInUse], [0, 0]);
  upstream(ask('C:40000', query(Array(127).fill('a').join('.'))));
  t.is(pending(), 1, 'a name of 255 bytes is one');
});

test.serial('a query too long for the WAN is dropped, as is one in pieces', (t) => {
  names({ mtu: 600 });
  moved();
  t.deepEqual(ask('C:40000', query('a.example', 'A', { additional: Array(700).fill(0) })), []);
  t.is(dropped(), 'drop-too-big');
  ask('C:40000', example(), { fragment: 0x2000 });
  t.is(dropped(), 'drop-fragment');
});

test.serial('without `dns` in the config nobody answers at R', (t) => {
  names({ off: true });
  t.deepEqual(ask('C:40000', example()), ['lan C | icmp 3/3 R > C about udp C:40000 > R:53']);
});
