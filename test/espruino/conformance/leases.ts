/**
 * Leases of the LAN: given, renewed, refused, declined, released, found in flash after a restart; names, the list of
 * clients, and their bytes.
 */
import assert from 'node:assert/strict';
import { LanClient, answerIn, clientFrame } from '../../services/lan-client.ts';
import { arp, ethernet, macOf } from '../../control/table.ts';
import type { Dhcp, DhcpOptions } from '../../wire/dhcp.ts';
import { hostBytes, tcp, udp } from '../../wire/packets.ts';
import { config } from './configs.ts';
import type { Router } from './router.ts';
import type { Stage, Subject } from './subject.ts';

const mac = (n: number) => [2, 0, 0, 1, 0, n];

/** A pool of six. One of them is the DMZ host's. */
function leasing(dhcp: object, dns?: object, rules?: object[]): string {
  const whole = config({ dmz: '192.168.0.102', rules });
  return JSON.stringify({
    ...whole,
    lan: { ...whole.lan, dhcp: { first: '192.168.0.100', last: '192.168.0.105', lease: 600, ...dhcp } },
    dns,
  });
}

/** The router and hosts that live by DHCP at its LAN. */
class Lan {
  private readonly heard: Uint8Array[] = [];
  readonly clients: LanClient[] = [];
  now = 0;

  constructor(readonly router: Router) {
    const { lan } = router.world;
    const tell = lan.onTransmit;
    lan.onTransmit = (frame) => {
      this.heard.push(frame);
      tell(frame);
    };
  }

  /** Frames arrive, and at the hosts what is answered. @returns the server's answers, by type and address */
  deliver(frames: readonly Uint8Array[]): string[] {
    const answers: string[] = [];
    for (const frame of frames) {
      this.router.frame('lan', frame);
      answers.push(...this.spread());
    }
    return answers;
  }

  private spread(): string[] {
    return this.heard.splice(0).flatMap((frame) => {
      const answer = answerIn(frame);
      const words = answer ? [`${answer.type} ${answer.yiaddr} to ${answer.to}`] : [];
      return [...words, ...this.clients.flatMap((client) => this.deliver(client.hear(frame, this.now)))];
    });
  }

  /** Seconds pass; hosts look at their clocks at the end of them. */
  leap(seconds = 1): string[] {
    this.now += seconds;
    this.router.leap(seconds);
    return [...this.spread(), ...this.clients.flatMap((client) => this.deliver(client.second(this.now)))];
  }

  join(n: number, name: string, remembers = ''): LanClient {
    const client = new LanClient(mac(n), { name });
    this.clients.push(client);
    this.deliver(client.start(this.now, remembers));
    this.leap();
    return client;
  }

  send(n: number, type: number, options: DhcpOptions = {}, rest: Partial<Dhcp> = {}): string[] {
    return this.deliver([
      clientFrame({ op: 1, xid: 7 + n, chaddr: mac(n), options: { 53: [type], ...options }, ...rest }),
    ]);
  }
}

const refusals = [
  ['clients x', 'a place from 0 to 63'],
  ['clients count', '"clients count on"'],
];

function served(router: Router): Lan {
  const lan = new Lan(router);
  const client = lan.join(1, 'Laptop');
  assert.equal(client.state, 'bound');
  assert.equal(lan.join(9, 'ignored').address, '192.168.0.5');
  lan.join(2, 'laptop');
  assert.match(lan.send(1, 1)[0], /^offer 192\.168\.0\.10\d/);
  assert.match(lan.send(1, 8, { 61: [1, 2, 3] }, { ciaddr: '192.168.0.77' })[0], /^ack 0\.0\.0\.0/);
  assert.deepEqual(lan.send(3, 3, { 50: hostBytes('10.0.0.9') }), ['nak 0.0.0.0 to 255.255.255.255']);
  assert.deepEqual(lan.send(3, 3), []);
  assert.deepEqual(lan.send(1, 1, {}, { giaddr: '192.168.0.7' }), []);
  assert.deepEqual(lan.send(1, 4, { 50: hostBytes('192.168.0.5') }), []);
  lan.leap(310);
  assert.equal(client.state, 'bound', 'renewed');
  return lan;
}

