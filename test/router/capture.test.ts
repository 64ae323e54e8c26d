/**
 * The live capture at the seam, with the bundle on an emulated board: requests and refusals, the stream of bytes and who
 * acknowledges what, verdicts, one host alone, room that is not there, and how it ends by itself. That every byte is
 * right is tested in test/fuzz/capture.test.ts.
 */
import test from 'ava';
import { type CapturedFrame, FrameReader } from '../../host-tools/device/watch/captured.ts';
import { address, arpFrame, ipFrame, mac } from '../scenes/cast.ts';
import { type Router, bootRouter, introduce } from '../scenes/router.ts';
import { icmp, ping, tcp, udp } from '../wire/packets.ts';

/** Microseconds after which the router has announced its addresses. */
const announced = 14_000_000;

interface Answer {
  capture: string;
  left: number;
  lost: number;
  now: number;
}

/** A router that knows everybody, and its capture. */
class Captured {
  private got = 0;
  private reader = new FrameReader(96);
  lost = 0;

  private constructor(readonly router: Router) {}

  static async boot(words = 'on'): Promise<Captured> {
    const router = await bootRouter();
    router.world.run(announced);
    introduce(router);
    const captured = new Captured(router);
    captured.begin(words);
    return captured;
  }

  begin(words: string): void {
    const { ok, error, snap } = this.router.ask(`capture ${words}`);
    if (!ok) throw new Error(error);
    this.got = 0;
    this.reader = new FrameReader(Number(snap));
  }

  lan(packet: Uint8Array): void {
    this.router.send('lan', ipFrame(mac.client, mac.routerLan, Buffer.from(packet).toString('hex')));
  }

  server(packet: Uint8Array): void {
    this.router.send('lan', ipFrame(mac.server, mac.routerLan, Buffer.from(packet).toString('hex')));
  }

  wan(packet: Uint8Array): void {
    this.router.send('wan', ipFrame(mac.gateway, mac.routerWan, Buffer.from(packet).toString('hex')));
  }

  /** Everything that waits. */
  read(): CapturedFrame[] {
    const frames: CapturedFrame[] = [];
    for (;;) {
      const { capture, left, lost } = this.answer();
      const piece = Buffer.from(capture, 'base64');
      this.got += piece.length;
      this.lost = lost;
      frames.push(...this.reader.push(piece));
      if (left === 0) return frames;
    }
  }

  answer(from = this.got): Answer {
    const answer = this.router.ask(`capture read ${from}`);
    if (!answer.ok) throw new Error(answer.error);
    return answer as unknown as Answer;
  }

  /** What is told of each frame: kind, side, reason. */
  told(): string[] {
    return this.read().map(({ kind, side, reason }) => `${kind} ${side} ${reason}`);
  }
}

test('requests and refusals', async (t) => {
  const { ask } = await bootRouter();
  const refused: [string, string][] = [
    ['capture', 'capture: expected on, off or read.'],
    ['capture ON', 'capture: expected on, off or read.'],
    ['capture read', 'capture: it is off.'],
    ['capture on 33', 'capture: expected the bytes to keep of each frame behind on, from 34 to 1514.'],
    ['capture on 1515', 'capture: expected the bytes to keep of each frame behind on, from 34 to 1514.'],
    ['capture on 96.5', 'capture: expected the bytes to keep of each frame behind on, from 34 to 1514.'],
    [
      'capture on 192.168.0.3',
      'capture: expected the bytes to keep of each frame behind on, from 34 to 1514.',
    ],
    ['capture on 96 S', 'capture: expected the address of a host behind them, such as 192.168.0.2.'],
  ];
  for (const [line, error] of refused) t.deepEqual(ask(line) as object, { ok: false, error }, line);
  t.deepEqual(ask('capture on') as object, { ok: true, capture: 'on', snap: 96 });
  t.like(ask('capture read'), { ok: true, capture: '', left: 0, lost: 0 });
  t.deepEqual(ask('capture on 34 192.168.0.3') as object, { ok: true, capture: 'on', snap: 34 });
  t.deepEqual(ask('capture off') as object, { ok: true, capture: 'off' });
  t.deepEqual(ask('capture off') as object, { ok: true, capture: 'off' });
  t.like(ask('capture read 0'), { ok: false });
  const still = await bootRouter({ config: '{' });
  t.regex(String(still.ask('capture on').error), /^The router is not running\./);
});

