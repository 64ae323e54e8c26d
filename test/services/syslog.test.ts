/* The log by syslog: what messages say, how many leave, what waits, and what is told of the rest. */
import test from 'ava';
import './stub-board.ts';
import {
  chipLan,
  chipWan,
  eventLog,
  eventSlots,
  hopSlots,
  linkLan,
  linkWan,
  logNext,
  neighbourState,
  served,
  switches,
  syslogHost,
} from '../../firmware/layout/arena.ts';
import { linkCameUp, linkWentDown, started, tableFilled } from '../../firmware/layout/events.ts';
import { lanPort, running, wanPort } from '../../firmware/layout/ports.ts';
import { silent } from '../../firmware/control/hops.ts';
import { blankFrame, emptyOutbox, outCount, post } from '../../firmware/control/outbox.ts';
import { logEvent } from '../../firmware/services/log.ts';
import { serveSecond } from '../../firmware/services/second.ts';
import { icmpError } from '../wire/packets.ts';
import { introduce, lan, lastLeft, moved, pause, router, told } from '../control/table.ts';

let now = 0;

/** A router that runs for two minutes, with everything up, and nothing in its log. @param host number of the listener */
function start(host = 2, wish = {}): void {
  router(wish);
  served[syslogHost] = host;
  switches[chipWan] = switches[chipLan] = running;
  switches[linkWan] = switches[linkLan] = 1;
  now = 0;
  second();
  for (let i = 0; i < 120; i++) second();
  eventLog[logNext] = 0;
  moved();
}

/** A second passes. @returns the datagrams that left, as `port host: text` */
function second(): string[] {
  serveSecond(++now);
  pause(1);
  return lastLeft
    .filter(({ frame }) => frame[12] === 8 && frame[13] === 0)
    .map((left) => {
      const [line] = told([left]);
      const payload = Buffer.from(left.frame.subarray(42, 14 + left.frame[16] * 256 + left.frame[17]));
      return `${line}: ${payload.toString('latin1')}`;
    });
}

const head = 'lan S | udp R:514 > S:514: ';

test('a message of RFC 5424, to port 514 of the host', (t) => {
  start();
  logEvent(linkWentDown, wanPort);
  t.deepEqual(second(), [
    `${head}<28>1 - hairpin hairpin - link-went-down [meta sequenceId="5" sysUpTime="12100"] link went down: wan`,
  ]);
  t.deepEqual(second(), []);
  // Its grammar, section 6: PRI, version, and five fields without blanks before the structured data.
  logEvent(tableFilled, 3);
  const [line] = second();
  t.regex(line.slice(head.length), /^<\d{1,3}>1 - [!-~]+ [!-~]+ - [!-~]{1,32} \[meta( \w+="\d+")+\] [ -~]+$/);
  t.regex(line, /<28>.*sequenceId="6".*table filled: 3$/);
  t.is(moved()['drop-out-full'] ?? 0, 0);
});

test('without a host nothing is sent', (t) => {
  start(0);
  logEvent(linkWentDown, wanPort);
  t.deepEqual(second(), []);
});

test('two in a second, oldest first', (t) => {
  start();
  for (let i = 0; i < 5; i++) logEvent(started, i + 256);
  t.deepEqual([second().length, second().length, second().length, second().length], [2, 2, 1, 0]);
});

test('the outbox is left to others', (t) => {
  start();
  logEvent(linkWentDown, wanPort);
  logEvent(linkWentDown, lanPort);
  for (let i = 0; i < 3; i++) post(blankFrame(40)!, 7);
  serveSecond(++now);
  t.is(outCount, 3);
  emptyOutbox();
  for (let i = 0; i < 2; i++) post(blankFrame(40)!, 7);
  serveSecond(++now);
  t.is(outCount, 3);
  emptyOutbox();
  serveSecond(++now);
  t.is(outCount, 1);
  emptyOutbox();
});

test('a host that is not known is asked for by ARP; what is due waits', (t) => {
  start(9);
  logEvent(linkWentDown, wanPort);
  second();
  t.deepEqual(told(lastLeft), ['lan * | arp who has 192.168.0.9, tell R']);
  for (let i = 0; i < 300; i++) t.deepEqual(second(), []);
  introduce('192.168.0.9');
  t.regex(second().join(), /> 192\.168\.0\.9:514: .*link went down/);
});

test('a host that does not answer is asked no more often than any other', (t) => {
  start(9);
  logEvent(linkWentDown, wanPort);
  second();
  let questions = 0;
  for (let i = 0; i < 600; i++) {
    second();
    questions += lastLeft.length;
  }
  t.true(questions > 100 && questions <= 360, `${questions} questions in ten minutes`);
});

test('without a cable nothing is tried', (t) => {
  start();
  switches[linkLan] = 0;
  for (let i = 0; i < 3; i++) {
    second();
    t.deepEqual(lastLeft, []);
  }
  switches[linkLan] = 1;
  t.deepEqual([second().length, second().length], [2, 0], 'the loss of the link, and its return');
});

test('what was overwritten before it could be sent is said', (t) => {
  start();
  for (let hop = 1; hop < hopSlots; hop++) neighbourState[hop] = silent;
  for (let i = 0; i < eventSlots + 7; i++) logEvent(started, i + 256);
  introduce('S');
  const [lost, next] = second();
  t.regex(lost, /<28>1 - hairpin hairpin - entries-lost \[.*\] entries lost: 7$/);
  t.regex(next, / started /);
  for (let i = 0; i < 30; i++) t.notRegex(second().join(), /entries-lost/);
});

test('a flapping link: at once, then less and less often, and at last how often it was', (t) => {
  start();
  const messages: string[] = [];
  const flap = (times: number) => {
    for (let i = 0; i < times; i++) {
      logEvent(i % 2 ? linkCameUp : linkWentDown, wanPort);
      messages.push(...second().filter((line) => line.includes('link-went-down')));
    }
  };
  flap(1);
  t.is(messages.length, 1);
  flap(200);
  t.deepEqual(
    messages.map((line) => /down: wan(.*)/.exec(line)![1]),
    ['', ', 4 times in 5 s', ', 16 times in 29 s', ', 64 times in 125 s'],
  );
  messages.length = 0;
  introduce('S');
  for (let i = 0; i < 100; i++) messages.push(...second().filter((line) => line.includes('link-went-down')));
  t.deepEqual(
    messages.map((line) => /down: wan(.*)/.exec(line)![1]),
    [', 101 times in 199 s'],
  );
});

test('a host that refuses the messages causes no more of them', (t) => {
  start();
  logEvent(linkWentDown, wanPort);
  second();
  const packet = lastLeft.at(-1)!.frame.slice(14, 14 + 60);
  t.deepEqual(lan(icmpError('S', 'R', [3, 3], packet)), []);
  const before = eventLog[logNext];
  for (let i = 0; i < 100; i++) t.deepEqual(second(), []);
  t.is(eventLog[logNext], before);
});

test('sysUpTime has 32 bits', (t) => {
  start();
  now = 42_949_672 + 4;
  second();
  logEvent(started, 2);
  const [line] = second();
  t.regex(line, /sysUpTime="500"/);
});
