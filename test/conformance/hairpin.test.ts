/** Section 7 of the checklist, hairpin: how a LAN host reaches another by P. */
import { hostFlows } from '../../firmware/layout/arena.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { hostPlace } from '../../firmware/control/sweep.ts';
import { type Wish, dropped, ethernet, introduce, lan, macOf, moved, router, wan } from '../control/table.ts';
import { get16, icmpError, ping, tcp, tell, udp, word } from '../wire/packets.ts';
import { bootRouter, introduce as introduceTo } from '../scenes/router.ts';
import { configText } from '../scenes/cast.ts';
import { hairpinLan, packet as hexOf } from '../scenes/examples.ts';
import { cut, together } from './pieces.ts';
import { row } from './row.ts';
import { lanHosts, packetLeft, packetsOf, publicPort, send } from './seen.ts';

row(['hp-1', 'hp-3'], 'a LAN client talks to a forwarded port of P by TCP and UDP, in full', (t) => {
  router();
  for (let i = 0; i < 3; i++) {
    const [there, back] = i ? ['A', 'A'] : ['S', 'SA'];
    t.deepEqual(lan(tcp('C:33333', 'P:25', there)), [`lan S | tcp P:33333 > S:25 ${there}`]);
    t.deepEqual(lan(tcp('S:25', 'P:33333', back)), [`lan C | tcp P:25 > C:33333 ${back}`]);
    t.deepEqual(lan(udp('C:33333', 'P:5000')), ['lan S | udp P:33333 > S:5000']);
    t.deepEqual(lan(udp('S:5000', 'P:33333')), ['lan C | udp P:5000 > C:33333']);
  }
});

row(
  ['hp-2'],
  'the server sees the public port that the client has towards the Internet, whichever came first',
  (t) => {
    const substitute = (opens: (inner: string) => string[]) => {
      router();
      lan(tcp('S:33333', 'I:80', 'S'));
      return [publicPort(opens('C:33333')), publicPort(opens('C:33333'))];
    };
    const towards = (peer: string) => (inner: string) => lan(tcp(inner, peer, 'S'));
    router();
    t.is(publicPort(lan(tcp('C:33333', 'I:80', 'S'))), 33333);
    t.is(publicPort(lan(tcp('C:33333', 'P:25', 'S'))), 33333);
    // Also when it is not the port it asked for.
    const ways = [towards('I:80'), towards('P:25')];
    for (const order of [ways, [...ways].reverse()]) {
      const [first, second] = substitute((inner) => order.shift()!(inner));
      t.not(first, 33333);
      t.is(first, second);
    }
  },
);

row(['hp-4'], 'a forward that changes the port does so around the hairpin, and back', (t) => {
  router();
  for (let i = 0; i < 3; i++) {
    const flags = i ? 'A' : 'S';
    t.deepEqual(lan(tcp('C:33333', 'P:8080', flags)), [`lan S | tcp P:33333 > S:80 ${flags}`]);
    t.deepEqual(lan(tcp('S:80', 'P:33333', 'SA')), ['lan C | tcp P:8080 > C:33333 SA']);
  }
});

row(['hp-5'], 'the server reaches itself by P', (t) => {
  router();
  for (let i = 0; i < 3; i++) {
    const flags = i ? 'A' : 'S';
    t.deepEqual(lan(tcp('S:33333', 'P:25', flags)), [`lan S | tcp P:33333 > S:25 ${flags}`]);
    t.deepEqual(lan(tcp('S:25', 'P:33333', i ? 'A' : 'SA')), [
      `lan S | tcp P:25 > S:33333 ${i ? 'A' : 'SA'}`,
    ]);
    t.deepEqual(lan(udp('S:33333', 'P:5000')), ['lan S | udp P:33333 > S:5000']);
    t.deepEqual(lan(udp('S:5000', 'P:33333')), ['lan S | udp P:5000 > S:33333']);
  }
});

row(['hp-6'], 'two clients with one source port are told apart', (t) => {
  router();
  const [other] = lanHosts(1);
  t.is(publicPort(lan(tcp('C:33333', 'P:25', 'S'))), 33333);
  const port = publicPort(lan(tcp(`${other}:33333`, 'P:25', 'S')));
  t.not(port, 33333);
  t.deepEqual(lan(tcp('S:25', 'P:33333', 'SA')), ['lan C | tcp P:25 > C:33333 SA']);
  t.deepEqual(lan(tcp('S:25', `P:${port}`, 'SA')), [`lan ..10 | tcp P:25 > ${other}:33333 SA`]);
});

