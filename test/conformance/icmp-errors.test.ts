/** Section 8 of the checklist: other people's ICMP errors in all directions, about UDP, TCP and queries. */
import { flowSeen, flowState } from '../../firmware/layout/arena.ts';
import { dropped, lan, pause, router, wan } from '../control/table.ts';
import { icmp, icmpError, ping, pong, tcp, udp } from '../wire/packets.ts';
import { row } from './row.ts';

/** An error passes, about UDP and about TCP; it may quote eight bytes of transport or more. */
interface Case {
  /** Packets that make the flow, by protocol. */
  flow: (make: Make) => void;
  from: [host: string, to: string];
  quoted: [from: string, to: string];
  leaves: string;
  becomes: string;
}

type Make = (from: string, to: string, answer?: boolean) => Uint8Array;
const makers: Record<string, Make> = {
  udp: (from, to) => udp(from, to),
  tcp: (from, to, answer) => tcp(from, to, answer ? 'SA' : 'S'),
};

function passes(
  t: { deepEqual(a: unknown, b: unknown, why?: string): void; is(a: unknown, b: unknown): void },
  given: Case,
): void {
  for (const [name, make] of Object.entries(makers)) {
    for (const [type, code] of [
      [3, 3],
      [3, 1],
      [11, 0],
      [11, 1],
      [12, 0],
    ] as [number, number][]) {
      for (const length of [8, 40]) {
        router({ wanIcmpErrors: true });
        given.flow(make);
        pause(2);
        const before = [flowSeen[1], flowState[1]];
        const about = make(given.quoted[0], given.quoted[1]);
        const send = given.from[0] === 'G' ? wan : lan;
        const left = send(icmpError(given.from[0], given.from[1], [type, code], about, length));
        const flags = name === 'tcp' && length > 8 ? ' S' : '';
        t.deepEqual(left, [
          `${given.leaves.replace('|', `| icmp ${type}/${code}`)} about ${name} ${given.becomes}${flags}`,
        ]);
        t.deepEqual([flowSeen[1], flowState[1]], before, 'an error is no sign of life');
      }
    }
  }
}

row(['ie-1'], 'an error from the WAN about an outbound packet reaches its sender', (t) => {
  passes(t, {
    flow: (make) => lan(make('C:40100', 'I:80')),
    from: ['G', 'P'],
    quoted: ['P:40100', 'I:80'],
    leaves: 'lan C | G > C',
    becomes: 'C:40100 > I:80',
  });
});

const inbound = (make: Make) => {
  const port = make === makers.tcp ? 25 : 5000;
  wan(make('I:44444', `P:${port}`));
  lan(make(`S:${port}`, 'I:44444', true));
};

/** Forwards have one port for both protocols here, so that a case is said once. */
function forwarded(make: Make): number {
  inbound(make);
  return make === makers.tcp ? 25 : 5000;
}

row(['ie-2'], "an error from the WAN about a server's answer reaches the server", (t) => {
  for (const [name, make] of Object.entries(makers)) {
    router();
    const port = forwarded(make);
    t.deepEqual(wan(icmpError('G', 'P', [3, 1], make(`P:${port}`, 'I:44444', true), 8)), [
      `lan S | icmp 3/1 G > S about ${name} S:${port} > I:44444`,
    ]);
    t.deepEqual(wan(icmpError('I', 'P', [3, 3], make(`P:${port}`, 'I:44444', true), 8)), [
      `lan S | icmp 3/3 I > S about ${name} S:${port} > I:44444`,
    ]);
  }
});

row(['ie-3'], 'a server that rejects a forwarded packet is heard outside, in the name of P', (t) => {
  for (const [name, make] of Object.entries(makers)) {
    router();
    const port = forwarded(make);
    for (const code of [1, 3, 13]) {
      t.deepEqual(lan(icmpError('S', 'I', [3, code], make('I:44444', `S:${port}`), 8)), [
        `wan G | icmp 3/${code} P > I about ${name} I:44444 > P:${port}`,
      ]);
    }
  }
});

