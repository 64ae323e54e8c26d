/**
 * The grammar of what may happen to the router, as fast-check arbitraries: a step is a few small numbers, a story is a
 * configuration and a list of steps. What a step comes to is in steps.ts; it may be about frames that left before.
 */
import fc from 'fast-check';
import { hairpinModes } from '../../firmware/config/schema.ts';
import type { Wish } from '../control/table.ts';

/** What can happen. Each is as frequent as it is listed. */
export const kinds = [
  ...Array<'tcp'>(8).fill('tcp'),
  ...Array<'udp'>(8).fill('udp'),
  ...Array<'query'>(3).fill('query'),
  ...Array<'answer'>(12).fill('answer'),
  ...Array<'error'>(5).fill('error'),
  ...Array<'again'>(8).fill('again'),
  ...Array<'talk'>(4).fill('talk'),
  ...Array<'arp'>(3).fill('arp'),
  ...Array<'pieces'>(2).fill('pieces'),
  'other',
  'junk',
  ...Array<'pause'>(3).fill('pause'),
] as const;

/** One thing that happens. Numbers count around in the tables of steps.ts; with all of them 0 a step is plain. */
export interface Step {
  kind: (typeof kinds)[number] | 'burst';
  /** Hosts and ports. */
  from: number;
  to: number;
  fromPort: number;
  toPort: number;
  /** TCP flags, ICMP type, ARP operation; seconds of a pause; how many of a burst. */
  what: number;
  /** How the packet differs from a plain one: TTL, options, fragment bits, length. */
  shape: number;
  /** Which of the frames that left before an answer, an error or a repetition is about. */
  which: number;
  /** How the finished frame is damaged, see damage.ts. 0: not at all. */
  damage: number;
  at: number;
  value: number;
}

export interface Story {
  wish: Wish;
  trace: boolean;
  steps: Step[];
}

const small = fc.nat(255);
const wide = fc.nat(65535);

/** No bias towards small numbers: the tables have in front what is to be frequent. */
export const step: fc.Arbitrary<Step> = fc.noBias(
  fc.record({
    kind: fc.constantFrom(...kinds),
    from: small,
    to: small,
    fromPort: small,
    toPort: small,
    what: wide,
    shape: wide,
    which: small,
    damage: small,
    at: wide,
    value: wide,
  }),
);

/** Hundreds of new flows from one side: they are one step, or no story would ever fill the table. */
const burst: fc.Arbitrary<Step> = step.map((plain) => ({ ...plain, kind: 'burst', damage: 0 }));

/** Beside ranges and a rule for friends alone: two rules that lead to one server, so that clients may collide. */
const rules = [
  { name: 'smtp', proto: 'tcp', port: 25, to: '192.168.0.2:25' },
  { name: 'mail', proto: 'tcp', port: 2525, to: '192.168.0.2:25' },
  { name: 'echo', proto: 'udp', port: 5000, to: '192.168.0.2:5000' },
  { name: 'games', proto: 'both', port: '6000-6003', to: '192.168.0.2:7000' },
  { name: 'friends', proto: 'udp', port: 1194, to: '192.168.0.2', from: '198.51.100.10/32' },
  { name: 'near', proto: 'tcp', port: 1023, to: '192.168.0.9:80', from: '12.0.0.0/24' },
];

export const wish: fc.Arbitrary<Wish> = fc.noBias(
  fc.record({
    hairpin: fc.constantFrom(...hairpinModes),
    forwards: fc.constant(rules),
    mtu: fc.constantFrom(1500, 1500, 1400, 576),
    hairpinDynamic: fc.boolean(),
    filter: fc.constantFrom('address-dependent', 'address-dependent', 'endpoint-independent'),
    wanIcmpErrors: fc.boolean(),
    dmz: fc.constantFrom(undefined, undefined, '192.168.0.2', '192.168.0.9'),
    strangers: fc.boolean(),
    // The clock wraps at 65536.
    second: fc.constantFrom(1000, 65500),
  }),
);

/** @param length steps of a story, at most */
export function stories(length: number): fc.Arbitrary<Story> {
  const plain = fc.array(step, { minLength: length, maxLength: length });
  // One story in five has a table that is full, or nearly so.
  const filled = fc
    .tuple(
      fc.array(burst, { minLength: 1, maxLength: 3 }),
      fc.array(step, { minLength: length, maxLength: length }),
    )
    .map(([bursts, steps]) => [...bursts, ...steps]);
  return fc.record({
    wish,
    trace: fc.constantFrom(false, false, false, true),
    steps: fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: filled }),
  });
}
