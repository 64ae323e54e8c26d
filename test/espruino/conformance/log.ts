/**
 * The log: what is noted, told by request and at the console, and sent by syslog to a host that is not always there.
 */
import assert from 'node:assert/strict';
import { macOf } from '../../control/table.ts';
import { get16, udp } from '../../wire/packets.ts';
import { config } from './configs.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

/** Seconds after which an event that comes again is one of its own (firmware/services/log.ts), and places of the log. */
const foldSeconds = 90;
const slots = 32;
/** Turns after which a link was looked at. */
const look = 45;

const withSyslog = JSON.stringify({ ...config(), log: { syslog: '192.168.0.2' } });

interface Log {
  lost: number;
  log: { event: string; value: unknown; times: number }[];
  next: number;
  end: number;
}

/** Everything that the log holds, asked for answer by answer. */
function entries(router: Router): Log['log'] {
  const all: Log['log'] = [];
  let from = 0;
  for (;;) {
    const { log, next, end } = router.ask(`log ${from}`) as unknown as Log;
    all.push(...log);
    if (next >= end) return all;
    from = next;
  }
}

/** The texts of the messages that leave from now on, added as they do. */
function messagesOf(router: Router): string[] {
  const messages: string[] = [];
  const { lan } = router.world;
  const tell = lan.onTransmit;
  lan.onTransmit = (frame) => {
    tell?.(frame);
    if (get16(frame, 12) === 0x0800 && get16(frame, 36) === 514)
      messages.push(Buffer.from(frame.subarray(42, 14 + get16(frame, 16))).toString('latin1'));
  };
  return messages;
}

/** The cable of the WAN is out for a moment. */
function flap(router: Router): void {
  for (const link of [false, true]) {
    router.world.wan.setLink(link);
    router.turns(look);
    router.pass(2);
  }
}

/** Again and again control fails, too seldom for one entry: a port has to be drawn, and there is no random number. */
function troubles(router: Router, count: number): void {
  for (let i = 0; i < count; i++) {
    router.arp('wan', 'G', 'P');
    router.lan(udp('S:1100', 'I:53'));
    router.fail('E.hwRand');
    router.lan(udp('192.168.0.9:1100', 'I:53'), macOf('C'));
    router.fail('');
    router.leap(foldSeconds + 1);
  }
  router.counts(...Array<string>(count).fill('drop-exception'));
}

/** What happened before the host was there, then at once, then that it was repeated. */
function sent(router: Router, messages: string[]): void {
  router.pass(2);
  assert.equal(messages.length, 0);
  router.arp('lan', 'S', 'R');
  router.pass(2);
  assert.equal(messages.length, 4, 'two in a second');
  assert.match(
    messages[0],
    /^<29>1 - hairpin hairpin - started \[meta sequenceId="1" sysUpTime="\d+"\] started: power-on$/,
  );
  router.leap(foldSeconds);
  messages.length = 0;
  router.arp('lan', 'S', 'R');
  flap(router);
  assert.match(messages.shift()!, /<28>.* link went down: wan$/);
  assert.match(messages.shift()!, /<29>.* link came up: wan$/);
  flap(router);
  router.leap(foldSeconds + 1);
  router.arp('lan', 'S', 'R');
  router.pass(3);
  const links = messages.splice(0).filter((message) => message.includes('link-'));
  assert.equal(links.length, 2);
  assert.match(links[0], /link went down: wan, 2 times in \d s$/);
  assert.match(links[1], /link came up: wan, 2 times in \d s$/);
}

/** The host is away for longer than the log lasts. */
function lost(router: Router, messages: string[]): void {
  router.leap(1000);
  router.pass(12);
  router.count();
  troubles(router, slots + 3);
  assert.equal(messages.length, 0);
  router.arp('lan', 'S', 'R');
  router.pass(2);
  assert.match(messages[0], /entries lost: 3$/);
  assert.match(messages[1], /dropped by exception: 1$/);
  assert.ok((router.ask('log 1') as unknown as Log).lost > 0);
}

export const log: Subject = {
  title: 'log',
  play(stage) {
    const router = stage.boot({ config: withSyslog });
    const messages = messagesOf(router);
    sent(router, messages);
    for (const line of ['log x', 'log -1', 'log 0.5']) assert.match(router.refused(line), /a running number/);
    const links = entries(router).filter(({ event, times }) => event.startsWith('link-') && times > 1);
    assert.deepEqual(
      links.map(({ event, value, times }) => `${event} ${String(value)} ${times}`),
      ['link-went-down wan 2', 'link-came-up wan 2'],
    );
    lost(router, messages);
    assert.equal(entries(router).length, slots);
    assert.match(router.type('show log\r', 6), /dropped-by-exception/);
    const silent = stage.boot({ config: null });
    for (const line of ['log', 'clients', 'capture on']) silent.refused(line);
  },
};
