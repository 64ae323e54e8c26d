/*
 * `hairpin capture` against the real firmware on a soft board: what is in the file is what crossed the wires, with what
 * the router did with it; how it ends, and what it says when it cannot go on.
 */
import { readFileSync, rmSync } from 'node:fs';
import test from 'ava';
import { Interrupted } from '../../../host-tools/cli/interruption.ts';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { type CaptureOptions, type Sink, runCapture } from '../../../host-tools/device/watch/capture.ts';
import { CaptureClock } from '../../../host-tools/device/watch/captured.ts';
import { reasonSentence } from '../../../host-tools/explain/reasons.ts';
import { type ReadPacket, packetsOf } from '../../capture/blocks.ts';
import { temporaryFile } from '../../cli/command.ts';
import { arpFrame, address, ipFrame, mac } from '../../scenes/cast.ts';
import { tcp } from '../../wire/packets.ts';
import { introduceAll, knock, talk } from '../console/conversations.ts';
import { type SoftRouter, softRouter } from '../console/soft-router.ts';

/** What was written, and whether it was closed. */
class Memory implements Sink {
  private readonly parts: Uint8Array[] = [];
  closed = 0;

  write(bytes: Uint8Array): void {
    this.parts.push(bytes);
  }

  close(): void {
    this.closed++;
  }

  get packets(): ReadPacket[] {
    return packetsOf(Buffer.concat(this.parts));
  }
}

interface Captured {
  soft: SoftRouter;
  sink: Memory;
  packets: ReadPacket[];
  /** What crossed each wire meanwhile. */
  wires: string[];
}

/** A line for a frame: side, direction, bytes. */
function crossing(side: string, direction: string | undefined, bytes: Uint8Array): string {
  return `${side} ${direction} ${Buffer.from(bytes).toString('hex')}`;
}

/** Writes down what crosses the wires of a board. */
function listen({ world }: SoftRouter): string[] {
  const wires: string[] = [];
  for (const side of ['wan', 'lan'] as const) {
    const chip = world[side];
    const deliver = chip.deliver.bind(chip);
    chip.deliver = (frame: Uint8Array) => {
      wires.push(crossing(side, 'in', frame));
      return deliver(frame);
    };
    chip.onTransmit = (frame) => wires.push(crossing(side, 'out', frame));
  }
  return wires;
}

/** Lets the cast speak as soon as the capture is on. */
function whenCaptured(soft: SoftRouter, speak: () => void): void {
  soft.faults.toHost = (sent) => {
    if (sent.includes('"capture":"on"')) setImmediate(speak);
    return sent;
  };
}

async function capture(
  options: Partial<CaptureOptions>,
  speak: (soft: SoftRouter) => void = talk,
  wish: Parameters<typeof softRouter>[0] = {},
): Promise<Captured> {
  const soft = await softRouter(wish);
  introduceAll(soft);
  let wires: string[] = [];
  whenCaptured(soft, () => {
    wires = listen(soft);
    speak(soft);
  });
  const sink = new Memory();
  const code = await runCapture('x.pcapng', { json: false, ...options }, soft.edges, () => sink);
  if (code !== 0) throw new Error(`exit code ${code}`);
  return { soft, sink, packets: sink.packets, wires };
}

test.serial('every packet twice, as it arrived and as it left, byte by byte, with words', async (t) => {
  const { soft, sink, packets, wires } = await capture({ count: '11', snap: '1514' });
  t.deepEqual(
    packets.map(({ interface: side, direction, bytes }) => crossing(side, direction, bytes)),
    wires.slice(0, 11),
  );
  t.is(wires.length, 11);
  const [, , , , , , there, left] = packets;
  const change = '192.168.0.3:33333 > 12.0.0.1:25 became 12.0.0.1:33333 > 192.168.0.2:25';
  t.is(
    there.comment,
    `forwarded: ${change}, on the LAN side. ${reasonSentence('forwarded-slow')} (forwarded-slow)`,
  );
  t.is(left.comment, `forwarded: this was ${change.replace('became', 'and became')}, from the LAN side.`);
  t.is(
    packets[10].comment,
    `dropped: 198.51.100.11:50000 > 12.0.0.1:26. ${reasonSentence('drop-no-forward')} (drop-no-forward)`,
  );
  t.true(packets[4].comment!.includes('(forwarded-'));
  t.is(soft.requests.at(-1), 'capture off');
  t.true(soft.edges.closed());
  t.is(sink.closed, 1);
  t.deepEqual(soft.edges.out, []);
  t.deepEqual(soft.edges.remarks, [
    'Capturing every packet into x.pcapng; Ctrl-C ends it.',
    '11 packets in x.pcapng.',
  ]);
});

