/**
 * Pings of the router's own: what leaves when, which answers are theirs, and that nobody else's pings notice.
 */
import test from 'ava';
import { endpointPublicPort, endpointUse, ping, pingEndpoint } from '../../firmware/layout/arena.ts';
import { endpointsInUse, openEndpoint, publicIcmp } from '../../firmware/control/endpoints.ts';
import { noNeighbour, startPing } from '../../firmware/control/ping.ts';
import { pingAnswered, pingSent, pingTeller, pingTimes, pingTrouble } from '../../firmware/layout/arena.ts';
import { icmp, icmpError, ping as request, pong, word } from '../wire/packets.ts';
import { dropped, introduce, lan, lastLeft, moved, pause, router, wan } from './table.ts';

let seconds = 0;

/** Pings a host, from a clock that stands at a moment. */
function start(host: string, at = 9_999.9995): void {
  seconds = at;
  if (!startPing(word(host), () => seconds)) throw new Error('no identifier');
}

const isUnderWay = () => ping[pingEndpoint] !== 0;
const identifier = () => endpointPublicPort[ping[pingEndpoint]];
/** An answer to the request of that number. */
const answer = (from: string, to: string, number: number, id = identifier()) =>
  icmp(from, to, 0, 0, id * 65536 + number, { data: new Uint8Array(18) });
const milliseconds = () => Array.from(ping.subarray(pingTimes, pingTimes + ping[pingSent]), (n) => n / 10);

test('four requests to a LAN host, one a second, and their answers with the time they took', (t) => {
  router();
  start('S');
  moved();
  for (let number = 1; number <= 4; number++) {
    t.deepEqual(pause(1), [`lan S | ping R > S id ${identifier()}`]);
    const [{ frame }] = lastLeft;
    t.is(frame.length, 60);
    t.deepEqual([frame[14 + 6], frame[14 + 8]], [64, 64], 'not to be cut, and 64 hops');
    t.is(frame[14 + 20 + 7], number);
    seconds += 0.0123;
    t.deepEqual(lan(answer('S', 'R', number)), []);
    seconds += 0.9877;
  }
  t.deepEqual(milliseconds(), [12.3, 12.3, 12.3, 12.3], 'also over the end of ten thousand seconds');
  t.is(ping[pingAnswered], 15);
  t.true(isUnderWay());
  t.deepEqual(pause(1), []);
  t.false(isUnderWay(), 'all are answered');
  t.is(endpointsInUse, 0, 'the identifier is given back');
  t.deepEqual(moved(), { 'sent-echo': 4, 'consumed-icmp': 4 });
});

test('to the Internet they leave in the name of P, by the gateway', (t) => {
  router();
  start('I');
  t.deepEqual(pause(1), [`wan G | ping P > I id ${identifier()}`]);
  t.deepEqual(wan(answer('I', 'P', 1)), []);
  t.is(ping[pingAnswered], 1);
  start('12.0.0.9');
  t.deepEqual(pause(1), ['wan * | arp who has 12.0.0.9, tell P']);
});

test('a host that is not known is asked for first, and no request is lost to that', (t) => {
  router({ strangers: true });
  start('C');
  t.deepEqual(pause(1), ['lan * | arp who has C, tell R']);
  t.is(ping[pingSent], 0);
  introduce('C');
  t.deepEqual(pause(1), [`lan C | ping R > C id ${identifier()}`]);
});

test('nobody answers ARP: that is the answer, and the end', (t) => {
  router({ strangers: true });
  start('192.168.0.77');
  const asked = pause(5);
  t.deepEqual(asked, Array(3).fill('lan * | arp who has 192.168.0.77, tell R'));
  t.is(ping[pingTrouble], noNeighbour);
  t.is(ping[pingSent], 0);
  t.false(isUnderWay());
  t.is(endpointsInUse, 0);
});

test('answers that never come: two seconds behind the last request it is over', (t) => {
  router();
  start('S');
  pause(4);
  lan(answer('S', 'R', 3));
  pause(2);
  t.true(isUnderWay());
  pause(1);
  t.false(isUnderWay());
  t.is(ping[pingAnswered], 4);
  t.is(endpointsInUse, 0);
});

test('what is no answer of theirs is dropped as ever, and what comes twice counts once', (t) => {
  router();
  start('S');
  pause(2);
  moved();
  lan(answer('S', 'R', 1));
  const took = milliseconds()[0];
  seconds += 5;
  lan(answer('S', 'R', 1));
  t.deepEqual(moved(), { 'consumed-icmp': 2 });
  t.deepEqual([ping[pingAnswered], milliseconds()[0]], [1, took]);
  for (const wrong of [
    answer('C', 'R', 2),
    answer('S', 'R', 3),
    answer('S', 'R', 0),
    answer('S', 'R', 2, identifier() ^ 1),
  ]) {
    lan(wrong);
    t.is(dropped(), 'drop-icmp');
  }
  wan(answer('I', 'P', 2));
  t.is(dropped(), 'drop-no-flow');
  const damaged = answer('S', 'R', 2);
  damaged[damaged.length - 1] ^= 1;
  lan(damaged);
  t.is(dropped(), 'drop-icmp-checksum');
  t.is(ping[pingAnswered], 1);
  const late = answer('S', 'R', 1);
  pause(5);
  t.false(isUnderWay());
  moved();
  lan(late);
  t.is(dropped(), 'drop-icmp');
});

test('pings of LAN hosts with the same identifier go on, and get another one outside', (t) => {
  router();
  start('I');
  const id = identifier();
  const [left] = lan(request('C', 'I', id));
  const other = Number(left.split(' ').at(-1));
  t.not(other, id);
  pause(1);
  t.deepEqual(wan(pong('I', 'P', other)), [`lan C | pong I > C id ${id}`]);
  t.is(ping[pingAnswered], 0);
  wan(answer('I', 'P', 1));
  t.is(ping[pingAnswered], 1);
  // And the other way round: one that a LAN host has is not taken.
  router();
  openEndpoint(publicIcmp, 3, 40_000, 0);
  start('I', 0.7232);
  t.not(identifier(), 40_000);
  t.is(endpointsInUse, 2);
});

test('an ICMP error about a request is told, one about anything else is not', (t) => {
  router();
  start('I');
  const id = identifier();
  pause(1);
  const ours = lastLeft[0].frame.slice(14);
  moved();
  t.deepEqual(wan(icmpError('G', 'P', [3, 1], request('P', 'I', id ^ 1))), []);
  t.deepEqual(wan(icmpError('G', 'P', [3, 1], request('P', 'J', id))), []);
  t.is(dropped(), 'drop-no-flow x2');
  const damaged = icmpError('G', 'P', [3, 1], ours);
  damaged[damaged.length - 1] ^= 1;
  wan(damaged);
  t.is(dropped(), 'drop-icmp-checksum');
  t.is(ping[pingTrouble], 0);
  t.deepEqual(wan(icmpError('G', 'P', [3, 1], ours)), []);
  t.deepEqual(moved(), { 'consumed-icmp': 1 });
  t.is(ping[pingTrouble], 0x0301);
  t.is(ping[pingTeller], word('G'));
});

test('a second ping takes the place of the first', (t) => {
  router();
  start('S');
  pause(1);
  start('C');
  t.is(endpointsInUse, 1);
  t.is(endpointUse[ping[pingEndpoint]] & 1023, 1, 'held as flows hold theirs');
  t.deepEqual(pause(1), [`lan C | ping R > C id ${identifier()}`]);
  t.is(ping[pingSent], 1);
});
