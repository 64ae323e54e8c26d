/**
 * What a sequence is - a few flows, and steps in them and beside them - and how seeded ones are made and made smaller
 * (fast-check). Steps name flows and sides, never addresses and ports that a router chose: those are looked up when the
 * step is played, so one sequence can be played to two routers. Types and generators only.
 */
import * as fc from 'fast-check';
import { FORWARDS, WAN_MTUS, type WanMtu } from './network.ts';
import { LOOSE } from './loose.ts';

export interface FlowSpec {
  proto: 'tcp' | 'udp' | 'ping';
  /** Out to the Internet; in through a forward; or from the LAN to P through a forward: the hairpin. */
  route: 'out' | 'in' | 'hairpin';
  client: string;
  port: number;
  /** Of `out`: whom and where. */
  server: string;
  serverPort: number;
  /** Else: which forward of the protocol, by number. */
  forward: number;
  /** TCP options of its SYNs lie at odd offsets. */
  oddOptions: boolean;
}

/** 0: the side that opens. */
export type End = 0 | 1;

/** What a packet may have about it that is unusual but right. */
export interface Shape {
  ttl: number;
  tos: number;
  /** Bytes of data. */
  size: number;
  mayFragment: boolean;
  options: 'none' | 'nop' | 'router alert';
  /** Of its transport checksum; `zero` makes the translated one come out as zero. */
  checksum: 'right' | 'wrong' | 'none' | 'zero';
}

export type TcpAct = 'data' | 'ack' | 'fin' | 'rst';

export type OddTcp =
  | 'data out of window'
  | 'reset out of window'
  | 'reset in window'
  | 'syn and fin'
  | 'no flags'
  | 'syn and reset'
  | 'fin alone'
  | 'syn from the other side'
  | 'acknowledgement out of nowhere'
  | 'reset out of nowhere'
  | 'syn again'
  | 'urgent data';

export interface ErrorStep {
  do: 'error';
  flow: number;
  /** Who complains about the last packet it received. */
  end: End;
  /** Or a router on the way to it. */
  between: boolean;
  kind: readonly [type: number, code: number, rest: number];
  /** Bytes of transport that are quoted. */
  quoted: number;
  fault: 'none' | 'ICMP checksum' | 'quoted IP checksum' | 'unknown port' | 'other address';
}

export interface PiecesStep {
  do: 'pieces';
  flow: number;
  end: End;
  size: number;
  /** Payload bytes of a piece. */
  cut: number;
  order: 'in order' | 'last first' | 'first last' | 'backwards';
  fault: 'none' | 'one missing' | 'one twice' | 'overlapping' | 'tiny first';
}

export type Step =
  | { do: 'talk'; flow: number; packets: number }
  | { do: 'say'; flow: number; end: End; act: TcpAct; shape: Shape }
  | { do: 'odd'; flow: number; end: End; odd: OddTcp }
  | PiecesStep
  | ErrorStep
  | { do: 'knock'; flow: number; from: 'I' | 'J' | 'S' | 'C' | 'D'; port: number }
  | { do: 'loose'; which: number };

export interface Sequence {
  mtu: WanMtu;
  flows: FlowSpec[];
  steps: Step[];
}

export const PLAIN: Shape = {
  ttl: 64,
  tos: 0,
  size: 2,
  mayFragment: false,
  options: 'none',
  checksum: 'right',
};

/** ICMP errors: those routers must pass, and some they must not. */
export const ERRORS: readonly (readonly [number, number, number])[] = [
  [3, 3, 0],
  [3, 1, 0],
  [3, 4, 1400],
  [11, 0, 0],
  [3, 13, 0],
  [12, 0, 0x14000000],
  [5, 1, 0x0c0000fe],
  [4, 0, 0],
];

/** The first is what shrinking tries. */
const often = <T>(usual: T, weight: number, ...others: fc.Arbitrary<T>[]): fc.Arbitrary<T> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight, arbitrary: fc.constant(usual) },
    ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Few ports, so that flows meet: two hosts want one, a forward owns one, a class of low ones. */
const clientPort = often(
  40000,
  3,
  fc.integer({ min: 40001, max: 49999 }),
  fc.integer({ min: 40001, max: 49999 }),
  oneOf(500, 25, 5000),
);

