// What is measured: the way of a frame in every direction, first packets, what the router answers itself, idling, and
// the same with a full table. Data; the names are those in the tables and in test/ratchet.json.
import { Random } from '../../../host-tools/emulator/random.ts';
import { CAST } from '../../../host-tools/lab/lab.ts';
import {
  ack,
  arpQuestion,
  echo,
  syn,
  tcp,
  udp,
  type Arrival,
  type End,
  type Host,
  type Side,
} from './frames.ts';
import { Plan } from './plan.ts';

const { P, G, R, S, C, I } = CAST;

/** Counters that a call moves, see firmware/layout/reasons.ts. */
const arrived = (side: Side) => ({ [`received-${side}`]: 1 });
const looked = (side: Side) => ({ ...arrived(side), 'looked-at': 1 });
const opened = (side: Side) => ({ ...looked(side), 'flows-made': 1, 'forwarded-slow': 1 });

const at = (host: { address: string }, port: number): End => ({ address: host.address, port });

/** Settled flows: what settles them, and the frames whose way is measured. Inner ports are kept by the NAT. */
interface Settled {
  settle: Arrival[];
  ways: { name: string; side: Side; frame: Arrival }[];
}

function tcpOut(): Settled {
  const [c, i, p] = [at(C, 40000), at(I, 80), at(P, 40000)];
  const out = (flags: number) => tcp('lan', C.mac, c, i, flags);
  const back = (flags: number) => tcp('wan', G.mac, i, p, flags);
  return {
    settle: [out(syn), back(syn | ack), out(ack)],
    ways: [
      { name: 'TCP LAN to WAN', side: 'lan', frame: out(ack) },
      { name: 'TCP WAN to LAN', side: 'wan', frame: back(ack) },
    ],
  };
}

function udpOut(): Settled {
  const [c, i, p] = [at(C, 40001), at(I, 53), at(P, 40001)];
  const [out, back] = [udp('lan', C.mac, c, i), udp('wan', G.mac, i, p)];
  return {
    settle: [out, back, out],
    ways: [
      { name: 'UDP LAN to WAN', side: 'lan', frame: out },
      { name: 'UDP WAN to LAN', side: 'wan', frame: back },
    ],
  };
}

function tcpHairpin(): Settled {
  const there = (flags: number) => tcp('lan', C.mac, at(C, 33333), at(P, 25), flags);
  const back = (flags: number) => tcp('lan', S.mac, at(S, 25), at(P, 33333), flags);
  return {
    settle: [there(syn), back(syn | ack), there(ack)],
    ways: [
      { name: 'TCP hairpin to the server', side: 'lan', frame: there(ack) },
      { name: 'TCP hairpin back', side: 'lan', frame: back(ack) },
    ],
  };
}

function udpHairpin(): Settled {
  const there = udp('lan', C.mac, at(C, 33334), at(P, 5000));
  const back = udp('lan', S.mac, at(S, 5000), at(P, 33334));
  return {
    settle: [there, back, there],
    ways: [
      { name: 'UDP hairpin to the server', side: 'lan', frame: there },
      { name: 'UDP hairpin back', side: 'lan', frame: back },
    ],
  };
}

const settled = (): Settled[] => [tcpOut(), udpOut(), tcpHairpin(), udpHairpin()];

/** Four new flows of each kind, counted together. @param from first port, so that flows are new each time */
function firstPackets(plan: Plan, fill: number, from: number): void {
  const four = (make: (i: number) => Arrival) => [0, 1, 2, 3].map(make);
  const first = (name: string, side: Side, arrivals: Arrival[]) =>
    plan.measure(
      { what: 'serve', name: `first packet, ${name}, fill ${fill}`, lengths: [0, 4], moves: opened(side) },
      arrivals,
    );
  const kinds: [string, Side, (i: number) => Arrival][] = [
    ['TCP SYN outbound', 'lan', (i) => tcp('lan', C.mac, at(C, from + i), at(I, 80), syn)],
    ['TCP SYN to a forward', 'wan', (i) => tcp('wan', G.mac, at(I, from + i), at(P, 25), syn)],
    ['TCP SYN hairpin', 'lan', (i) => tcp('lan', C.mac, at(C, from + 100 + i), at(P, 25), syn)],
  ];
  for (const [name, side, make] of kinds) first(name, side, four(make));
}

/** The timer's turn: alone, with the look at both ports (each 3rd), with a health check (each 5th), at a second. */
function timerTurns(plan: Plan): void {
  const turn = { what: 'timer', moves: {}, lengths: [0, 1] as const };
  const cycle = 30;
  plan.align(cycle, 0);
  // In the first second of a link the router announces its addresses.
  const announced = { 'sent-arp-request': 2 };
  plan.measure({ ...turn, name: 'timer turn, addresses announced', second: 1, moves: announced });
  plan.align(cycle, 1);
  plan.measure({ ...turn, name: 'timer turn' });
  plan.align(cycle, 2);
  plan.measure({ ...turn, name: 'timer turn, both ports polled', calls: { status: 2 } });
  plan.align(cycle, 3);
  plan.measure({ ...turn, name: 'timer turn, new second', second: 2 });
  // Last, because the stubs of a health check know no other.
  plan.align(cycle, 4);
  plan.measure({ ...turn, name: 'timer turn, health checked', calls: { loose: 2 }, port: 'wan' });
}

