/**
 * The hairpin in all its modes, of forwards and of dynamic mappings, slow and fast, and switched while it runs.
 */
import assert from 'node:assert/strict';
import { tcp, udp } from '../../wire/packets.ts';
import { configText, forwards } from './configs.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

/** What the server sees of C, by mode: the source of what reaches it. */
const seen: Record<string, string> = { external: 'P', lan: 'R' };

/** A whole conversation around the hairpin, the later packets by the fast path. */
function around(router: Router, mode: string, clientPort: number): void {
  const by = seen[mode];
  const client = `C:${clientPort}`;
  const inner = `${by}:${clientPort}`;
  assert.deepEqual(router.lan(tcp(client, 'P:25', 'S')), [`lan S | tcp ${inner} > S:25 S`]);
  assert.deepEqual(router.lan(tcp('S:25', inner, 'SA')), [`lan C | tcp P:25 > ${client} SA`]);
  router.count();
  assert.deepEqual(router.lan(tcp(client, 'P:25', 'A')), [`lan S | tcp ${inner} > S:25 A`]);
  assert.deepEqual(router.lan(tcp('S:25', inner, 'PA', { data: '220 hello' })), [
    `lan C | tcp P:25 > ${client} PA`,
  ]);
  assert.equal(router.count()['forwarded-fast'], 2);
  router.lan(udp(client, 'P:5000'));
  router.lan(udp('S:5000', inner));
  router.lan(udp(client, 'P:5000'));
  router.count();
  assert.deepEqual(router.lan(udp(client, 'P:5000')), [`lan S | udp ${inner} > S:5000`]);
  assert.deepEqual(router.lan(udp('S:5000', inner)), [`lan C | udp P:5000 > ${client}`]);
  assert.equal(router.count()['forwarded-fast'], 2);
}

function inEveryMode(router: Router): void {
  around(router, 'external', 33333);
  for (const rule of forwards) router.ask(`set forward ${rule.name} hairpin lan`);
  around(router, 'lan', 33334);
  router.ask('set forward smtp hairpin dnat-only');
  assert.deepEqual(router.lan(tcp('C:33335', 'P:25', 'S')), ['lan S | tcp C:33335 > S:25 S'], 'the mistake');
  assert.deepEqual(router.lan(tcp('C:33336', 'P:6001', 'S')), ['lan S | tcp R:33336 > S:7001 S'], 'a range');
  router.ask('set forward smtp hairpin none');
  assert.deepEqual(router.lan(tcp('C:33337', 'P:25', 'S')), ['lan C | tcp P:25 > C:33337 RA']);
  router.ask('set forward echo hairpin none');
  assert.match(router.lan(udp('C:33337', 'P:5000'))[0], /icmp 3\/3 P > C/);
  router.counts('drop-refused', 'drop-refused');
  router.ask('flows');
  router.ask('config');
}

/** Two clients on one server behind one address: the second one's port has to change, and is given back. */
function sharedPorts(router: Router): void {
  router.lan(tcp('C:700', 'P:25', 'S'));
  const [second] = router.lan(tcp('S:700', 'P:25', 'S'));
  assert.match(second, /^lan S \| tcp P:\d+ > S:25 S$/);
  assert.ok(!second.includes('P:700 '), 'taken by C');
  router.lan(udp('C:50', 'P:5000'));
  router.lan(udp('S:50', 'P:5000'));
  // From one port to one server port by two forwards: the answers could not be told apart.
  router.lan(tcp('C:60', 'P:25', 'S'));
  router.lan(tcp('C:60', 'P:2525', 'S'));
  router.counts('drop-no-port');
  router.ask('set forward smtp hairpin external');
  router.lan(tcp('S:700', 'P:25', 'S'));
  router.counts();
}

/** S has spoken to the Internet from a port; C reaches it by the mapping that this left. */
function dynamic(router: Router): void {
  router.lan(udp('S:9000', 'I:53'));
  assert.deepEqual(router.lan(udp('C:9001', 'P:9000')), ['lan S | udp P:9001 > S:9000']);
  assert.deepEqual(router.lan(udp('S:9000', 'P:9001')), ['lan C | udp P:9000 > C:9001']);
  router.lan(tcp('S:9000', 'I:80', 'S'));
  assert.deepEqual(router.lan(tcp('C:9002', 'P:9000', 'S')), ['lan S | tcp P:9002 > S:9000 S']);
  router.counts();
}

export const hairpin: Subject = {
  title: 'hairpin',
  play(stage) {
    inEveryMode(stage.router());
    const router = stage.router({ config: configText({ hairpin: 'external' }) });
    sharedPorts(router);
    dynamic(router);
    const without = stage.router({
      config: configText({ hairpin: 'dnat-only', nat: { hairpinDynamic: false } }),
    });
    assert.match(without.console[0], /dnat-only/);
    without.lan(udp('S:9000', 'I:53'));
    assert.match(without.lan(udp('C:9001', 'P:9000'))[0], /icmp 3\/3 P > C/);
    without.counts('drop-refused');
    without.lan(tcp('C:33335', 'P:2525', 'S'));
    without.lan(udp('C:33335', 'P:6003'));
    without.ask('flows');
  },
};