test.serial('a settled packet too, which the fast path forwards alone', async (t) => {
  const { packets } = await capture({ count: '6', host: '192.168.0.3' }, ({ world }) => {
    const say = (from: string, packet: Uint8Array) => {
      world.lan.deliver(ipFrame(from, mac.routerLan, Buffer.from(packet).toString('hex')));
      world.run(20_000);
    };
    say(mac.client, tcp('C:33333', 'P:25', 'S'));
    say(mac.server, tcp('S:25', 'P:33333', 'SA'));
    say(mac.client, tcp('C:33333', 'P:25', 'A'));
  });
  t.true(packets[4].comment?.endsWith(`. ${reasonSentence('forwarded-fast')} (forwarded-fast)`));
});

test.serial("answers and questions of the router's own, and what waits for them", async (t) => {
  const speak = ({ world }: SoftRouter) => {
    const syn = Buffer.from(tcp('I:40000', 'P:25', 'S')).toString('hex');
    world.wan.deliver(ipFrame(mac.gateway, mac.routerWan, syn));
    world.run(20_000);
    world.lan.deliver(arpFrame(2, mac.server, address.S, mac.routerLan, address.R));
    world.run(20_000);
    world.lan.deliver(arpFrame(1, mac.client, address.C, mac.routerLan, address.R));
    world.run(20_000);
  };
  const soft = await softRouter();
  whenCaptured(soft, () => speak(soft));
  const sink = new Memory();
  await runCapture('-', { json: false, count: '6' }, soft.edges, () => sink);
  const comments = sink.packets.map(
    ({ interface: side, direction, comment }) => `${side} ${direction} ${comment}`,
  );
  t.regex(
    comments[0],
    /^wan in waiting: 198\.51\.100\.10:40000 > 12\.0\.0\.1:25\. .*\(held-for-neighbour\)$/,
  );
  t.is(comments[1], "lan out the router's own: ARP, who has 192.168.0.2? Tell 192.168.0.1");
  t.regex(comments[2], /^lan in taken: ARP, 192\.168\.0\.2 is at 02:00:00:00:a8:02\. .*\(consumed-arp\)$/);
  t.regex(comments[3], /^lan out forwarded: it left as 198\.51\.100\.10:40000 > 192\.168\.0\.2:25\. /);
  t.regex(comments[4], /^lan in answered: ARP, who has 192\.168\.0\.1\? Tell 192\.168\.0\.3/);
  t.is(soft.edges.remarks[0], 'Capturing every packet into the standard output; Ctrl-C ends it.');
});

test.serial('--host and --snap; --json tells how it went', async (t) => {
  const { soft, packets } = await capture({ host: '192.168.0.3', snap: '40', count: '4', json: true });
  t.true(soft.requests.includes('capture on 40 192.168.0.3'));
  t.deepEqual(
    packets.map(({ bytes, length }) => [bytes.length, length]),
    Array(4).fill([40, 60]),
  );
  t.true(packets.every(({ comment }) => comment!.includes('192.168.0.3')));
  t.deepEqual(
    soft.edges.out.map((text) => JSON.parse(text) as unknown),
    [{ schema: 'hairpin.capture/1', file: 'x.pcapng', snap: 40, host: '192.168.0.3', packets: 4, lost: 0 }],
  );
  t.deepEqual(soft.edges.remarks, []);
});

test.serial('what found no room is counted, and told in the file where it is missing', async (t) => {
  const knocks = (soft: SoftRouter) => {
    for (let n = 0; n < 60; n++) knock(soft);
    // Two rounds: only what comes behind them can tell of them.
    whenRead(soft, () => knock(soft));
  };
  const { soft, packets } = await capture({ snap: '96', count: '43' }, knocks);
  t.is(packets.length, 43);
  const lost = packets.reduce((sum, packet) => sum + packet.lost, 0);
  t.true(lost > 10, 'the test fills the buffer');
  t.regex(
    soft.edges.remarks[1],
    new RegExp(`^43 packets in x\\.pcapng\\. ${lost} frames were lost, because `),
  );
});