/** Everything at one flow of each kind. */
export function planOfPaths(): Plan {
  const plan = new Plan();
  plan.introduce('wan', [G]);
  plan.introduce('lan', [S, C]);
  plan.calibrate();
  firstPackets(plan, 0, 50000);
  for (const { settle } of settled()) plan.feed(...settle);
  const ways = settled().flatMap((flow) => flow.ways);
  for (const { name, side, frame } of ways) {
    plan.measure({ what: 'serve', name: `path, ${name}`, lengths: [2, 12], moves: arrived(side) }, [frame]);
  }
  const [tcpWay] = ways;
  plan.measure(
    {
      what: 'batch',
      name: 'in a batch of 8, TCP LAN to WAN',
      lengths: [2, 5],
      batch: 8,
      moves: { 'received-lan': 8 },
    },
    [tcpWay.frame],
  );
  const answer = { what: 'serve', lengths: [2, 6] as const };
  plan.measure({ ...answer, name: 'ARP answer', moves: { ...looked('lan'), 'answered-arp': 1 } }, [
    arpQuestion('lan', C),
  ]);
  plan.measure({ ...answer, name: 'ICMP echo answer', moves: { ...looked('lan'), 'answered-echo': 1 } }, [
    echo('lan', C, R.address),
  ]);
  plan.feed(echo('lan', C, I.address));
  plan.measure({ ...answer, name: 'ICMP echo forwarded', moves: { ...looked('lan'), 'forwarded-slow': 1 } }, [
    echo('lan', C, I.address),
  ]);
  plan.measure({ what: 'idle-serve', name: 'idle serve', lengths: [20, 80], moves: {} });
  timerTurns(plan);
  return plan;
}

/** The datapath alone, in the bundle with the wider seam. */
export function planOfTranslation(): Plan {
  const plan = new Plan();
  plan.introduce('wan', [G]);
  plan.introduce('lan', [S, C]);
  plan.calibrate();
  for (const { settle } of settled()) plan.feed(...settle);
  for (const { name, frame } of settled().flatMap((flow) => flow.ways)) {
    plan.measure({ what: 'translate', name: `translation, ${name}`, lengths: [10, 30], moves: {} }, [frame]);
  }
  return plan;
}

const lanHosts = 24;
const seed = 1;
/** Flows at which the table is looked at; at the last one 12 first packets still fit. */
const fills = [256, 500];

/** Round robin over 1, 256 and 500 flows of seeded ends, and first packets when the table is nearly full. */
export function planOfFullTable(): Plan {
  const plan = new Plan();
  const random = new Random(seed);
  const hosts: Host[] = Array.from({ length: lanHosts }, (_, i) => ({
    mac: `02:00:00:00:a8:${(10 + i).toString(16).padStart(2, '0')}`,
    address: `192.168.0.${10 + i}`,
  }));
  plan.introduce('wan', [G]);
  plan.introduce('lan', [S, C, ...hosts]);
  plan.calibrate();
  const out: Arrival[] = [];
  const back: Arrival[] = [];
  for (const fill of fills) {
    plan.counting(false);
    while (out.length < fill) {
      const i = out.length;
      const host = hosts[i % lanHosts];
      const remote = {
        address: `198.51.${random.below(256)}.${1 + random.below(254)}`,
        port: 1024 + random.below(64000),
      };
      out.push(udp('lan', host.mac, at(host, 10000 + i), remote));
      back.push(udp('wan', G.mac, remote, at(P, 10000 + i)));
      plan.feed(out[i], back[i], out[i]);
    }
    plan.counting(true);
    if (fill === fills[0]) roundRobin(plan, '1 flow', out.slice(0, 1), back.slice(0, 1), 20);
    else firstPackets(plan, fill, 60000);
    const flows = fill === fills[0] ? fill : 512;
    roundRobin(plan, `${flows} flows`, out.slice(), back.slice(), fill);
  }
  return plan;
}

/** @param calls how many of them are counted: every flow once, if there are several */
function roundRobin(plan: Plan, name: string, out: Arrival[], back: Arrival[], calls: number): void {
  const lengths = [0, calls] as const;
  plan.measure({ what: 'serve', name: `${name}, UDP LAN to WAN`, lengths, moves: arrived('lan') }, out);
  plan.measure({ what: 'serve', name: `${name}, UDP WAN to LAN`, lengths, moves: arrived('wan') }, back);
}
