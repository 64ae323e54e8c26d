/**
 * P leased from the ISP: taken, renewed, refused, declined, lost at its end and moved to another network; what a cable that
 * was out does to it; every answer that is not heeded.
 */
import assert from 'node:assert/strict';
import { addressData, dhcpBytes, secondsData } from '../../wire/dhcp.ts';
import type { Dhcp, DhcpOptions } from '../../wire/dhcp.ts';
import { udp } from '../../wire/packets.ts';
import { arp, ethernet, macOf } from '../../control/table.ts';
import { stranger } from '../../services/isp.ts';
import { clientFrame } from '../../services/lan-client.ts';
import { Line } from './leased-line.ts';
import type { Subject } from './subject.ts';

function unheeded(line: Line): void {
  const { isp, router } = line;
  isp.silent = true;
  line.until('selecting');
  assert.deepEqual(line.lease, {
    state: 'selecting',
    server: null,
    gateway: null,
    secondsLeft: 0,
    resolvers: [],
  });
  router.arp('lan', 'C', 'R');
  assert.deepEqual(router.lan(udp('C:1', 'I:7')), ['lan C | icmp 3/0 R > C about udp C:1 > I:7']);
  const right = isp.answer(line.last, 2);
  const wrong: Dhcp[] = [
    { ...right, op: 1 },
    { ...right, xid: 1 },
    { ...right, chaddr: macOf('G') },
    { ...right, yiaddr: '127.0.0.1' },
    { ...right, yiaddr: '12.0.0.255' },
    { ...right, options: {} },
    { ...right, options: { ...right.options, 53: [5] } },
    { ...right, options: { 53: [2] } },
  ];
  for (const answer of wrong) line.answer(answer);
  const long = dhcpBytes(right);
  long[241] = 200;
  const other = dhcpBytes(right);
  other[236] = 0;
  // Options in `file` and in `sname` that end beyond them.
  const fields = (['inFile', 'inSname'] as const).map((field) =>
    dhcpBytes({ ...right, [field]: { 43: [] } }),
  );
  fields[0][109] = 128;
  fields[1][45] = 64;
  for (const bytes of [long, other, long.subarray(0, 200), ...fields])
    router.frame('wan', isp.frame(bytes, 'P'));
  const short = isp.frame(dhcpBytes(right), 'P');
  short[38] = 5;
  const damaged = isp.frame(dhcpBytes(right), 'P');
  damaged[300] ^= 1;
  const bare = ethernet(
    macOf('P'),
    macOf('G'),
    0x0800,
    udp('G:67', 'P:68', { data: dhcpBytes(right, 244), unsummed: true }),
  );
  for (const frame of [short, damaged]) router.frame('wan', frame);
  router.frame(
    'wan',
    ethernet(macOf('P'), macOf('G'), 0x0800, udp('G:66', 'P:68', { data: dhcpBytes(right) })),
  );
  router.counts('drop-no-address', ...Array<string>(16).fill('drop-datagram'));
  // The first offer is taken; what comes with it is not.
  router.frame('wan', bare);
  line.answer(right);
  router.counts('drop-datagram');
  isp.silent = false;
}

/** Options in all three places, a mask that is none, and what no resolver and no router can be. */
function spread(line: Line): void {
  const { isp, router } = line;
  isp.terms.mtu = 1400;
  isp.change = (answer) => {
    const { 53: type, 54: server, 51: lease, ...rest } = answer.options;
    const odd = { 1: [255, 0, 255, 0], 6: addressData('127.0.0.1', 'I', 'J', 'G', 'P') };
    return {
      ...answer,
      options: { 0: [], 43: [1, 2], 200: [], 53: type, 54: server },
      inFile: { ...rest, ...(lease && odd) },
      inSname: (lease ? { 51: lease } : {}) as DhcpOptions,
    };
  };
  line.until('probing');
  assert.equal(line.wan.address, '0.0.0.0');
  line.until('bound');
  assert.deepEqual(line.lease, {
    state: 'bound',
    server: '12.0.0.254',
    gateway: '12.0.0.254',
    secondsLeft: 37,
    resolvers: ['198.51.100.10', '198.51.100.11', '12.0.0.254'],
  });
  isp.change = (answer) => answer;
  router.arp('wan', 'G', 'P');
  router.arp('lan', 'C', 'R');
  assert.deepEqual(router.lan(udp('C:1', 'I:7')), ['wan G | udp P:1 > I:7']);
  router.counts();
}