row(['ie-4'], 'a client that rejects an answer is heard outside, in the name of P', (t) => {
  passes(t, {
    flow: (make) => {
      lan(make('C:40100', 'I:80'));
      wan(make('I:80', 'P:40100', true));
    },
    from: ['C', 'I'],
    quoted: ['I:80', 'C:40100'],
    leaves: 'wan G | P > I',
    becomes: 'I:80 > P:40100',
  });
});

const around = (make: Make) => {
  const port = make === makers.tcp ? 25 : 5000;
  lan(make('C:33333', `P:${port}`));
  lan(make(`S:${port}`, 'P:33333', true));
  return port;
};

row(['ie-5'], 'a server that rejects a hairpinned packet is heard by the client, in the name of P', (t) => {
  for (const [name, make] of Object.entries(makers)) {
    router();
    const port = around(make);
    t.deepEqual(lan(icmpError('S', 'P', [3, 3], make('P:33333', `S:${port}`), 8)), [
      `lan C | icmp 3/3 P > C about ${name} C:33333 > P:${port}`,
    ]);
  }
});

row(['ie-6'], 'a client that rejects a hairpinned answer is heard by the server, in the name of P', (t) => {
  for (const [name, make] of Object.entries(makers)) {
    router();
    const port = around(make);
    t.deepEqual(lan(icmpError('C', 'P', [3, 3], make(`P:${port}`, 'C:33333', true), 8)), [
      `lan S | icmp 3/3 P > S about ${name} S:${port} > P:33333`,
    ]);
  }
});

row(['ie-7'], 'an error about a query reaches who asked, with the id it had', (t) => {
  router();
  lan(ping('C', 'I', 77));
  const words = lan(ping('S', 'I', 77));
  const id = Number(/id (\d+)/.exec(words[0])![1]);
  t.not(id, 77);
  t.deepEqual(wan(icmpError('G', 'P', [11, 0], ping('P', 'I', 77), 8)), [
    'lan C | icmp 11/0 G > C about icmp C > I id 77',
  ]);
  t.deepEqual(wan(icmpError('G', 'P', [3, 1], ping('P', 'I', id), 8)), [
    'lan S | icmp 3/1 G > S about icmp S > I id 77',
  ]);
  t.deepEqual(wan(icmpError('G', 'P', [3, 1], ping('P', 'I', id), 16)), [
    'lan S | icmp 3/1 G > S about ping S > I id 77',
  ]);
  // And about the answer, outwards.
  wan(pong('I', 'P', id));
  t.deepEqual(lan(icmpError('S', 'I', [3, 1], pong('I', 'S', 77), 8)), [
    `wan G | icmp 3/1 P > I about icmp I > P id ${id}`,
  ]);
});

row(
  ['ie-8'],
  'without a flow, or with less than eight bytes quoted, an error ends here on either side',
  (t) => {
    router({ wanIcmpErrors: true });
    lan(udp('C:40100', 'I:80'));
    for (const quoted of [
      udp('P:40101', 'I:80'),
      udp('P:40100', 'I:81'),
      udp('P:40100', 'J:80'),
      tcp('P:40100', 'I:80'),
      ping('P', 'I', 40100),
    ]) {
      t.deepEqual(wan(icmpError('G', 'P', [3, 1], quoted, 8)), []);
      t.is(dropped(), 'drop-no-flow');
    }
    t.deepEqual(lan(icmpError('C', 'I', [3, 3], udp('I:81', 'C:40100'), 8)), []);
    t.is(dropped(), 'drop-no-flow');
    for (const length of [0, 4, 7]) {
      t.deepEqual(wan(icmpError('G', 'P', [3, 1], udp('P:40100', 'I:80'), length)), [], `${length} bytes`);
      t.deepEqual(lan(icmpError('C', 'I', [3, 3], udp('I:80', 'C:40100'), length)), [], `${length} bytes`);
    }
    t.deepEqual(wan(icmp('G', 'P', 3, 1, 0)), []);
    t.is(dropped(), 'drop-icmp x7');
    // The shortest that is enough.
    t.is(wan(icmpError('G', 'P', [3, 1], udp('P:40100', 'I:80'), 8)).length, 1);
  },
);
