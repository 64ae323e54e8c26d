/** Section 12, the server's half: what the hosts of the LAN are given, and what they are refused. Virtual time. */
import { row } from './row.ts';
import { ServedLan } from '../services/served-lan.ts';
import type { Answer } from '../services/served-lan.ts';
import { LanClient, clientFrame } from '../services/lan-client.ts';
import {
  leaseBound,
  leaseFree,
  leaseOver,
  leaseState,
  policyDns,
  policySwitch,
  policyWanDhcp,
  resolvers,
  served,
  switches,
  syslogHost,
} from '../../firmware/layout/arena.ts';
import { wanMtu } from '../../firmware/control/addresses.ts';
import { changeWan, moveLan } from '../../firmware/control/readdress.ts';
import { arp, arrive, dropped, ethernet, lan as fromLan, macOf, moved, say } from '../control/table.ts';
import { addressData } from '../wire/dhcp.ts';
import type { Dhcp, DhcpOptions } from '../wire/dhcp.ts';
import { hostBytes, udp, word } from '../wire/packets.ts';

/** Hosts of this LAN, by number. */
const mac = (n: number) => [2, 0, 0, 1, n >> 8, n & 255];
const bound = (lan: ServedLan, n: number, remembers = '') => {
  const client = lan.add(new LanClient(mac(n)), remembers);
  lan.pass(2);
  return client;
};
/** A message of host n. */
const message = (n: number, type: number, options: DhcpOptions = {}, rest: Partial<Dhcp> = {}): Dhcp => ({
  op: 1,
  xid: 0xdeadbeef,
  chaddr: mac(n),
  options: { 53: [type], ...options },
  ...rest,
});
const [DISCOVER, REQUEST, DECLINE, INFORM] = [1, 3, 4, 8];
const types = (answers: readonly Answer[]) => answers.map(({ type }) => type);
const seconds = ({ options }: Answer) => Buffer.from(options[51]).readUInt32BE();
const inState = (state: number) => [...leaseState].filter((one) => one === state).length;

row(['ds-1'], 'a client gets the address it has, then the one it had, then the one it wishes for', (t) => {
  const lan = new ServedLan();
  const client = bound(lan, 1);
  t.is(client.state, 'bound');
  const { address } = client;
  t.regex(address, /^192\.168\.0\.1\d\d$/);
  client.stop();
  const asked = moved()['sent-arp-request'];
  t.true(asked > 0);
  client.start(lan.now);
  lan.deliver(client.start(lan.now));
  t.is(client.address, address, 'at once: nobody is asked again');
  t.is(client.state, 'bound');
  client.stop();
  lan.pass(43300);
  t.is(inState(leaseOver), 1);
  lan.deliver(client.start(lan.now));
  t.is(client.address, address, 'over, but remembered');
  // Wishes: one that is free, one that is somebody's, one that is no address of the pool.
  const wish = (n: number, host: string) => {
    lan.send(message(n, DISCOVER, { 50: hostBytes(host) }));
    return lan.pass(2).find(({ type }) => type === 'offer')!.yiaddr;
  };
  t.is(wish(2, '192.168.0.150'), '192.168.0.150');
  t.not(wish(3, address), address);
  t.regex(wish(4, '192.168.0.50'), /^192\.168\.0\.1\d\d$/);
  t.regex(wish(5, '10.0.0.1'), /^192\.168\.0\.1\d\d$/);
});

row(
  ['ds-2'],
  'an address that a static host has is found out before it is offered; a client that has it is no conflict',
  (t) => {
    const lan = new ServedLan({ first: 100, last: 102 });
    // A host that answers for two of the three, whoever asks.
    const squat = (host: string, owner: number[]) => ({
      hear: (frame: Uint8Array) =>
        frame[13] === 6 && frame.subarray(38, 42).join('.') === host
          ? [ethernet(macOf('R'), owner, 0x0806, arp(2, host, 'R', owner))]
          : [],
      second: () => [],
    });
    lan.clients.push(squat('192.168.0.100', mac(77)) as never, squat('192.168.0.101', mac(78)) as never);
    lan.send(message(1, DISCOVER));
    const offers = lan.pass(4);
    t.deepEqual(types(offers), ['offer']);
    t.is(offers[0].yiaddr, '192.168.0.102');
    lan.clients.length = 0;
    lan.clients.push(squat('192.168.0.100', mac(2)) as never);
    const other = new ServedLan({ first: 100, last: 100 });
    other.clients.push(squat('192.168.0.100', mac(2)) as never);
    other.send(message(2, DISCOVER));
    t.deepEqual(types(other.pass(2)), ['offer'], 'it had the address already');
    other.send(message(3, DISCOVER));
    t.deepEqual(other.pass(3), []);
  },
);

