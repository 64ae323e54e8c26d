/** Functions tagged @inline: their calls are gone and the answers the same, or the build is refused with the place. */
import { createContext, runInContext } from 'node:vm';
import test from 'ava';
import { buildFirmware } from '../../host-tools/build/build.ts';
import { projectOf } from './project.ts';

/** A module of its own for the helpers, so that every case also crosses a file. */
function firmware(helpers: string, use: string): Record<string, string> {
  return {
    'firmware/helpers.ts': helpers,
    'firmware/main.ts': `import * as h from './helpers.ts';
const log: number[] = [];
let state = 10;
function act(n: number): number { log.push(n); state += n; return state; }
export function hairpin(line: string): string {
  const a = line.length;
  const w = [5, 6, 7, 8];
  ${use}
}
if (Math.random() > 2) act(1);
`,
  };
}

const inlined: { what: string; helpers: string; use: string; gives: unknown; calls: number }[] = [
  {
    what: 'one argument, used twice',
    helpers: `/** @inline Squares. */\nexport function square(n: number): number { return n * n; }`,
    use: `return JSON.stringify([h.square(a), h.square(3), h.square(a + 1), h.square(-a)]);`,
    gives: [16, 9, 25, 16],
    calls: 4,
  },
  {
    what: 'precedence is kept',
    helpers: `/* @inline */ export function twice(n: number): number { return n * 2; }`,
    use: `return JSON.stringify([h.twice(a + 1) * 3, 7 - h.twice(a - 2), -h.twice(a), h.twice(a ? 1 : 2)]);`,
    gives: [30, 3, -8, 2],
    calls: 4,
  },
  {
    what: 'calls inside calls, of the same and of another tagged function',
    helpers: `
      /* @inline */ export function byte(n: number): number { return n & 255; }
      /* @inline */ export function half(high: number, low: number): number { return (byte(high) << 8) | byte(low); }`,
    use: `return JSON.stringify([h.half(h.byte(257), 2), h.byte(h.byte(300)), h.half(a, h.half(0, 3))]);`,
    gives: [258, 44, 1027],
    calls: 8,
  },
  {
    what: 'names of the module and of the platform that locals of the caller hide',
    helpers: `let base = 100;
      export function setBase(n: number): void { base = n; }
      /* @inline */ export function above(n: number): number { return base + Math.abs(n); }`,
    use: `h.setBase(200); const base = 1; const Math = { abs: () => 5 }; return JSON.stringify([h.above(base), base * Math.abs() - 4]);`,
    gives: [201, 1],
    calls: 1,
  },
  {
    what: 'a property named like a parameter',
    helpers: `/* @inline */ export function size(length: number[]): number { return length.length; }`,
    use: `return JSON.stringify([h.size(w)]);`,
    gives: [4],
    calls: 1,
  },
  {
    what: 'an element with a computed index, used twice',
    helpers: `/** @inline The other byte order. */\nexport function swap(n: number): number { return ((n & 255) << 8) | (n >>> 8); }`,
    use: `return JSON.stringify([h.swap(w[a - 1]), h.swap(w[2 * 1] >>> 1)]);`,
    gives: [2048, 768],
    calls: 2,
  },
  {
    what: 'an element, used once',
    helpers: `/* @inline */ export function high(n: number): number { return n >>> 1; }`,
    use: `return JSON.stringify([h.high(w[a - 1]), h.high(w[0] + w[1])]);`,
    gives: [4, 5],
    calls: 2,
  },
  {
    what: 'an argument that does something, used once and first',
    helpers: `/* @inline */ export function plus(x: number, y: number): number { return x + y; }`,
    use: `return JSON.stringify([h.plus(act(1), 2), h.plus(act(1), a), log]);`,
    gives: [13, 16, [1, 1]],
    calls: 2,
  },
  {
    what: 'an argument that does something, first of those that are handed on to a function',
    helpers: `function minus(x: number, y: number): number { return x - y; }
      /* @inline */ export function less(x: number, y: number): number { return minus(x, y); }`,
    use: `return JSON.stringify([h.less(act(1), 2), h.less(3, a), log]);`,
    gives: [9, -1, [1]],
    calls: 2,
  },
  {
    what: 'constants, names of the module among them, and functions, where the body does something',
    helpers: `const cells = [0, 0, 0, 0];
      export const third = 3;
      /* @inline */ export function put(at: number, n: number): number { return (cells[0] = n), (cells[at] = cells[0] + 1); }
      /* @inline */ export function both(first: () => number, second: number): number { return first() + second; }
      export function sum(): number { return cells[0]! + 10 * cells[1]! + 100 * cells[2]! + 1000 * cells[3]!; }`,
    use: `h.put(h.third, 4); h.put(a - 2, -3 + h.third); return JSON.stringify([h.sum(), h.both(function () { return act(a); }, h.third)]);`,
    gives: [5100, 17],
    calls: 3,
  },
  {
    what: 'an argument that the body reads before it does the one thing that it does',
    helpers: `const cells = [0, 0, 0, 0];
      /* @inline */ export function put(at: number, n: number): number { return (cells[at] = n); }
      /* @inline */ export function take(at: number): number { return cells[at]!++; }
      /* @inline */ export function choose(at: number, n: number): number { return at > 1 ? (cells[at] = n) : n; }`,
    use: `h.put(w[0] - 4, state); return JSON.stringify([h.take(w[0] - 4), h.take(w[1] - 5), h.choose(w[0] - 3, w[3]), state]);`,
    gives: [10, 11, 8, 10],
    calls: 4,
  },
  {
    what: 'a name, used as often as you please',
    helpers: `/* @inline */ export function fifth(n: number): number { return n * n * n * n * n - n * n - n; }`,
    use: `return JSON.stringify([h.fifth(a)]);`,
    gives: [1004],
    calls: 1,
  },
];
for (const { what, helpers, use, gives, calls } of inlined) {
  test(`inlined: ${what}`, async (t) => {
    const { code, report } = await buildFirmware({ root: await projectOf(t, firmware(helpers, use)) });
    t.is(report.inlinedCalls, calls);
    const tagged = [...helpers.matchAll(/@inline[^\n]*\n?[^\n]*?function (\w+)/g)].map(([, name]) => name!);
    for (const name of tagged) t.false(report.names.shared.includes(name), `${name} is still there`);
    t.deepEqual(JSON.parse(runInContext(`${code}; hairpin('four')`, createContext({}))), gives);
  });
}

