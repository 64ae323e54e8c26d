/**
 * The requests `ping` and `trace on HOST`: answers and sentences. What leaves and what is noted is tested in
 * test/control/ping.test.ts and test/control/trace.test.ts.
 */
import test from 'ava';
import './stub-version.ts';
import { clock } from './stub-board.ts';
import {
  endpointPublicPort,
  linkLan,
  linkWan,
  ping,
  pingEndpoint,
  switches,
} from '../../firmware/layout/arena.ts';
import { changeWan } from '../../firmware/control/readdress.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { icmp, icmpError, udp } from '../wire/packets.ts';
import { lan, lastLeft, pause, router, wan } from '../control/table.ts';
import type { Wish } from '../control/table.ts';

/** Starts a router with its seam, both cables plugged in. */
function seam(wish: Wish = {}): void {
  router(wish);
  openSeam(
    '',
    () => 42,
    () => {},
    () => {},
  );
  switches[linkWan] = 1;
  switches[linkLan] = 1;
}

const ask = (line: string) => JSON.parse(answer(line)) as Record<string, unknown>;
const refused = (line: string) => {
  const { ok, error } = ask(line);
  return ok === false ? String(error) : 'was answered';
};

function reply(from: string, to: string, number: number): Uint8Array {
  return icmp(from, to, 0, 0, endpointPublicPort[ping[pingEndpoint]] * 65536 + number);
}

test('ping: begun, under way, done', (t) => {
  seam();
  t.is(refused('ping read'), 'ping: nothing was pinged yet.');
  t.deepEqual(ask('ping 192.168.0.2'), { ok: true, ping: '192.168.0.2' });
  const read = {
    ping: '192.168.0.2',
    sent: 0,
    received: 0,
    milliseconds: [],
    done: false,
    trouble: null,
    ok: true,
  };
  t.deepEqual(ask('ping read'), read);
  pause(1);
  clock.seconds += 0.0042;
  lan(reply('S', 'R', 1));
  pause(2);
  clock.seconds += 0.25;
  lan(reply('S', 'R', 3));
  t.deepEqual(ask('ping read'), { ...read, sent: 3, received: 2, milliseconds: [4.2, null, 250] });
  pause(4);
  const { sent, received, done } = ask('ping read');
  t.deepEqual([sent, received, done], [4, 2, true]);
});

test('ping: who is not there, and who tells so', (t) => {
  seam({ strangers: true });
  ask('ping 192.168.0.77');
  pause(5);
  t.like(ask('ping read'), {
    sent: 0,
    done: true,
    trouble: '192.168.0.77 does not answer ARP: it is not there, or not on this cable.',
  });
  ask('ping 12.0.0.77');
  pause(5);
  t.regex(String(ask('ping read').trouble), /^12\.0\.0\.77 does not answer ARP/);
  ask('ping 198.51.100.10');
  pause(5);
  t.regex(String(ask('ping read').trouble), /^The gateway 12\.0\.0\.254 does not answer ARP/);
  seam();
  ask('ping 198.51.100.10');
  wan(icmpError('G', 'P', [3, 1], request()));
  const { trouble, done } = ask('ping read');
  t.is(trouble, '12.0.0.254 answered with an ICMP error: the host cannot be reached (type 3, code 1).');
  t.false(done, 'it may be a moment only');
  wan(icmpError('J', 'P', [11, 0], request()));
  t.regex(
    String(ask('ping read').trouble),
    /^198\.51\.100\.11 answered .* on its way for too long \(type 11, code 0\)/,
  );
});

/** The next request as it leaves, among the ARP of the links' first seconds. */
function request(): Uint8Array {
  pause(1);
  return lastLeft.find(({ frame }) => frame[13] === 0)!.frame.slice(14);
}

test('ping: what cannot be pinged is refused with a sentence', (t) => {
  seam();
  const wrong = [
    'ping',
    'ping S',
    'ping 192.168.0',
    'ping 192.168.0.256',
    'ping 192.168.0.2/24',
    'ping 1.2.3.4.5',
  ];
  for (const line of wrong)
    t.is(refused(line), 'ping: expected the address of a host such as 192.168.0.2, or read.', line);
  for (const own of ['192.168.0.1', '12.0.0.1'])
    t.is(refused(`ping ${own}`), `ping: ${own} is an address of the router itself.`);
  for (const many of ['192.168.0.255', '12.0.0.0', '224.0.0.1', '255.255.255.255', '0.0.0.0', '127.0.0.1'])
    t.is(refused(`ping ${many}`), `ping: ${many} is not the address of one host.`);
  switches[linkWan] = 0;
  t.is(
    refused('ping 198.51.100.10'),
    'ping: no cable is plugged in on the WAN side, by which 198.51.100.10 is reached.',
  );
  t.true(ask('ping 192.168.0.2').ok);
  switches[linkLan] = 0;
  t.regex(refused('ping 192.168.0.2'), /no cable is plugged in on the LAN side/);
  t.is(ask('ping read').ping, '192.168.0.2', 'what was refused leaves what is under way alone');
});

test('ping: while the WAN has no address, only the LAN can be pinged', (t) => {
  seam();
  changeWan(0, 0xffffffff, 0, 1500, () => 1);
  t.is(
    refused('ping 198.51.100.10'),
    'ping: the WAN has no address, and 198.51.100.10 is reached by it. "hairpin status" tells about the lease.',
  );
  t.is(refused('ping 0.0.0.0'), 'ping: 0.0.0.0 is not the address of one host.');
  t.true(ask('ping 192.168.0.2').ok);
});

test('ping: every identifier is in use', (t) => {
  seam();
  for (let i = 0; i < 512; i++)
    lan(udp(`192.168.0.${10 + (i % 200)}:${2000 + i}`, 'I:53'), [2, 0, 0, 0, 1, i % 200]);
  t.is(refused('ping 192.168.0.2'), 'ping: no identifier is free for it. Try again later.');
});

test('ping: a router that stands still says why', (t) => {
  openSeam(
    'There is no config.',
    () => 0,
    () => {},
    () => {},
  );
  t.is(refused('ping 192.168.0.2'), 'The router is not running. There is no config.');
  t.is(refused('ping read'), 'The router is not running. There is no config.');
});

test('trace on HOST: only its packets; a wrong address is refused and changes nothing', (t) => {
  seam();
  t.deepEqual(ask('trace on 192.168.0.3'), { ok: true, trace: 'on', host: '192.168.0.3' });
  lan(udp('S:1', 'I:53'));
  lan(udp('C:1', 'I:53'));
  const received = () => (ask('trace read').trace as { received: string }[]).map((entry) => entry.received);
  t.deepEqual(received(), ['192.168.0.3:1>198.51.100.10:53']);
  t.is(refused('trace on C'), 'trace: expected the address of a host behind on, such as 192.168.0.2.');
  lan(udp('S:1', 'I:53'));
  t.is(received().length, 1);
  t.deepEqual(ask('trace on'), { ok: true, trace: 'on' });
  lan(udp('S:1', 'I:53'));
  t.is(received().length, 1);
  t.deepEqual(ask('trace off'), { ok: true, trace: 'off' });
});