/** Who asks again is answered at once, or waits; who goes elsewhere meanwhile is forgotten. */
function impatient(lan: Lan): void {
  // Asked for just before a second ends: whoever has the address is still given the time to say so.
  const { router } = lan;
  const uptime = () => Number(router.ask('status').uptime);
  for (const now = uptime(); uptime() === now;) router.turns(1);
  router.turns(44);
  lan.send(12, 1);
  router.turns(8);
  lan.deliver([]);
  assert.match(lan.leap()[0], /^offer/);
  lan.leap(6);
  lan.send(10, 1);
  assert.deepEqual(lan.send(10, 1), []);
  assert.equal(lan.leap().length, 1);
  assert.match(lan.send(10, 1)[0], /^offer/);
  lan.leap(6);
  lan.send(10, 1);
  lan.send(10, 3, { 50: hostBytes('192.168.0.101'), 54: hostBytes('192.168.0.9') });
  assert.deepEqual(lan.leap(), []);
}

/** Somebody asks for an address of which we know nothing: his, unless somebody else has it. */
function unknown(lan: Lan): void {
  lan.send(11, 3, { 50: hostBytes('192.168.0.105') });
  lan.deliver([ethernet(macOf('R'), mac(66), 0x0806, arp(2, '192.168.0.105', 'R', mac(66)))]);
  assert.deepEqual(lan.leap(), ['nak 0.0.0.0 to 255.255.255.255']);
  lan.send(11, 3, { 50: hostBytes('192.168.0.101'), 12: [...Buffer.from('tv-.home')] });
  assert.deepEqual(lan.leap(), ['ack 192.168.0.101 to 192.168.0.101']);
  lan.send(11, 7, { 54: hostBytes('192.168.0.9') }, { ciaddr: '192.168.0.101' });
  assert.match(lan.send(11, 1)[0], /^offer 192\.168\.0\.101/);
  lan.send(11, 7, {}, { ciaddr: '192.168.0.101' });
  lan.leap(700);
}

/** Offered and not taken; in use by somebody else; declined; given back. */
function turnedDown(lan: Lan): void {
  lan.send(4, 1, { 50: hostBytes('192.168.0.104') }, { flags: 0x8000 });
  lan.leap();
  lan.send(4, 3, { 50: hostBytes('192.168.0.104'), 54: hostBytes('192.168.0.9') });
  lan.send(4, 1, { 50: hostBytes('192.168.0.104') });
  // Somebody else has every address of the pool that is asked for.
  for (let host = 100; host < 106; host++)
    lan.deliver([ethernet(macOf('R'), mac(66), 0x0806, arp(2, `192.168.0.${host}`, 'R', mac(66)))]);
  assert.deepEqual(lan.leap(), [], 'another address is asked for');
  assert.match(lan.leap()[0], /^offer/);
  const guest = lan.join(5, 'guest');
  lan.send(5, 4, { 50: hostBytes(guest.address) });
  const [other] = lan.clients.slice(2);
  lan.deliver(other.release());
  lan.leap(700);
  lan.send(6, 3, { 50: hostBytes('192.168.0.103') });
  lan.leap();
}

function clients(router: Router): void {
  for (const [line, sentence] of refusals) assert.ok(router.refused(line).includes(sentence), line);
  router.arp('lan', 'C', 'R');
  router.arp('wan', 'G', 'P');
  router.ask('clients count on');
  for (let i = 0; i < 4; i++) {
    router.lan(udp('C:1', 'I:99'));
    router.wan(udp('I:99', 'P:1'));
  }
  router.lan(udp('C:1', '192.168.0.3:7'));
  router.lan(tcp('C:9', 'P:25', 'S'));
  router.lan(udp('C:1', 'R:7'));
  // More hosts than are counted.
  for (let host = 200; host < 232; host++)
    router.frame('lan', ethernet(macOf('R'), mac(host), 0x0800, udp(`192.168.0.${host}:1`, 'I:99')));
  const list = (from: number) => router.ask(`clients ${from}`) as unknown as { clients: { up: number }[] };
  assert.ok(list(0).clients.length > 1);
  assert.ok(list(32).clients.some(({ up }) => up === 5 * 30));
  router.ask('trace on');
  router.lan(udp('C:1', 'I:99'));
  router.ask('trace off');
  router.ask('clients count off');
  assert.ok(router.type('show clients\r').includes('laptop'));
}