row(['ds-2'], 'an answer is given at least 200 ms, and the offer is no later than the next second', (t) => {
  const lan = new ServedLan();
  lan.send(message(1, DISCOVER));
  t.deepEqual(types(lan.pass(1)), ['offer']);
});

row(['ds-3'], 'a request for another server is met with silence, and frees what was offered', (t) => {
  const lan = new ServedLan();
  lan.send(message(1, DISCOVER));
  const [offer] = lan.pass(2);
  t.deepEqual(
    lan.send(message(1, REQUEST, { 50: hostBytes(offer.yiaddr), 54: hostBytes('192.168.0.9') })),
    [],
  );
  t.deepEqual(lan.pass(2), []);
  t.is(inState(leaseFree), 32);
  const client = bound(lan, 2);
  t.deepEqual(
    lan.send(message(2, REQUEST, { 50: hostBytes(client.address), 54: hostBytes('192.168.0.9') })),
    [],
  );
  t.is(inState(leaseBound), 1, 'what is leased stays leased');
});

row(['ds-4'], 'a wish for a foreign network, or for what is not his, is refused by broadcast', (t) => {
  const lan = new ServedLan();
  const refusedFor = (n: number, options: DhcpOptions, rest: Partial<Dhcp> = {}) => {
    const [nak] = lan.send(message(n, REQUEST, options, rest));
    t.is(nak?.type, 'nak');
    t.is(nak.to, '255.255.255.255');
    t.deepEqual(nak.mac, [255, 255, 255, 255, 255, 255]);
    t.deepEqual(nak.options[54], hostBytes('R'));
    t.is<unknown, undefined>(nak.options[51], undefined);
    t.is(nak.yiaddr, '0.0.0.0');
  };
  refusedFor(1, { 50: hostBytes('10.0.0.9') });
  refusedFor(1, {}, { ciaddr: '10.0.0.9' });
  refusedFor(1, { 50: hostBytes('192.168.0.50') });
  const client = bound(lan, 2);
  refusedFor(1, { 50: hostBytes(client.address) });
  refusedFor(2, { 50: hostBytes('192.168.0.150') });
  refusedFor(2, { 50: hostBytes('192.168.0.1'), 54: hostBytes('R') });
  // A host that we have forgotten, or never heard of, keeps a vacant address once nobody else has it.
  const back = lan.add(new LanClient(mac(3)), '192.168.0.180');
  t.is(back.state, 'rebooting');
  lan.pass(2);
  t.is(back.address, '192.168.0.180');
  t.deepEqual(lan.send(message(4, REQUEST)), [], 'one that wishes for nothing');
});

row(['ds-5'], 'transaction, flags and MAC address come back, and what the client calls itself', (t) => {
  const lan = new ServedLan();
  const id = [255, 1, 2, 3, 4, 5];
  lan.send(message(1, DISCOVER, { 61: id }, { flags: 0x8001 }));
  const [offer] = lan.pass(2);
  t.like(offer, { op: 2, xid: 0xdeadbeef, flags: 0x8001, giaddr: '0.0.0.0', chaddr: mac(1), secs: 0 });
  t.deepEqual(offer.options[61], id);
  const [ack] = lan.send(message(1, REQUEST, { 61: id, 50: hostBytes(offer.yiaddr), 54: hostBytes('R') }));
  t.is(ack.type, 'ack');
  t.deepEqual(ack.options[61], id);
  const [nak] = lan.send(message(1, REQUEST, { 61: id, 50: hostBytes('10.0.0.1') }));
  t.deepEqual(nak.options[61], id);
  const [plain] = lan.send(message(1, DISCOVER));
  t.is<unknown, undefined>(plain.options[61], undefined);
  t.true(plain.length >= 300 && plain.length <= 548);
  const [long] = lan.send(message(1, DISCOVER, { 61: Array<number>(220).fill(7) }));
  t.is(long.options[61].length, 220);
  t.is(long.length, 548);
  t.is<unknown, undefined>(
    lan.send(message(1, DISCOVER, { 61: Array<number>(221).fill(7) }))[0].options[61],
    undefined,
  );
});