row(['hp-7', 'hp-8'], 'hosts with dynamic mappings reach each other by them, whatever the filter', (t) => {
  for (const wish of [{}, { filter: 'endpoint-independent' }] as Wish[]) {
    router(wish);
    lan(udp('C:51000', 'I:9'));
    lan(udp('S:52000', 'J:9'));
    // Neither has ever spoken to the other.
    for (let i = 0; i < 3; i++) {
      t.deepEqual(lan(udp('C:51000', 'P:52000')), ['lan S | udp P:51000 > S:52000']);
      t.deepEqual(lan(udp('S:52000', 'P:51000')), ['lan C | udp P:52000 > C:51000']);
    }
    lan(tcp('C:51000', 'I:80', 'S'));
    t.deepEqual(lan(tcp('S:52000', 'P:51000', 'S')), ['lan C | tcp P:52000 > C:51000 S']);
    t.deepEqual(lan(tcp('C:51000', 'P:52000', 'SA')), ['lan S | tcp P:51000 > S:52000 SA']);
  }
});

row(
  ['hp-9'],
  'a LAN source that comes by the WAN is not turned back, nor one from elsewhere on the LAN',
  (t) => {
    router();
    for (const source of ['192.168.0.9', 'C', 'S']) {
      t.deepEqual(wan(tcp(`${source}:33333`, 'P:25', 'S')), [], source);
      t.is(dropped(), 'drop-wrong-side', source);
    }
    t.deepEqual(lan(tcp('10.0.0.9:33333', 'P:25', 'S'), macOf('C')), []);
    t.is(dropped(), 'drop-wrong-side');
    t.is(flowsInUse, 0);
  },
);

row(['hp-10'], 'a port of P that nobody owns refuses the LAN and is silent to the WAN', (t) => {
  router();
  t.deepEqual(lan(tcp('C:33333', 'P:26', 'S')), ['lan C | tcp P:26 > C:33333 RA']);
  t.deepEqual(lan(udp('C:33333', 'P:26')), ['lan C | icmp 3/3 P > C about udp C:33333 > P:26']);
  t.is(dropped(), 'drop-refused x2');
  t.deepEqual(wan(tcp('I:33333', 'P:26', 'S')), []);
  t.deepEqual(wan(udp('I:33333', 'P:26')), []);
  t.is(dropped(), 'drop-no-forward x2');
});

row(
  ['hp-11'],
  'no port of P below 1024 but the forwarded ones answers the WAN, and R answers it never',
  (t) => {
    router();
    for (let port = 1; port < 1024; port++) {
      const wanted = port === 25 ? [`lan S | tcp I:40000 > S:25 S`] : [];
      t.deepEqual(wan(tcp('I:40000', `P:${port}`, 'S')), wanted, `TCP ${port}`);
      t.deepEqual(wan(udp('I:40000', `P:${port}`)), [], `UDP ${port}`);
      t.deepEqual(wan(tcp('I:40000', `R:${port}`, 'S')), [], `R ${port}`);
    }
  },
);

row(['hp-12'], 'errors inside a hairpinned flow pass, from the server and from the client', (t) => {
  for (const [hairpin, seen] of [
    ['external', 'P'],
    ['lan', 'R'],
  ]) {
    router({ hairpin });
    lan(udp('C:33333', 'P:5000'));
    t.deepEqual(lan(icmpError('S', seen, [3, 3], udp(`${seen}:33333`, 'S:5000'))), [
      'lan C | icmp 3/3 P > C about udp C:33333 > P:5000',
    ]);
    lan(udp('S:5000', `${seen}:33333`));
    t.deepEqual(lan(icmpError('C', 'P', [3, 3], udp('P:5000', 'C:33333'))), [
      `lan S | icmp 3/3 ${seen} > S about udp S:5000 > ${seen}:33333`,
    ]);
  }
});

row(['hp-14'], 'with another WAN address there are no old flows, and forwards follow it', async (t) => {
  const words = (frames: Uint8Array[]) =>
    frames.filter((frame) => get16(frame, 12) === 0x0800).map((frame) => tell(frame.subarray(14)));
  const boot = async (address: string) => {
    const made = await bootRouter({ config: configText('external').replace('12.0.0.1/24', `${address}/24`) });
    introduceTo(made);
    return (from: 'C' | 'G' | 'S', packet: Uint8Array) => {
      const { wan: left, lan: right } = made.send(from === 'G' ? 'wan' : 'lan', frameFrom(from, packet));
      return words([...left, ...right]);
    };
  };
  const before = await boot('12.0.0.1');
  t.deepEqual(before('C', tcp('C:33333', 'P:25', 'S')), ['tcp P:33333 > S:25 S']);
  t.deepEqual(before('S', tcp('S:25', 'P:33333', 'SA')), ['tcp P:25 > C:33333 SA']);
  // The address is the config's: a new one is a restart.
  const after = await boot('12.0.0.7');
  t.deepEqual(after('C', tcp('C:33333', '12.0.0.7:25', 'S')), ['tcp 12.0.0.7:33333 > S:25 S']);
  t.deepEqual(after('S', tcp('S:25', '12.0.0.7:33333', 'SA')), ['tcp 12.0.0.7:25 > C:33333 SA']);
  t.deepEqual(after('G', tcp('I:44444', '12.0.0.7:25', 'S')), ['tcp I:44444 > S:25 S']);
  // What belonged to the old address goes nowhere as a hairpin, and nothing that still comes for it is let in.
  t.deepEqual(after('G', tcp('I:44445', 'P:25', 'S')), []);
  t.notRegex(after('C', tcp('C:33333', 'P:25', 'A')).join(), /S:25/);
});