/** Ends a file of the store behind its last record. */
function cutShort(router: Router, name: string): void {
  const { storage } = router.world.board;
  const content = storage.read(name) as string;
  let end = 64;
  while (!/^\xff*$/.test(content.slice(end, end + 32))) end += 32;
  storage.write(name, content.slice(0, end));
}

const isUnsaved = (router: Router) =>
  [0, 8, 16].some((from) =>
    (router.ask(`log ${from}`).log as { event: string }[]).some(({ event }) => event === 'leases-unsaved'),
  );

/** The router begins anew, and no host is there yet. */
function restart(lan: Lan): void {
  lan.router.ask('reboot');
  lan.router.turns(20);
  lan.router.boot();
  lan.clients.length = 0;
  lan.now = 0;
}

/** What was leased is leased after a restart, by its newest record; files change over; at last there is no room. */
function again(lan: Lan): void {
  const { router } = lan;
  const { storage } = router.world.board;
  const [client] = lan.clients;
  const { address } = client;
  cutShort(router, 'leases.a');
  const late = lan.join(7, 'late');
  lan.leap(61);
  assert.ok(storage.read('leases.b'));
  lan.send(7, 4, { 50: hostBytes(late.address) });
  const second = lan.join(7, 'late').address;
  lan.leap(61);
  assert.notEqual(second, late.address);
  restart(lan);
  assert.equal(lan.join(1, 'laptop', address).address, address);
  assert.match(lan.send(7, 1)[0], new RegExp(`offer ${second} `));
  // Addresses that others had before.
  for (let n = 20; n < 24; n++) lan.join(n, '');
  const [, other] = lan.clients;
  lan.leap(61);
  restart(lan);
  assert.equal(lan.join(20, '', other.address).address, other.address);
  storage.write('big', 'x', 0, storage.getFree() - 1000);
  cutShort(router, 'leases.b');
  lan.leap(70);
  for (let n = 30; n < 38; n++) lan.join(n, '');
  lan.leap(70);
  assert.ok(isUnsaved(router));
  router.ask('factory-reset yes');
}

export const leases: Subject = {
  title: 'leases of the LAN',
  play(stage: Stage) {
    const hosts = [{ name: 'nas', mac: '02:00:00:01:00:09', address: '192.168.0.5' }];
    const router = stage.boot({ config: leasing({ hosts }) });
    const lan = served(router);
    impatient(lan);
    unknown(lan);
    turnedDown(lan);
    clients(router);
    const { log } = router.ask('log') as { log: { event: string; value: unknown }[] };
    assert.ok(log.some(({ event, value }) => event === 'address-declined' && value === '192.168.0.105'));
    router.ask('set nat.timeouts.icmp 77');
    again(lan);
    const tv = { name: 'tv', proto: 'tcp', port: 99, to: '192.168.0.101' };
    const named = new Lan(
      stage.boot({ config: leasing({ lease: 120 }, { servers: ['192.168.0.100'] }, [tv]) }),
    );
    for (let n = 1; n <= 9; n++) named.join(n, `host-${n}`);
    assert.ok(!isUnsaved(named.router));
    named.router.fail('Storage.write');
    named.leap(61);
    named.join(12, '');
    named.leap(61);
    assert.ok(isUnsaved(named.router));
    named.router.fail('');
    named.leap(2000);
    named.join(30, '');
  },
};
