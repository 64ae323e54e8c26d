/** NAT-PMP (RFC 6886): ports that LAN hosts ask for, and PCP's question to who speaks only the older protocol. */
import { forwardCount, ruleCount } from '../../firmware/control/forwards.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { addForward, removeForward } from '../../firmware/control/forward-changes.ts';
import { changeWan } from '../../firmware/control/readdress.ts';
import { setPolicy } from '../../firmware/control/policy.ts';
import { parseConfig } from '../../firmware/config/validate.ts';
import { natPmpRouter, ask, askAddress, map, pass, portIn } from '../control/nat-pmp.ts';
import { arrive, dropped, ethernet, isSettled, lan, macOf, moved, router, wan } from '../control/table.ts';
import { tcp, udp, word } from '../wire/packets.ts';
import { row } from './row.ts';

const mask24 = word('255.255.255.0');
const noRandom = () => 7;

/** A forward of the config that came later. */
const forward = (part: object) => {
  const text = JSON.stringify({
    wan: { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' },
    lan: { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' },
    forwards: [{ name: 'late', proto: 'both', port: 6000, to: '192.168.0.2', ...part }],
  });
  const parsed = parseConfig(text, 'test');
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.config;
};

row(['6886-1'], 'NAT-PMP: the public address is told on R:5351, with the seconds since the start', (t) => {
  natPmpRouter();
  t.is(askAddress(), 'v0 op 128 result 0 at 1 P 12.0.0.1');
  pass(9);
  t.is(askAddress(), 'v0 op 128 result 0 at 10 P 12.0.0.1');
  t.deepEqual(lan(udp('C:50000', 'R:5351', { data: Uint8Array.from([0, 0]) })), [
    'lan C | udp R:5351 > C:50000',
  ]);
});

row(
  ['6886-1'],
  'NAT-PMP: only hosts of the LAN are served, only at R, and only if the config says so',
  (t) => {
    natPmpRouter();
    const request = { data: Uint8Array.from([0, 2, 0, 0, 23, 112, 23, 112, 0, 0, 14, 16]) };
    moved();
    t.deepEqual(wan(udp('I:50000', 'P:5351', request)), []);
    t.is(dropped(), 'drop-no-forward');
    t.is(ask([0, 0], 'C:50000', 'P:5351'), '');
    // Beyond the LAN, its edges, and the router's own address: nobody there may ask.
    for (const from of ['I:50000', '192.168.0.0:50000', '192.168.0.255:50000', 'R:50000'])
      t.is(ask([...request.data], from), '', from);
    t.is(forwardCount, ruleCount());
    router();
    t.deepEqual(lan(udp('C:50000', 'R:5351', request)), [
      'lan C | icmp 3/3 R > C about udp C:50000 > R:5351',
    ]);
    t.is(forwardCount, ruleCount());
  },
);

row(
  ['6886-2'],
  'NAT-PMP: the port asked for if it is free, else another; renewed, it stays the same',
  (t) => {
    natPmpRouter();
    t.is(map('tcp', 6100, 6100, 3600), 'v0 op 130 result 0 at 1 6100 by 6100 for 3600');
    t.deepEqual(wan(tcp('I:1', 'P:6100', 'S')), ['lan C | tcp I:1 > C:6100 S']);
    t.deepEqual(lan(tcp('C:6100', 'I:1', 'SA')), ['wan G | tcp P:6100 > I:1 SA']);
    // Whatever else it asks for, a renewal goes on with what it has.
    pass(100);
    t.is(map('tcp', 6100, 7777, 60), 'v0 op 130 result 0 at 101 6100 by 6100 for 60');
    t.is(flowsInUse, 1);
    // Taken: by S, by the config, by C's other protocol for others, by a flow of S.
    const second = portIn(map('tcp', 6100, 6100, 3600, 'S'));
    t.true(second > 1023 && second !== 6100, `${second}`);
    t.deepEqual(wan(tcp('I:2', `P:${second}`, 'S')), ['lan S | tcp I:2 > S:6100 S']);
    for (const taken of [25, 8080, 6002]) t.not(portIn(map('tcp', 400 + taken, taken, 3600)), taken);
    t.not(portIn(map('udp', 6100, 6100, 3600, 'S')), 6100);
    t.is(portIn(map('udp', 6100, 6100, 3600)), 6100);
    lan(udp('S:4444', 'I:9'));
    t.not(portIn(map('udp', 4444, 4444, 3600)), 4444);
    t.is(portIn(map('udp', 4444, 4444, 3600, 'S')), 4444);
    // Nothing asked for: the host's own port.
    t.is(portIn(map('tcp', 9001, 0, 3600)), 9001);
  },
);

row(['6886-2'], "NAT-PMP: a port of the config is told, and stays the config's", (t) => {
  natPmpRouter();
  const rules = forwardCount;
  t.is(map('tcp', 80, 80, 3600, 'S'), 'v0 op 130 result 0 at 1 80 by 8080 for 3600');
  t.is(forwardCount, rules);
  t.is(map('tcp', 80, 0, 0, 'S'), 'v0 op 130 result 2 at 1 80 by 0 for 0');
  t.deepEqual(wan(tcp('I:1', 'P:8080', 'S')), ['lan S | tcp I:1 > S:80 S']);
});

row(['6886-2'], 'NAT-PMP: a mapping ends when it is asked for with no time, and by itself', (t) => {
  natPmpRouter();
  const before = [forwardCount, flowsInUse, endpointsInUse];
  map('tcp', 6100, 6100, 3600);
  map('udp', 6100, 6100, 3600);
  map('tcp', 6200, 6200, 3600);
  wan(tcp('I:1', 'P:6100', 'S'));
  t.is(map('tcp', 6100, 6100, 0), 'v0 op 130 result 0 at 1 6100 by 0 for 0');
  t.is(flowsInUse, 0, 'its flows end with it');
  t.deepEqual(wan(tcp('I:1', 'P:6100', 'S')), []);
  t.deepEqual(wan(udp('I:1', 'P:6100')), ['lan C | udp I:1 > C:6100']);
  // Once more is no mistake. S cannot end what is C's.
  t.is(map('tcp', 6100, 6100, 0), 'v0 op 130 result 0 at 1 6100 by 0 for 0');
  map('tcp', 6200, 0, 0, 'S');
  t.deepEqual(wan(tcp('I:2', 'P:6200', 'S')), ['lan C | tcp I:2 > C:6200 S']);
  // All of a protocol.
  map('tcp', 6300, 6300, 3600);
  t.is(map('tcp', 0, 0, 0), 'v0 op 130 result 0 at 1 0 by 0 for 0');
  t.deepEqual(wan(tcp('I:3', 'P:6300', 'S')), []);
  t.is(map('udp', 0, 0, 0), 'v0 op 129 result 0 at 1 0 by 0 for 0');
  t.deepEqual([forwardCount, flowsInUse, endpointsInUse], before);

  t.is(map('udp', 6100, 6100, 120), 'v0 op 129 result 0 at 1 6100 by 6100 for 120');
  pass(119);
  t.deepEqual(wan(udp('I:1', 'P:6100')), ['lan C | udp I:1 > C:6100']);
  pass(1);
  t.deepEqual(wan(udp('I:1', 'P:6100')), []);
  t.deepEqual([forwardCount, flowsInUse, endpointsInUse], before);
});

row(
  ['6886-2'],
  'NAT-PMP: what cannot be done is told by its code, and never for longer than two hours',
  (t) => {
    natPmpRouter();
    t.is(map('tcp', 6100, 6100, 1e6), 'v0 op 130 result 0 at 1 6100 by 6100 for 7200');
    t.is(ask([1, 0]), 'v0 op 128 result 1 at 1', 'an unknown version');
    t.is(ask([0, 3]), 'v0 op 131 result 5 at 1', 'an unknown operation');
    t.is(map('tcp', 0, 6100, 60), 'v0 op 130 result 2 at 1 0 by 0 for 0', 'no port to lead to');
    moved();
    for (const [cut, bytes] of [
      ['nothing', []],
      ['half a head', [0]],
      ['half a mapping', [0, 1, 0, 0, 23, 112, 23, 112, 0, 0, 14]],
      ['an answer', [0, 128, 0, 0, 0, 0, 0, 1, 12, 0, 0, 1]],
    ] as [string, number[]][]) {
      t.is(ask(bytes), '', cut);
      t.is(dropped(), 'drop-datagram', cut);
    }
    const damaged = udp('C:50000', 'R:5351', { data: Uint8Array.from([0, 0]) });
    damaged[damaged.length - 1] ^= 1;
    arrive('lan', ethernet(macOf('R'), macOf('C'), 0x0800, damaged));
    t.is(dropped(), 'drop-datagram');
    // One host has room for eight, all together for sixteen.
    for (let i = 1; i < 8; i++) t.is(portIn(map('tcp', 6100 + i, 6100 + i, 60)), 6100 + i);
    t.is(map('tcp', 6150, 6150, 60), 'v0 op 130 result 4 at 1 6150 by 0 for 0');
    t.is(portIn(map('tcp', 6101, 6101, 60)), 6101, 'a renewal needs no room');
    for (let i = 0; i < 8; i++) t.is(portIn(map('udp', 6200 + i, 6200 + i, 60, 'S')), 6200 + i);
    t.is(map('tcp', 6250, 6250, 60, '192.168.0.44'), 'v0 op 130 result 4 at 1 6250 by 0 for 0');
    t.is(forwardCount, ruleCount() + 16);
    changeWan(0, 0xffffffff, 0, 1500, noRandom);
    t.is(map('tcp', 6101, 6101, 60), 'v0 op 130 result 3 at 1 6101 by 0 for 0', 'without a public address');
    t.is(askAddress(), 'v0 op 128 result 3 at 1 P 0.0.0.0');
  },
);

row(
  ['6886-2'],
  'NAT-PMP: a forward that the config gets takes its port, and mappings keep their places',
  (t) => {
    natPmpRouter({ forwards: [] });
    map('tcp', 6000, 6000, 3600);
    map('tcp', 6001, 6001, 3600);
    map('udp', 6002, 6002, 3600);
    addForward(forward({ port: '6000-6000' }).forwards[0]);
    t.deepEqual([ruleCount(), forwardCount], [1, 3]);
    t.deepEqual(wan(tcp('I:1', 'P:6000', 'S')), ['lan S | tcp I:1 > S:6000 S']);
    t.deepEqual(wan(tcp('I:1', 'P:6001', 'S')), ['lan C | tcp I:1 > C:6001 S']);
    t.deepEqual(wan(udp('I:1', 'P:6002')), ['lan C | udp I:1 > C:6002']);
    removeForward(0);
    t.deepEqual([ruleCount(), forwardCount], [0, 2]);
    t.deepEqual(wan(tcp('I:2', 'P:6000', 'S')), []);
    t.deepEqual(wan(tcp('I:2', 'P:6001', 'S')), ['lan C | tcp I:2 > C:6001 S']);
    pass(3600);
    t.is(forwardCount, 0);
  },
);

row(
  ['6886-2'],
  'NAT-PMP: with all places taken a forward of the config comes in for the last mapping',
  (t) => {
    const rules = Array.from({ length: 27 }, (_, i) => ({
      ...{ name: `f${i}`, proto: 'tcp', port: 1000 + i, to: '192.168.0.2' },
    }));
    natPmpRouter({ forwards: rules });
    for (let i = 0; i < 4; i++) t.is(portIn(map('tcp', 6100 + i, 6100 + i, 3600)), 6100 + i);
    t.regex(map('tcp', 6104, 6104, 3600), /result 4/);
    addForward(forward({ port: 2000 }).forwards[0]);
    t.deepEqual([ruleCount(), forwardCount], [28, 31]);
    t.deepEqual(wan(tcp('I:1', 'P:2000', 'S')), ['lan S | tcp I:1 > S:2000 S']);
    t.deepEqual(wan(tcp('I:1', 'P:1026', 'S')), ['lan S | tcp I:1 > S:1026 S']);
    t.deepEqual(wan(tcp('I:1', 'P:6102', 'S')), ['lan C | tcp I:1 > C:6102 S']);
    t.deepEqual(wan(tcp('I:1', 'P:6103', 'S')), []);
  },
);

row(
  ['6886-2'],
  'NAT-PMP: switched off while it runs, it ends all mappings, and switched on it is there again',
  (t) => {
    natPmpRouter();
    map('tcp', 6100, 6100, 3600);
    const { nat } = forward({});
    setPolicy({ ...nat, natPmp: false });
    pass(1);
    t.is(forwardCount, ruleCount());
    t.is(map('tcp', 6100, 6100, 3600), '');
    setPolicy({ ...nat, natPmp: true });
    t.is(pass(1).length, 1);
    t.is(portIn(map('tcp', 6100, 6100, 3600)), 6100);
  },
);

row(['6886-3'], 'NAT-PMP: a mapped port hairpins like one of the config, and survives a new P', (t) => {
  natPmpRouter();
  map('tcp', 6100, 6100, 3600);
  t.deepEqual(lan(tcp('S:1234', 'P:6100', 'S')), ['lan C | tcp P:1234 > C:6100 S']);
  t.deepEqual(lan(tcp('C:6100', 'P:1234', 'SA')), ['lan S | tcp P:6100 > S:1234 SA']);
  lan(tcp('S:1234', 'P:6100', 'A'));
  t.true(isSettled(1));
  changeWan(word('12.0.0.7'), mask24, word('12.0.0.254'), 1500, noRandom);
  t.is(flowsInUse, 0);
  t.deepEqual(lan(tcp('S:1235', '12.0.0.7:6100', 'S')), ['lan C | tcp 12.0.0.7:1235 > C:6100 S']);
  t.is(map('tcp', 6100, 6100, 60), 'v0 op 130 result 0 at 1 6100 by 6100 for 60');
});

row(['6886-4'], 'NAT-PMP: a start and a new address are announced, nine times in two minutes', (t) => {
  const announced = (address: string, start: number) =>
    [1, 2, 3, 5, 9, 17, 33, 65, 129].map((after) => {
      const at = start + after;
      return `${at}: 01005e000001 udp R:5351 > 224.0.0.1:5350 v0 op 128 result 0 at ${at} P ${address}`;
    });
  t.deepEqual([...natPmpRouter(), ...pass(400)], announced('12.0.0.1', 0));
  changeWan(word('12.0.0.7'), mask24, word('12.0.0.254'), 1500, noRandom);
  t.deepEqual(pass(400), announced('12.0.0.7', 401));
  // Nobody's address is nothing to announce.
  changeWan(0, 0xffffffff, 0, 1500, noRandom);
  t.deepEqual(pass(5), []);
});

row(['6887-1'], "NAT-PMP: PCP's question is told that this is version 0", (t) => {
  natPmpRouter();
  // RFC 6887 section 7.1: version 2, MAP, lifetime, the client's address; section 11.1: nonce, protocol, ports, address.
  const map = [2, 1, 0, 0, 0, 0, 14, 16, ...Array<number>(10).fill(0), 255, 255, 192, 168, 0, 3];
  t.is(ask([...map, ...Array<number>(36).fill(0)]), 'v0 op 129 result 1 at 1');
  t.is(ask([2, 0, ...Array<number>(22).fill(0)]), 'v0 op 128 result 1 at 1');
  t.is(forwardCount, ruleCount());
});