/** An Ethernet frame to the router from C, or from the gateway. */
function frameFrom(host: 'C' | 'G' | 'S', packet: Uint8Array): Uint8Array {
  return ethernet(macOf(host === 'G' ? 'P' : 'R'), macOf(host), 0x0800, packet);
}

row(
  ['hp-15'],
  'during a hairpinned connection nothing leaves on the WAN, no redirect, TTL less one each way',
  (t) => {
    router();
    const segments: [from: string, packet: Uint8Array][] = [
      ['C', tcp('C:33333', 'P:25', 'S')],
      ['S', tcp('S:25', 'P:33333', 'SA')],
      ['C', tcp('C:33333', 'P:25', 'A')],
      ['C', tcp('C:33333', 'P:25', 'PA', { data: 'hello' })],
      ['S', tcp('S:25', 'P:33333', 'PA', { data: 'hello' })],
      ['C', tcp('C:33333', 'P:25', 'FA')],
      ['S', tcp('S:25', 'P:33333', 'FA')],
    ];
    for (const [from, packet] of segments) {
      const left = send(from, packet);
      t.deepEqual(
        left.map(({ port }) => port),
        ['lan'],
      );
      t.is(packetLeft(left)[8], 63);
      t.is(packetLeft(left)[9], 6);
    }
    t.false('sent-icmp-error' in moved());
  },
);

row(['hp-16'], 'a datagram in pieces goes around the hairpin, and its answer comes back', (t) => {
  const data = Uint8Array.from({ length: 2000 }, (_, i) => i * 5);
  for (const [hairpin, seen] of [
    ['external', 'P'],
    ['lan', 'R'],
  ]) {
    router({ hairpin });
    const there = cut(udp('C:33333', 'P:5000', { data, fragment: 0, id: 3 }), 1480).flatMap((piece) =>
      send('C', piece),
    );
    t.is(tell(together(packetsOf(there))), `udp ${seen}:33333 > S:5000`);
    t.deepEqual(together(packetsOf(there)).slice(28), data);
    const back = cut(udp('S:5000', `${seen}:33333`, { data, fragment: 0, id: 3 }), 1480).flatMap((piece) =>
      send('S', piece),
    );
    t.is(tell(together(packetsOf(back))), 'udp P:5000 > C:33333');
    t.true([...there, ...back].every(({ port }) => port === 'lan'));
  }
});

row(['hp-17'], "the WAN's MTU neither clamps nor refuses what stays on the LAN", (t) => {
  router({ mtu: 1400 });
  const tcpOptions = [2, 4, 1460 >> 8, 1460 & 255];
  lan(tcp('C:33333', 'P:25', 'S', { tcpOptions }));
  t.is(get16(packetLeft(), 42), 1460);
  lan(tcp('S:25', 'P:33333', 'SA', { tcpOptions }));
  t.is(get16(packetLeft(), 42), 1460);
  for (let i = 0; i < 2; i++) {
    const data = new Uint8Array(1460);
    t.deepEqual(lan(tcp('C:33333', 'P:25', 'A', { data })), ['lan S | tcp P:33333 > S:25 A']);
    t.deepEqual(lan(tcp('S:25', 'P:33333', 'A', { data })), ['lan C | tcp P:25 > C:33333 A']);
  }
});

row(['hp-18'], 'with hairpin lan the server sees R, whatever its gateway: example C1 to the byte', (t) => {
  router({ hairpin: 'lan' });
  const bytesOf = (text: string) => Uint8Array.from(Buffer.from(hexOf(text), 'hex'));
  for (const [from, arrives, leaves] of [
    ['C', hairpinLan.syn, hairpinLan.synToServer],
    ['S', hairpinLan.synAck, hairpinLan.synAckToClient],
    ['C', hairpinLan.ack, hairpinLan.ackToServer],
  ])
    t.deepEqual(packetLeft(send(from, bytesOf(arrives))), bytesOf(leaves));
});

row(['hp-19'], 'a hairpin is one flow, and counts once, for the client', (t) => {
  router();
  introduce('C', 'S');
  lan(tcp('C:33333', 'P:25', 'S'));
  lan(tcp('S:25', 'P:33333', 'SA'));
  t.is(flowsInUse, 1);
  t.is(moved()['flows-made'], 1);
  t.is(hostFlows[hostPlace(word('C'))], 1);
  t.is(hostFlows[hostPlace(word('S'))], 0);
  t.deepEqual(lan(ping('C', 'P', 1)), ['lan C | pong P > C id 1']);
  t.is(flowsInUse, 1);
});