test('both paths, answers, errors and drops, each with what became of it', async (t) => {
  const captured = await Captured.boot();
  captured.lan(tcp('C:1', 'P:25', 'S'));
  captured.server(tcp('S:25', 'P:1', 'SA'));
  captured.lan(tcp('C:1', 'P:25', 'A'));
  t.deepEqual(captured.told(), [
    ...['arrived lan forwarded-slow', 'left lan forwarded-slow'],
    ...['arrived lan forwarded-slow', 'left lan forwarded-slow'],
    ...['arrived lan forwarded-fast', 'left lan forwarded-fast'],
  ]);
  captured.lan(ping('C', 'R', 7));
  captured.lan(udp('C:1', 'I:9', { ttl: 1 }));
  captured.wan(udp('I:9', 'P:9'));
  t.deepEqual(captured.told(), [
    ...['arrived lan answered-echo', 'left lan answered-echo'],
    ...['arrived lan drop-ttl', 'own lan drop-ttl'],
    'arrived wan drop-no-forward',
  ]);
});

test('an answer may be asked for again; a frame is forgotten when somebody has read on', async (t) => {
  const captured = await Captured.boot('on 1514');
  captured.lan(udp('C:1', 'I:9', { data: new Uint8Array(1200) }));
  const first = captured.answer(0);
  t.is(Buffer.from(first.capture, 'base64').length, 900);
  t.true(first.left > 0);
  t.deepEqual({ ...captured.answer(0), now: 0 }, { ...first, now: 0 });
  const second = captured.answer(900);
  t.is(second.left, first.left - Buffer.from(second.capture, 'base64').length);
  t.deepEqual(captured.router.ask('capture read 0') as object, {
    ok: false,
    error: 'capture: it was begun anew.',
  });
  for (const from of ['-1', '1e9', 'x', '899']) t.false(captured.router.ask(`capture read ${from}`).ok, from);
});

test('times are those of the router', async (t) => {
  const captured = await Captured.boot();
  captured.lan(udp('C:1', 'I:9'));
  captured.router.world.run(1_234_000);
  captured.lan(udp('C:1', 'I:9'));
  const [one, , two] = captured.read();
  t.is(two.time - one.time, 1_234_000 + 20_000);
  t.true(captured.answer().now >= two.time);
});

test('a cable that is out: the packet arrived and did not leave', async (t) => {
  const captured = await Captured.boot();
  captured.router.world.wan.setLink(false);
  captured.router.world.run(2_000_000);
  captured.lan(udp('C:1', 'I:9'));
  t.deepEqual(captured.told(), ['arrived lan link-down']);
});

test('one host alone: as it arrived, as it left, by ARP, and in what the router says of it', async (t) => {
  const play = (captured: Captured) => {
    captured.lan(udp('C:1', 'I:9'));
    captured.wan(udp('I:9', 'P:1'));
    captured.wan(udp('J:1', 'P:5000'));
    captured.wan(udp('J:1', 'P:9'));
    captured.lan(udp('C:1', 'I:9', { ttl: 1 }));
    captured.router.send('lan', arpFrame(1, mac.client, address.C, mac.routerLan, address.R));
    return captured.told().map((line) => line.split(' ').slice(0, 2).join(' '));
  };
  const out = ['arrived lan', 'left wan'];
  const back = ['arrived wan', 'left lan'];
  const forwarded = ['arrived wan', 'left lan'];
  const refused = ['arrived wan'];
  const expired = ['arrived lan', 'own lan'];
  const asked = ['arrived lan', 'own lan'];
  const captured = await Captured.boot('on 96');
  t.deepEqual(play(captured), [...out, ...back, ...forwarded, ...refused, ...expired, ...asked]);
  captured.begin('on 96 192.168.0.3');
  t.deepEqual(play(captured), [...out, ...back, ...expired, ...asked]);
  captured.begin('on 96 198.51.100.11');
  t.deepEqual(play(captured), [...forwarded, ...refused]);
  captured.begin('on 96 192.168.0.2');
  t.deepEqual(play(captured), forwarded, 'whom they were sent to');
  captured.begin('on 96 192.168.0.99');
  t.deepEqual(play(captured), []);
});