function whenRead(soft: SoftRouter, speak: () => void): void {
  const { toHost = (text: string) => text } = soft.faults;
  let done = false;
  soft.faults.toHost = (sent) => {
    if (!done && sent.includes('"left":0')) {
      done = true;
      setImmediate(speak);
    }
    return toHost(sent);
  };
}

test.serial('--seconds', async (t) => {
  const soft = await softRouter();
  const sink = new Memory();
  t.is(await runCapture('x', { json: false, seconds: '3' }, soft.edges, () => sink), 0);
  t.true(soft.time.now() >= 3000);
  t.is(soft.edges.remarks[1], '0 packets in x.');
});

test.serial(
  'Ctrl-C: what the router still has is written, the capture is off, the file closed',
  async (t) => {
    const soft = await softRouter();
    introduceAll(soft);
    const sink = new Memory();
    whenCaptured(soft, () => {
      talk(soft);
      process.emit('SIGTERM');
    });
    await t.throwsAsync(
      runCapture('x', { json: true }, soft.edges, () => sink),
      { instanceOf: Interrupted },
    );
    t.is(sink.packets.length, 11);
    t.is(sink.closed, 1);
    t.is(soft.requests.at(-1), 'capture off');
    t.like(JSON.parse(soft.edges.out[0]), { packets: 11, lost: 0 });
    t.true(soft.edges.closed());
  },
);

test.serial('a capture that somebody else ends, or that the router does not begin', async (t) => {
  const soft = await softRouter();
  whenCaptured(soft, () => soft.world.board.hairpin('capture off'));
  const over = await t.throwsAsync<UserError>(
    runCapture('x', { json: true }, soft.edges, () => new Memory()),
    { message: /^Somebody else has ended the capture or begun a new one/ },
  );
  t.is(over?.exitCode, 1);
  const still = await softRouter({ config: null });
  await t.throwsAsync(
    runCapture('x', { json: true }, still.edges, () => new Memory()),
    {
      message: /^The router is not running\./,
    },
  );
  t.false(still.requests.some((request) => request.startsWith('capture')));
});

test.serial('mistakes are refused before the port is opened', async (t) => {
  const soft = await softRouter();
  const cases: [file: string, options: Partial<CaptureOptions>, sentence: RegExp][] = [
    ['x', { snap: '33' }, /^--snap wants a number of bytes from 34 to 1514, but got '33'\.$/],
    ['x', { snap: '1515' }, /^--snap /],
    ['x', { snap: 'all' }, /^--snap /],
    ['x', { count: '0' }, /^--count wants a number of packets from 1 to 999999/],
    ['x', { seconds: '1.5' }, /^--seconds wants a number of seconds/],
    [
      'x',
      { host: 'nobody' },
      /^--host wants the address of a host, such as 192\.168\.0\.3, but got 'nobody'\.$/,
    ],
    ['-', { json: true }, /^The capture and --json would both go to the standard output/],
    ['/nowhere/at/all', {}, /^Cannot write \/nowhere\/at\/all: there is no such folder\.$/],
  ];
  for (const [file, options, sentence] of cases)
    await t.throwsAsync(runCapture(file, { json: false, ...options }, soft.edges), {
      instanceOf: UserError,
      message: sentence,
    });
  t.is(soft.edges.opened, 0);
});

test.serial('into a file', async (t) => {
  const soft = await softRouter();
  introduceAll(soft);
  whenCaptured(soft, () => knock(soft));
  const { path, remove } = temporaryFile('live.pcapng', '');
  try {
    t.is(await runCapture(path, { json: false, count: '1' }, soft.edges), 0);
    t.is(packetsOf(readFileSync(path)).length, 1);
  } finally {
    rmSync(path, { force: true });
    remove();
  }
});

test("the clock goes on when the router's 32 bits wrap", (t) => {
  const clock = new CaptureClock();
  clock.set(0xfffffff0, 5_000_000);
  t.is(clock.at(0xffffffe0), 4_999_984n);
  clock.set(0x10, 9_000_000);
  t.is(clock.at(0x10), 5_000_032n, "the router's clock counts, not the host's");
  t.is(clock.at(0xfffffff8), 5_000_008n);
});