row(
  ['ds-6'],
  'the answer goes to the address the client has, else to all if it says so, else to the one it is given, at its MAC address',
  (t) => {
    const lan = new ServedLan();
    const client = bound(lan, 1);
    const { address } = client;
    const way = (rest: Partial<Dhcp>, from?: string, to?: string) => {
      const [answer] = lan.send(
        message(1, REQUEST, rest.ciaddr ? {} : { 50: hostBytes(address) }, rest),
        from,
        to,
      );
      return [answer.type, answer.to, answer.mac.join()];
    };
    const own = mac(1).join();
    const all = '255,255,255,255,255,255';
    t.deepEqual(way({}), ['ack', address, own]);
    t.deepEqual(way({ flags: 0x8000 }), ['ack', '255.255.255.255', all]);
    t.deepEqual(way({ ciaddr: address, flags: 0x8000 }, address), ['ack', address, own], 'rebinding');
    t.deepEqual(way({ ciaddr: address }, address, '192.168.0.1'), ['ack', address, own], 'renewing');
    moved();
    t.deepEqual(lan.send(message(1, DISCOVER, {}, { giaddr: '192.168.0.7' })), []);
    t.is(dropped(), 'drop-datagram');
  },
);

row(['ds-7'], 'a declined address rests for ten minutes; a released one is free, and remembered', (t) => {
  const lan = new ServedLan({ first: 100, last: 101 });
  const client = bound(lan, 1);
  const { address } = client;
  const other = address === '192.168.0.100' ? '192.168.0.101' : '192.168.0.100';
  lan.send(message(1, DECLINE, { 50: hostBytes(other), 54: hostBytes('R') }));
  t.is(inState(leaseBound), 1, 'only what he has');
  client.stop();
  lan.send(message(1, DECLINE, { 50: hostBytes(address), 54: hostBytes('R') }));
  lan.send(message(1, DISCOVER));
  t.is(lan.pass(2)[0].yiaddr, other);
  lan.pass(10);
  lan.send(message(2, DISCOVER, { 50: hostBytes(address) }));
  t.is(lan.pass(2)[0].yiaddr, other, 'the offer is over, the rest is not');
  lan.pass(600);
  lan.send(message(2, DISCOVER, { 50: hostBytes(address) }));
  t.is(lan.pass(2)[0].yiaddr, address);
  const free = new ServedLan({ first: 100, last: 100 });
  const first = bound(free, 1);
  free.deliver(first.release());
  t.is(inState(leaseOver), 1);
  free.deliver(first.start(free.now));
  t.is(first.address, '192.168.0.100', 'remembered');
  free.deliver(first.release());
  t.is(bound(free, 2).address, '192.168.0.100', 'and free');
});

row(['ds-8'], 'who asks only for options gets them without a lease', (t) => {
  const lan = new ServedLan();
  const [ack] = lan.send(message(9, INFORM, {}, { ciaddr: '192.168.0.44' }), '192.168.0.44');
  t.is(ack.type, 'ack');
  t.deepEqual([ack.yiaddr, ack.ciaddr, ack.to], ['0.0.0.0', '192.168.0.44', '192.168.0.44']);
  for (const code of [51, 58, 59]) t.is<unknown, undefined>(ack.options[code], undefined, `${code}`);
  t.deepEqual(ack.options[3], hostBytes('R'));
  t.is(inState(leaseFree), 32);
});

