/**
 * P leased from the ISP: taken, renewed, refused, declined, lost at its end and moved to another network; what a cable that
 * was out does to it; every answer that is not heeded.
 */
import assert from 'node:assert/strict';
import { addressData, dhcpBytes } from '../../wire/dhcp.ts';
import type { Dhcp, DhcpOptions } from '../../wire/dhcp.ts';
import { udp } from '../../wire/packets.ts';
import { arp, ethernet, macOf } from '../../control/table.ts';
import { Isp, stranger } from '../../services/isp.ts';
import { config } from './configs.ts';
import type { Router } from './router.ts';
import type { Stage, Subject } from './subject.ts';

const leasedConfig = JSON.stringify({
  ...config(),
  wan: { address: 'dhcp', mac: '02:00:00:00:0c:01', mtu: 1500 },
});

interface Lease {
  state: string;
  server: string | null;
  gateway: string | null;
  secondsLeft: number | null;
  resolvers: string[];
}

/** A router and its ISP. */
class Line {
  readonly isp = new Isp();
  readonly router: Router;
  private sent: Uint8Array[] = [];
  private seconds = 0;

  constructor(stage: Stage) {
    this.router = stage.boot({ config: leasedConfig });
    const { wan } = this.router.world;
    const { onTransmit } = wan;
    wan.onTransmit = (frame) => {
      onTransmit?.(frame);
      this.sent.push(frame);
    };
    this.isp.terms.lease = 40;
  }

  /** A second passes, and the ISP answers what it heard. @returns what left, in words */
  second(): string[] {
    const left = this.router.leap(1);
    this.seconds++;
    for (let frame = this.sent.shift(); frame; frame = this.sent.shift())
      for (const answer of this.isp.hear(frame, this.seconds)) left.push(...this.router.frame('wan', answer));
    return left;
  }

  /** Seconds until the phase is that one. */
  until(state: string, most = 80): number {
    for (let i = 0; i < most; i++) {
      if (this.lease.state === state) return i;
      this.second();
    }
    throw new Error(`not ${state} within ${most} s, but ${this.lease.state}`);
  }

  get wan(): { address: string; lease: Lease } {
    return this.router.ask('status').wan as { address: string; lease: Lease };
  }

  get lease(): Lease {
    return this.wan.lease;
  }

  /** The last message with the fields that an answer repeats. */
  get last() {
    return this.isp.heard.at(-1)!;
  }

  /** An answer arrives that is made by hand. */
  answer(answer: Dhcp): void {
    this.router.frame('wan', this.isp.frameOf(answer, { flags: 0x8000 }));
  }
}

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
  line.until('bound');
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