const flow: fc.Arbitrary<FlowSpec> = fc.record({
  proto: oneOf<FlowSpec['proto']>('udp', 'tcp', 'tcp', 'ping'),
  route: oneOf<FlowSpec['route']>('out', 'out', 'in', 'hairpin'),
  client: oneOf('C', 'S', 'D', 'I', 'J'),
  port: clientPort,
  server: oneOf('I', 'J'),
  serverPort: oneOf(80, 53, 9),
  forward: fc.nat({ max: FORWARDS.length - 1 }),
  oddOptions: often(false, 19, fc.constant(true)),
});

const shape: fc.Arbitrary<Shape> = fc.record({
  ttl: often(64, 12, oneOf(1, 2, 255)),
  tos: often(0, 6, oneOf(0xb8, 2, 3)),
  size: often(2, 2, fc.integer({ min: 0, max: 40 }), oneOf(1300, 1431, 1455)),
  mayFragment: often(false, 3, fc.constant(true)),
  options: often<Shape['options']>('none', 12, oneOf('nop', 'router alert')),
  checksum: often<Shape['checksum']>('right', 2, fc.constant('zero'), oneOf('none', 'wrong')),
});

const index = fc.nat({ max: 3 });
const end = oneOf<End>(0, 1);

const talk = fc.record({
  do: fc.constant('talk' as const),
  flow: index,
  packets: fc.integer({ min: 1, max: 6 }),
});
const say = fc.record({
  do: fc.constant('say' as const),
  flow: index,
  end,
  act: oneOf<TcpAct>('data', 'ack', 'fin', 'rst'),
  shape: often(PLAIN, 2, shape, shape),
});
const odd = fc.record({
  do: fc.constant('odd' as const),
  flow: index,
  end,
  odd: often<OddTcp>(
    'urgent data',
    1,
    oneOf(
      'syn again',
      'syn from the other side',
      'syn and fin',
      'no flags',
      'syn and reset',
      'reset out of nowhere',
    ),
    oneOf(
      'data out of window',
      'reset out of window',
      'reset in window',
      'fin alone',
      'acknowledgement out of nowhere',
    ),
  ),
});
const piecesStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('pieces' as const),
  flow: index,
  end,
  size: oneOf(100, 1600, 2000, 2900),
  cut: oneOf(1480, 1376, 800, 64),
  order: often<PiecesStep['order']>('in order', 2, oneOf('last first', 'first last', 'backwards')),
  fault: often<PiecesStep['fault']>(
    'none',
    4,
    oneOf('one missing', 'one twice', 'overlapping', 'tiny first'),
  ),
});
const errorStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('error' as const),
  flow: index,
  end,
  between: fc.boolean(),
  kind: oneOf(...ERRORS.slice(0, 4), ...ERRORS),
  quoted: oneOf(8, 28, 4, 512),
  fault: often<ErrorStep['fault']>(
    'none',
    5,
    oneOf('ICMP checksum', 'quoted IP checksum', 'unknown port', 'other address'),
  ),
});
const knock = fc.record({
  do: fc.constant('knock' as const),
  flow: index,
  from: oneOf<'I' | 'J' | 'S' | 'C' | 'D'>('J', 'J', 'I', 'S', 'C', 'D'),
  port: oneOf(80, 53, 9, 6666),
});
const loose = fc.record({ do: fc.constant('loose' as const), which: fc.nat({ max: LOOSE.length - 1 }) });

/** Sequences of some twelve packets. */
export const sequences: fc.Arbitrary<Sequence> = fc.record({
  mtu: oneOf(...WAN_MTUS),
  flows: fc.array(flow, { minLength: 1, maxLength: 4, size: 'max' }),
  steps: fc.array(
    fc.oneof(
      { weight: 7, arbitrary: talk },
      { weight: 5, arbitrary: say },
      { weight: 2, arbitrary: loose },
      { weight: 2, arbitrary: errorStep },
      { weight: 1, arbitrary: piecesStep },
      { weight: 2, arbitrary: knock },
      { weight: 2, arbitrary: odd },
    ) as fc.Arbitrary<Step>,
    { minLength: 1, maxLength: 12, size: 'max' },
  ),
});

/** A step that sends one packet, or the pieces of one. */
export type SingleStep = Exclude<Step, { do: 'talk' }>;

/** Talks in single steps: both sides in turn, the opening side first. */
export function singleSteps(steps: readonly Step[]): SingleStep[] {
  return steps.flatMap((step) => {
    if (step.do !== 'talk') return [step];
    return Array.from({ length: step.packets }, (_, number) => ({
      do: 'say' as const,
      flow: step.flow,
      end: (number % 2) as End,
      act: 'data' as const,
      shape: PLAIN,
    }));
  });
}