test('what finds no room is lost, counted, and told by the next record', async (t) => {
  const captured = await Captured.boot();
  for (let n = 0; n < 50; n++) captured.wan(udp('I:9', 'P:9'));
  const kept = captured.read();
  t.is(captured.lost, 50 - kept.length);
  t.true(captured.lost > 0);
  t.true(kept.every(({ lost }) => lost === 0));
  captured.wan(udp('I:9', 'P:9'));
  captured.wan(udp('I:9', 'P:9'));
  t.deepEqual(
    captured.read().map(({ lost }) => lost),
    [captured.lost, 0],
  );
  // Frames of others must not take the news away.
  captured.begin('on 96 198.51.100.10');
  for (let n = 0; n < 43; n++) captured.wan(udp('I:9', 'P:9'));
  captured.read();
  t.is(captured.lost, 1);
  captured.wan(udp('J:9', 'P:9'));
  captured.wan(udp('I:9', 'P:9'));
  t.deepEqual(
    captured.read().map(({ lost }) => lost),
    [1],
  );
});

test('a frame whose arrival was lost still leaves, and is not taken for another', async (t) => {
  const captured = await Captured.boot('on 1514');
  captured.wan(udp('I:9', 'P:9', { data: new Uint8Array(1460) }));
  captured.wan(udp('I:9', 'P:9', { data: new Uint8Array(1460) }));
  captured.lan(udp('C:1', 'I:9'));
  captured.read();
  t.is(captured.lost, 2, 'as it arrived and as it left');
  captured.lan(icmp('C', 'I', 8, 0, 1));
  t.deepEqual(
    captured.read().map(({ kind, lost }) => `${kind} ${lost}`),
    ['arrived 2', 'left 0'],
  );
});

test('with the trace on as well both tell, and each goes off alone', async (t) => {
  const captured = await Captured.boot();
  const { ask } = captured.router;
  ask('trace on');
  captured.lan(udp('C:1', 'I:9'));
  t.is(captured.read().length, 2);
  t.is((ask('trace read').trace as unknown[]).length, 1);
  ask('trace off');
  captured.lan(udp('C:1', 'I:9'));
  t.is(captured.read().length, 2);
  t.is((ask('trace read').trace as unknown[]).length, 1);
  ask('trace on');
  ask('capture off');
  captured.lan(udp('C:1', 'I:9'));
  t.is((ask('trace read').trace as unknown[]).length, 1);
});

test('nobody reads it: it goes off, and packets go the short way again', async (t) => {
  const captured = await Captured.boot('off');
  const { router } = captured;
  const spi = () => router.world.lan.counters.bytes;
  // The least of some: now and then a chip's health is looked at meanwhile.
  const costOfOne = () => {
    const costs = Array.from({ length: 8 }, () => {
      const before = spi();
      captured.lan(udp('C:1', 'I:9', { data: new Uint8Array(1000) }));
      return spi() - before;
    });
    return Math.min(...costs);
  };
  for (let n = 0; n < 3; n++) {
    captured.lan(udp('C:1', 'I:9', { data: new Uint8Array(1000) }));
    captured.wan(udp('I:9', 'P:1'));
  }
  const short = costOfOne();
  router.ask('capture on');
  t.true(costOfOne() > short, 'the length is read before the frame');
  router.world.run(9_000_000);
  t.true(router.ask('capture read 0').ok);
  router.world.run(13_000_000);
  t.deepEqual(router.ask('capture read 0') as object, { ok: false, error: 'capture: it is off.' });
  t.is(costOfOne(), short);
});

test('control fails over a frame: what was captured says so, and the capture goes on', async (t) => {
  const captured = await Captured.boot();
  captured.server(udp('S:1100', 'I:9'));
  captured.read();
  captured.router.world.board.evaluate("E.hwRand = function () { throw new Error('out of order'); }");
  captured.lan(udp('C:1100', 'I:9'));
  captured.lan(ping('C', 'R', 7));
  t.deepEqual(captured.told(), [
    'arrived lan drop-exception',
    'arrived lan answered-echo',
    'left lan answered-echo',
  ]);
});