/** Renewed, then rebound, then over. */
function overTime(line: Line): void {
  const { isp, router } = line;
  const flow = () => router.flows().length;
  isp.terms.gateway = '12.0.0.253';
  line.until('renewing');
  line.until('bound');
  assert.equal(flow(), 1);
  assert.equal(line.lease.gateway, '12.0.0.253');
  isp.silent = true;
  line.until('rebinding');
  isp.silent = false;
  line.until('bound');
  assert.equal(flow(), 1);
  isp.silent = true;
  line.until('rebinding');
  line.until('selecting');
  assert.equal(line.wan.address, '0.0.0.0');
  assert.equal(flow(), 0);
  isp.silent = false;
  line.until('bound');
  // Asked for by hand, of nobody who answers, until it is over.
  isp.silent = true;
  router.ask('lease renew');
  for (let i = 0; i < 45; i++) line.second();
  assert.equal(line.wan.address, '0.0.0.0');
  isp.silent = false;
  line.until('bound', 150);
}

/** A host of the LAN that was moved: what it is offered there is short, and the ISP's resolvers with it. */
function onTheMovedLan({ router, offers }: Line): void {
  router.frame('lan', clientFrame({ op: 1, xid: 7, chaddr: macOf('C'), options: { 53: [1] } }));
  router.pass(1);
  const { yiaddr, options } = offers.at(-1)!;
  assert.match(yiaddr, /^172\.29\.77\./);
  assert.deepEqual(Array.from(options[6]), addressData('I', 'J'));
  assert.deepEqual(Array.from(options[51]), secondsData(60));
}

/** A loose cable, another network, a refusal, an address that somebody has. */
function elsewhere(line: Line): void {
  const { isp, router } = line;
  const plug = (link: boolean) => {
    router.world.wan.setLink(link);
    router.turns(45);
    line.second();
  };
  plug(false);
  assert.match(router.refused('lease renew'), /no cable/);
  plug(true);
  line.until('bound');
  isp.terms.address = '12.0.0.7';
  router.ask('lease renew');
  isp.refuses = true;
  line.until('init');
  isp.refuses = false;
  isp.taken.add('12.0.0.7');
  line.until('probing');
  // Our own question comes back, as from a hub that is a loop.
  router.arpPacket('wan', arp(1, '12.0.0.7', '12.0.0.7', macOf('P')));
  line.until('init');
  assert.equal(line.last.type, 'decline');
  Object.assign(isp.terms, {
    address: '192.0.0.77',
    gateway: '192.0.0.78',
    server: '192.0.0.78',
    mask: '255.0.0.0',
    lease: 0xffffffff,
  });
  line.until('bound');
  assert.equal(line.lease.secondsLeft, null);
  assert.equal((router.ask('status').lan as { address: string }).address, '172.29.77.1');
  line.second();
  onTheMovedLan(line);
  const { log } = router.ask('log 8') as { log: { event: string; value: unknown }[] };
  assert.deepEqual([log[0].event, log[0].value], ['wan-lease-taken', '12.0.0.1']);
  for (let i = 0; i < 14; i++) line.second();
  for (let i = 0; i < 2; i++) {
    router.arpPacket('wan', arp(1, '192.0.0.77', '192.0.0.78', stranger));
    line.second();
  }
  assert.equal(line.last.type, 'decline');
  assert.equal(line.wan.address, '0.0.0.0');
  assert.match(router.refused('lease'), /expected renew/);
}

/** A server that offers and then is silent, or refuses what it has offered. */
function fickle(line: Line): void {
  const { isp } = line;
  Object.assign(isp.terms, {
    address: '12.0.0.9',
    gateway: null,
    server: '12.0.0.254',
    mask: null,
    resolvers: [],
    lease: 1000,
  });
  line.until('selecting');
  // The offer came in that very second.
  isp.silent = true;
  line.until('requesting');
  line.until('selecting', 100);
  isp.silent = false;
  isp.refuses = true;
  line.until('requesting', 100);
  line.until('init');
  isp.refuses = false;
  Object.assign(isp.terms, { renewal: 600, rebinding: 700 });
  // What cannot be stored is leased all the same.
  line.router.fail('Storage.write');
  line.until('bound');
  line.router.fail('');
  assert.equal(line.lease.gateway, null);
  // The host that renews it does not answer ARP any more.
  isp.silent = true;
  isp.terms.server = '12.0.0.253';
  line.router.leap(600);
  line.until('renewing');
  line.until('rebinding', 150);
}

export const lease: Subject = {
  title: 'lease',
  play(stage) {
    const line = new Line(stage);
    unheeded(line);
    spread(line);
    overTime(line);
    elsewhere(line);
    fickle(line);
    const fixed = stage.router();
    assert.match(fixed.refused('lease renew'), /the config fixes the address/);
    const silent = stage.boot({ config: null });
    silent.refused('lease renew');
  },
};
