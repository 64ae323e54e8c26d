/**
 * The trace: fast and slow packets, drops and answers, ICMP queries, and a ring that goes round.
 */
import assert from 'node:assert/strict';
import { icmpError, ping, pong, tcp, udp } from '../../wire/packets.ts';
import { filler } from './packets.ts';
import type { Subject } from './subject.ts';

export const trace: Subject = {
  title: 'trace',
  play(stage) {
    const router = stage.router();
    router.lan(tcp('C:1', 'P:25', 'S'));
    router.lan(tcp('S:25', 'P:1', 'SA'));
    router.ask('trace on');
    assert.deepEqual(router.ask('trace read').trace, []);
    router.lan(tcp('C:1', 'P:25', 'A'));
    router.lan(tcp('S:25', 'P:1', 'A', { data: filler(1460) }));
    router.lan(udp('C:2', 'I:53'));
    router.wan(udp('I:53', 'P:2'));
    router.wan(udp('I:53', 'P:2'));
    router.lan(ping('C', 'I', 5));
    router.wan(pong('I', 'P', 5));
    router.wan(icmpError('G', 'P', [3, 1], udp('P:2', 'I:53')));
    router.wan(udp('I:9', 'P:9'));
    router.lan(ping('C', 'R', 6));
    router.arp('lan', 'C', 'R');
    const { trace: entries } = router.ask('trace read') as { trace: { reason: string; egress?: string }[] };
    assert.deepEqual(
      entries.map(({ reason }) => reason),
      [
        ...['forwarded-fast', 'forwarded-fast', 'forwarded-slow', 'forwarded-slow', 'forwarded-fast'],
        ...['forwarded-slow', 'forwarded-slow', 'forwarded-slow', 'drop-no-forward', 'answered-echo'],
        'answered-arp',
      ],
    );
    for (let i = 0; i < 40; i++) router.lan(tcp('C:1', 'P:25', 'A', { seq: i }));
    assert.equal((router.ask('trace read').trace as unknown[]).length, 32);
    assert.equal((router.ask('trace read 50').trace as unknown[]).length, 1);
    router.ask('trace off');
    router.count();
    router.lan(tcp('C:1', 'P:25', 'A'));
    assert.equal(router.count()['forwarded-fast'], 1);
    router.ask('trace read');
    // One host alone, on both paths; ARP has no addresses for it.
    router.ask('trace on 192.168.0.3');
    router.lan(tcp('C:1', 'P:25', 'A'));
    router.lan(udp('S:9', 'I:53'));
    for (let i = 0; i < 2; i++) router.wan(udp('I:53', 'P:9'));
    router.arp('lan', 'C', 'R');
    router.lan(ping('C', 'R', 6));
    const { trace: ofC } = router.ask('trace read') as { trace: { reason: string }[] };
    assert.deepEqual(
      ofC.map(({ reason }) => reason),
      ['forwarded-fast', 'answered-echo'],
    );
    assert.match(router.refused('trace on 192.168.0'), /expected the address/);
    // The second wraps at 65536, and shares its word with the port.
    router.leap(70_000);
    router.ask('trace on');
    router.wan(udp('I:4', 'P:5'));
    const [{ second }] = router.ask('trace read').trace as { second: number }[];
    assert.equal(second, 70_000 - 65_536);
  },
};