row(
  ['ds-9'],
  'an answer has lease, server, mask, router, broadcast, domain and times, and who answers names',
  (t) => {
    const lan = new ServedLan({ lease: 7200 });
    const client = bound(lan, 1);
    const { options } = client.last!;
    const number = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    t.like(options, {
      1: hostBytes('255.255.255.0'),
      3: hostBytes('R'),
      15: [...Buffer.from('lan')],
      28: hostBytes('192.168.0.255'),
      51: number(7200),
      54: hostBytes('R'),
      58: number(3600),
      59: number(6300),
    });
    const named = () => lan.send(message(1, DISCOVER))[0].options[6];
    t.is<unknown, undefined>(named(), undefined, 'nobody is known');
    resolvers[0] = word('9.9.9.9');
    resolvers[2] = word('1.1.1.1');
    t.deepEqual(named(), addressData('9.9.9.9', '1.1.1.1'));
    switches[policySwitch] |= policyDns;
    t.deepEqual(named(), hostBytes('R'));
  },
);

row(
  ['ds-10'],
  'leases outlive a restart, and nobody else gets them; flash is written once a minute at most',
  (t) => {
    const lan = new ServedLan({ first: 100, last: 104 });
    const old = bound(lan, 1);
    const { address } = old;
    lan.pass(61);
    const { flash } = lan.storage;
    const { written } = flash;
    t.true(written > 0);
    lan.deliver(old.start(lan.now));
    lan.pass(200);
    t.is(flash.written, written, 'the same again writes nothing');
    for (let n = 2; n < 5; n++) bound(lan, n);
    lan.pass(10);
    t.is(flash.written, written + 32, 'the first of them is written at once');
    lan.pass(60);
    t.is(flash.written, written + 3 * 32, 'the others a minute later, together');
    lan.clients.length = 0;
    lan.start();
    const fresh = bound(lan, 9);
    t.is([address, ...[2, 3, 4].map((n) => n)].includes(fresh.address), false);
    t.not(fresh.address, address);
    lan.send(message(1, REQUEST, {}, { ciaddr: address }), address);
    const [ack] = lan.send(message(1, REQUEST, {}, { ciaddr: address }), address, '192.168.0.1');
    t.deepEqual([ack.type, ack.yiaddr], ['ack', address]);
  },
);

row(['ds-11'], 'a full pool is silent; whose lease was over longest gives way first', (t) => {
  const lan = new ServedLan({ first: 100, last: 102, lease: 120 });
  const [a, b, c] = [bound(lan, 1), bound(lan, 2), bound(lan, 3)];
  t.is(new Set([a.address, b.address, c.address]).size, 3);
  t.deepEqual(lan.send(message(4, DISCOVER)), []);
  t.deepEqual(lan.pass(3), []);
  const { address } = b;
  lan.deliver(b.release());
  lan.pass(5);
  lan.deliver(a.release());
  lan.send(message(4, DISCOVER));
  t.is(lan.pass(2)[0].yiaddr, address);
  // More hosts than places, in a pool that is larger: the 33rd is not served while all others live.
  const many = new ServedLan();
  for (let n = 1; n <= 32; n++) t.is(bound(many, n).state, 'bound');
  many.send(message(40, DISCOVER));
  t.deepEqual(types(many.pass(3)), []);
  many.deliver(many.clients[6].release());
  many.send(message(40, DISCOVER));
  t.deepEqual(types(many.pass(3)), ['offer']);
});