const refused: { what: string; helpers: string; use: string; says: RegExp }[] = [
  {
    what: 'a body of two statements',
    helpers: `\n/* @inline */\nexport function f(n: number): number { n++; return n; }`,
    use: `return String(h.f(a));`,
    says: /^firmware\/helpers\.ts:3:\d+ inline: .*not one return/,
  },
  {
    what: 'used as a value',
    helpers: `/* @inline */ export function f(n: number): number { return n; }`,
    use: `return String(w.map(h.f));`,
    says: /^firmware\/main\.ts:8:\d+ inline: .*used as a value/,
  },
  {
    what: 'calls itself',
    helpers: `/* @inline */ export function f(n: number): number { return n ? f(n - 1) : 0; }`,
    use: `return String(h.f(a));`,
    says: /^firmware\/helpers\.ts:1:\d+ inline: .*calls itself/,
  },
  {
    what: 'two that call each other',
    helpers: `/* @inline */ export function f(n: number): number { return g(n); }
      /* @inline */ export function g(n: number): number { return f(n); }`,
    use: `return String(h.f(a));`,
    says: /calls itself, directly or through another/,
  },
  {
    what: 'too few arguments',
    helpers: `/* @inline */ export function f(n?: number): number { return n || 0; }`,
    use: `return String(h.f());`,
    says: /main\.ts:8:\d+ inline: .*takes 1 arguments and is given 0/,
  },
  {
    what: 'a default value',
    helpers: `/* @inline */ export function f(n = 1): number { return n; }`,
    use: `return String(h.f(a));`,
    says: /parameter that is not a plain name/,
  },
  {
    what: 'a parameter that is assigned',
    helpers: `/* @inline */ export function f(n: number): number { return n++ + n; }`,
    use: `return String(h.f(a));`,
    says: /assigns to its parameter/,
  },
  {
    what: 'an argument that does something, used twice',
    helpers: `/* @inline */ export function f(n: number): number { return n * n; }`,
    use: `return String(h.f(act(1)));`,
    says: /does something, and uses that more than once or late/,
  },
  {
    what: 'an argument that does something after another was to be read',
    helpers: `/* @inline */ export function f(x: number, y: number): number { return y - x; }`,
    use: `return String(h.f(state, act(1)));`,
    says: /may change what this argument reads/,
  },
  {
    what: 'an argument that does something, used after something else',
    helpers: `let n = 1;\n/* @inline */ export function f(x: number): number { return n + x; }\nexport function g() { n++; }`,
    use: `h.g(); return String(h.f(act(1)));`,
    says: /does something, and uses that more than once or late/,
  },
  {
    what: 'a long argument, used twice',
    helpers: `/* @inline */ export function f(n: number): number { return n * n; }`,
    use: `return String(h.f(w[0] + w[1] + 1));`,
    says: /would compute this argument 2 times/,
  },
  {
    what: 'a body that may change what the argument reads',
    helpers: `let n = 1;\nfunction next() { return n++; }\n/* @inline */ export function f(x: number): number { return next() + x; }`,
    use: `return String(h.f(w[0]));`,
    says: /may change what this argument reads/,
  },
  {
    what: 'an argument that may change before the body reads it, between two things that it does',
    helpers: `let n = 1;\nfunction next() { return n++; }\n/* @inline */ export function f(x: number): number { return next(), next() + x; }`,
    use: `return String(h.f(state));`,
    says: /may change what this argument reads/,
  },
  {
    what: 'an argument that does something, where the function that is called may be another by then',
    helpers: `let n = (x: number) => x;\n/* @inline */ export function f(x: number): number { return n(x); }\nexport function g() { n = Math.abs; }`,
    use: `h.g(); return String(h.f(act(1)));`,
    says: /does something, and uses that more than once or late/,
  },
  {
    what: 'a tag on something else',
    helpers: `\n/* @inline */\nexport const f = (n: number) => n;`,
    use: `return String(h.f(a));`,
    says: /^firmware\/helpers\.ts:3:1 inline: Only a function declaration/,
  },
];
for (const { what, helpers, use, says } of refused) {
  test(`refused: ${what}`, async (t) => {
    const root = await projectOf(t, firmware(helpers, use));
    const error = await t.throwsAsync(() => buildFirmware({ root }), { name: 'BuildRefused' });
    t.regex(error.message, says);
  });
}
