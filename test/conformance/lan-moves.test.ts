/** The ISP leases an address of the LAN's own network (row 4787-7): the LAN moves out of its way. */
import { LeasedRouter, dotted } from '../services/leased.ts';
import { wanLease } from '../../firmware/layout/arena.ts';
import { wanSteadySince } from '../../firmware/layout/wan-lease.ts';
import { lanAddress } from '../../firmware/control/addresses.ts';
import { arrive, ethernet, macOf, told, say, arp } from '../control/table.ts';
import { tcp, udp } from '../wire/packets.ts';
import { row } from './row.ts';

const lanNow = () => dotted(lanAddress);

/** Bound at this ISP. */
function bound(address: string, mask: string, gateway: string): LeasedRouter {
  const router = new LeasedRouter();
  Object.assign(router.isp.terms, { address, mask, gateway, server: gateway });
  router.bind();
  return router;
}

row(
  ['4787-7'],
  'a WAN lease in the network of the LAN moves the LAN to a spare one, forwards and all',
  (t) => {
    const router = bound('192.168.0.77', '255.255.255.0', '192.168.0.1');
    t.is(router.address, '192.168.0.77');
    t.is(lanNow(), '192.168.77.1');
    t.is(wanLease[wanSteadySince], router.now);
    say('lan', arp(1, '192.168.77.3', '192.168.77.1', macOf('C')));
    say('lan', arp(1, '192.168.77.2', '192.168.77.1', macOf('S')));
    say('wan', arp(1, '192.168.0.1', '192.168.0.77', macOf('G')));
    const send = (port: 'wan' | 'lan', packet: Uint8Array) =>
      told(
        arrive(
          port,
          ethernet(macOf(port === 'wan' ? 'P' : 'R'), macOf(port === 'wan' ? 'G' : 'C'), 0x0800, packet),
        ),
      );
    t.deepEqual(send('lan', udp('192.168.77.3:4444', 'I:53')), ['wan G | udp 192.168.0.77:4444 > I:53']);
    t.deepEqual(send('wan', udp('I:53', '192.168.0.77:4444')), ['lan C | udp I:53 > 192.168.77.3:4444']);
    t.deepEqual(send('wan', tcp('I:40000', '192.168.0.77:25', 'S')), [
      'lan S | tcp I:40000 > 192.168.77.2:25 S',
    ]);
    // A host of the ISP's network that has the address of a LAN host of before.
    say('wan', arp(1, '192.168.0.2', '192.168.0.77', [2, 9, 9, 9, 9, 9]));
    t.deepEqual(send('lan', udp('192.168.77.3:4445', 'S:53')), ['wan ..9 | udp 192.168.0.77:4445 > S:53']);
    router.pass(4000);
    t.is(router.phase, 'bound');
    t.is(lanNow(), '192.168.77.1');
    t.true(wanLease[wanSteadySince] < router.now - 3000, 'a renewal moves nothing');
  },
);

row(
  ['4787-7'],
  'the spare network is the first that the WAN does not touch, and a LAN without collision stays',
  (t) => {
    for (const [address, mask, gateway, wanted] of [
      ['12.0.0.1', '255.255.255.0', '12.0.0.254', '192.168.0.1'],
      ['192.168.1.77', '255.255.255.0', '192.168.1.1', '192.168.0.1'],
      ['192.168.0.77', '255.255.255.255', '192.168.0.1', '192.168.77.1'],
      ['192.168.55.77', '255.255.0.0', '192.168.55.1', '172.29.77.1'],
      ['192.168.0.77', '255.255.255.252', '192.168.0.78', '192.168.77.1'],
      ['12.0.0.1', '255.255.255.255', '192.168.0.200', '192.168.77.1'],
      ['192.0.0.77', '255.0.0.0', '192.0.0.1', '172.29.77.1'],
    ]) {
      bound(address, mask, gateway);
      t.is(lanNow(), wanted, `${address} ${mask}`);
    }
    const router = bound('192.168.0.77', '255.255.255.0', '192.168.0.1');
    // The next lease lies in the spare network.
    Object.assign(router.isp.terms, {
      address: '192.168.77.9',
      gateway: '192.168.77.1',
      server: '192.168.77.1',
    });
    router.plug(false);
    router.pass(1);
    router.plug(true);
    router.until(() => router.address === '192.168.77.9', 60);
    t.is(lanNow(), '172.29.77.1');
  },
);