row(
  ['ds-12'],
  'only the LAN is served, and never with an address that is in use or spoken of in the config',
  (t) => {
    const lan = new ServedLan({
      first: 1,
      last: 5,
      dmz: '192.168.0.3',
      forwards: [{ name: 'web', proto: 'tcp', port: 80, to: '192.168.0.2' }],
      fixed: [{ name: 'nas', mac: mac(50), host: 4 }],
    });
    t.is(bound(lan, 1).address, '192.168.0.5', 'not R, nor the forward, the DMZ host and the fixed one');
    lan.send(message(2, DISCOVER));
    t.deepEqual(lan.pass(3), []);
    t.is(bound(lan, 50).address, '192.168.0.4', 'the config fixes it');
    served[syslogHost] = 5;
    lan.deliver(lan.clients[0].release());
    lan.send(message(2, DISCOVER));
    t.deepEqual(lan.pass(3), [], 'whose it was may have it back, and nobody else');
    lan.deliver(lan.clients[0].start(lan.now));
    t.is(lan.clients[0].address, '192.168.0.5');
    moved();
    const frame = clientFrame(message(3, DISCOVER));
    t.deepEqual(arrive('wan', frame), []);
    t.regex(dropped(), /^drop-(broadcast|wrong-side|martian)$/);
    // A pool of the whole network, edges included.
    const edges = new ServedLan({ first: 0, last: 255 });
    edges.send(message(1, DISCOVER, { 50: hostBytes('192.168.0.0') }));
    t.not(edges.pass(2)[0].yiaddr, '192.168.0.0');
    edges.send(message(2, DISCOVER, { 50: hostBytes('192.168.0.255') }));
    t.not(edges.pass(2)[0].yiaddr, '192.168.0.255');
  },
);

row(
  ['ds-13'],
  'leases are short while the ISP has given no address, and for ten minutes after the LAN was moved',
  (t) => {
    const lan = new ServedLan();
    const client = bound(lan, 1);
    const given = () => seconds(lan.send(message(1, DISCOVER))[0]);
    t.is(given(), 43200);
    switches[policySwitch] |= policyWanDhcp;
    changeWan(0, 0xffffffff, 0, wanMtu, () => 7);
    t.is(given(), 60);
    changeWan(word('12.0.0.1'), word('255.255.255.0'), word('12.0.0.254'), wanMtu, () => 7);
    t.is(given(), 43200);
    switches[policySwitch] &= ~policyWanDhcp;
    client.stop();
    moveLan(word('192.168.9.1'), () => 7);
    lan.pass(1);
    t.is(given(), 60);
    // The client renews what it had and is refused; it gets the same number in the new network.
    const { address } = client;
    const [nak] = lan.send(message(1, REQUEST, { 50: hostBytes('192.168.0.150') }));
    t.is(nak.type, 'nak');
    t.is(address, '');
    lan.deliver(client.start(lan.now));
    t.regex(client.address, /^192\.168\.9\.1\d\d$/);
    lan.pass(598);
    t.is(given(), 60);
    lan.pass(3);
    t.is(given(), 43200);
  },
);

row(
  ['ds-14', 'sec-9'],
  'a flood of 500 askers reserves nothing for longer than five seconds, and leases live',
  (t) => {
    const lan = new ServedLan({ first: 100, last: 109 });
    const client = bound(lan, 1);
    for (let n = 0; n < 500; n++) {
      lan.send(message(1000 + n, DISCOVER));
      if (n % 50 === 0) lan.pass(1);
    }
    t.true([...leaseState].filter((state) => state && state !== leaseBound).length <= 7);
    lan.pass(6);
    lan.deliver(client.start(lan.now));
    t.is(client.state, 'bound');
    t.is(inState(leaseFree), 31);
    t.is(bound(lan, 2).state, 'bound');
  },
);

row(
  ['sec-9'],
  'an option that ends beyond the message spoils it, and so does all that is no request',
  (t) => {
    new ServedLan();
    const spoil = (change: (bytes: Uint8Array) => void) => {
      const frame = clientFrame(message(1, DISCOVER));
      change(frame.subarray(42));
      frame[40] = 0;
      frame[41] = 0;
      moved();
      t.deepEqual(arrive('lan', frame), []);
      t.is(dropped(), 'drop-datagram');
    };
    spoil((bytes) => (bytes[241] = 255));
    spoil((bytes) => (bytes[0] = 2));
    spoil((bytes) => (bytes[1] = 6));
    spoil((bytes) => (bytes[236] = 0));
    spoil((bytes) => (bytes[28] = 1));
    spoil((bytes) => bytes.fill(0, 28, 34));
    spoil((bytes) => (bytes[240] = 0));
    t.is(inState(leaseFree), 32);
    fromLan(udp('C:1', 'R:67'));
    say('lan', arp(1, 'C', 'R'));
  },
);
