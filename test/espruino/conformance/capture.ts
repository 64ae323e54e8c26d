/**
 * The live capture: frames of both paths as they arrived and as they left, those of the router's own, one host alone, a
 * stream that is read in pieces and again, a buffer that is full, an end that nobody asked for.
 */
import assert from 'node:assert/strict';
import { FrameReader } from '../../../host-tools/device/watch/captured.ts';
import { icmpError, ping, tcp, udp } from '../../wire/packets.ts';
import { filler } from './packets.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

/** What waits in the router, by kind, side and reason. */
function capturedBy(router: Router, words: string): () => string[] {
  const { snap } = router.ask(`capture on${words}`);
  const reader = new FrameReader(Number(snap));
  let got = 0;
  return () => {
    const told: string[] = [];
    for (;;) {
      const { capture, left } = router.ask(`capture read ${got}`);
      const piece = Buffer.from(String(capture), 'base64');
      got += piece.length;
      for (const { kind, side, reason } of reader.push(piece)) told.push(`${kind} ${side} ${reason}`);
      if (left === 0) return told;
    }
  };
}

export const capture: Subject = {
  title: 'capture',
  play(stage) {
    const router = stage.router();
    const all = capturedBy(router, '');
    assert.deepEqual(all(), []);
    router.lan(tcp('C:1', 'P:25', 'S'));
    router.lan(tcp('S:25', 'P:1', 'SA'));
    router.lan(tcp('C:1', 'P:25', 'A'));
    router.lan(tcp('S:25', 'P:1', 'A', { data: filler(1460) }));
    assert.deepEqual(all(), [
      ...['arrived lan forwarded-slow', 'left lan forwarded-slow'],
      ...['arrived lan forwarded-slow', 'left lan forwarded-slow'],
      ...['arrived lan forwarded-fast', 'left lan forwarded-fast'],
      ...['arrived lan forwarded-fast', 'left lan forwarded-fast'],
    ]);
    router.lan(udp('C:2', 'I:53', { ttl: 1 }));
    router.lan(ping('C', 'R', 6));
    router.lan(udp('C:2', 'I:53'));
    router.wan(icmpError('G', 'P', [3, 1], udp('P:2', 'I:53')));
    router.wan(udp('I:9', 'P:9'));
    router.arp('lan', 'C', 'R');
    assert.deepEqual(all(), [
      ...['arrived lan drop-ttl', 'own lan drop-ttl', 'arrived lan answered-echo', 'left lan answered-echo'],
      ...['arrived lan forwarded-slow', 'left wan forwarded-slow'],
      ...['arrived wan forwarded-slow', 'left lan forwarded-slow', 'arrived wan drop-no-forward'],
      ...['arrived lan answered-arp', 'own lan answered-arp'],
    ]);
    // Waits for a neighbour, and ends there: the same bytes twice are two packets.
    for (let i = 0; i < 2; i++) router.lan(udp('C:3', '192.168.0.9:9', { data: filler(200) }));
    router.lan(udp('C:2', 'I:53'));
    router.lan(udp('C:2', 'I:53'));
    router.arpPacket('lan', Uint8Array.from([0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0xa8, 9, 192, 168, 0, 9]));
    assert.ok(all().length >= 8);

    // In pieces, again, and from nowhere.
    const whole = capturedBy(router, ' 1514');
    router.lan(tcp('S:25', 'P:1', 'A', { data: filler(1460) }));
    const first = router.ask('capture read');
    assert.deepEqual({ ...router.ask('capture read 0'), now: 0 }, { ...first, now: 0 });
    assert.match(router.refused('capture read 5000'), /begun anew/);
    assert.match(router.refused('capture read x'), /begun anew/);
    assert.deepEqual(whole(), ['arrived lan forwarded-fast', 'left lan forwarded-fast']);
    // What was read has its place until somebody reads on.
    assert.deepEqual(whole(), []);
    for (let i = 0; i < 2; i++) router.wan(udp('I:9', 'P:9', { data: filler(1400) }));
    router.lan(tcp('C:1', 'P:25', 'A', { data: filler(1400) }));
    assert.deepEqual(whole(), Array(2).fill('arrived wan drop-no-forward'));
    router.lan(tcp('C:1', 'P:25', 'A'));
    assert.deepEqual(whole(), ['arrived lan forwarded-fast', 'left lan forwarded-fast']);

    // One host alone, with the trace on as well.
    router.ask('trace on');
    const ofC = capturedBy(router, ' 34 192.168.0.3');
    router.lan(tcp('C:1', 'P:25', 'A'));
    router.lan(udp('S:9', 'I:53'));
    router.wan(udp('I:53', 'P:9'));
    router.arp('lan', 'C', 'R');
    router.arp('lan', 'S', 'R');
    assert.deepEqual(ofC(), [
      ...['arrived lan forwarded-fast', 'left lan forwarded-fast'],
      ...['arrived lan answered-arp', 'own lan answered-arp'],
    ]);
    assert.equal((router.ask('trace read').trace as unknown[]).length, 5);
    router.ask('trace off');

    for (const words of ['', ' maybe', ' on 33', ' on 1515', ' on 34.5', ' on x', ' on 96 192.168.0'])
      router.refused(`capture${words}`);
    // The refused ones have not touched it; nobody reads it any more.
    router.ask('capture on');
    router.pass(12);
    assert.match(router.refused('capture read 0'), /it is off/);
    router.ask('capture off');
    router.scarce(true);
    assert.match(router.refused('capture on'), /too little memory/);
    router.scarce(false);
    router.count();
    router.lan(tcp('C:1', 'P:25', 'A'));
    assert.equal(router.count()['forwarded-fast'], 1);
  },
};
