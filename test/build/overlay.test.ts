/**
 * Functions tagged @overlay: what only they need is inside them and the answers are the same, or the build is refused
 * with the place. That nothing is left behind after a call is tested on the interpreter, in test/espruino.
 */
import { createContext, runInContext } from 'node:vm';
import test from 'ava';
import { buildFirmware } from '../../host-tools/build/build.ts';
import { projectOf } from './project.ts';

/** A module of its own for the cold code, so that every case also crosses a file. */
function firmware(cold: string, use: string): Record<string, string> {
  return {
    'firmware/log.ts': `export const log: unknown[] = [];\nexport function note(what: unknown): void { log.push(what); }`,
    'firmware/cold.ts': `import { note } from './log.ts';\nnote(0);\n${cold}`,
    'firmware/main.ts': `import * as c from './cold.ts';
import { log, note } from './log.ts';
export function hairpin(line: string): string {
  note(line);
  ${use}
  return JSON.stringify(log);
}
`,
  };
}

interface Moved {
  functions?: string[];
  constants?: string[];
}

const moved: {
  what: string;
  cold: string;
  use: string;
  gives: unknown[];
  overlays: Record<string, Moved>;
}[] = [
  {
    what: 'functions that are reached through the entry only, and what they read',
    cold: `const names = ['a', 'b'];
      const rules = [{ key: 'c', least: 3 }];
      function second(n: number): string { const rule = rules[n]; return rule.key + rule.least + names.join(); }
      function first(n: number): string { return second(n) + names[n]; }
      /** @overlay */
      export function entry(): void { note(first(0)); }`,
    use: `c.entry(); c.entry();`,
    gives: [0, 'line', 'c3a,ba', 'c3a,ba'],
    overlays: { entry: { functions: ['second', 'first'], constants: ['names', 'rules'] } },
  },
  {
    what: 'a function that somebody else needs stays, and so does what it needs',
    cold: `function deep(n: number): number { return n + 1; }
      export function other(n: number): number { return deep(n) * 2; }
      function own(n: number): number { return other(n) - 1; }
      /** @overlay */
      export function entry(n: number): number { return own(n) + deep(n); }`,
    use: `note(c.entry(5)); note(c.other(6));`,
    gives: [0, 'line', 17, 14],
    overlays: { entry: { functions: ['own'] } },
  },
  {
    what: 'what several overlays need is declared in each, unless somebody else needs it as well',
    cold: `const names = ['x', 'y'];
      function through(n: number): string { return (n > 5 ? both(n - 5) : '') + names[n & 1]; }
      function both(n: number): string { return n > 1 ? through(n) : names[n]; }
      const others = ['p', 'q'];
      export function everybody(): string { return others.join() + all(); }
      function all(): string { return others[1]; }
      function one(n: number): string { return both(n) + all(); }
      /** @overlay */
      export function entry(): string { return one(0) + names[1]; }
      function two(n: number): string { return both(n) + 'two' + all(); }
      /** @overlay */
      export function another(): string { return two(6); }`,
    use: `note(c.entry()); note(c.another()); note(c.everybody());`,
    gives: [0, 'line', 'xqy', 'yxtwoq', 'p,qq'],
    overlays: {
      entry: { functions: ['through', 'both', 'one'], constants: ['names'] },
      another: { functions: ['through', 'both', 'two'], constants: ['names'] },
    },
  },
  {
    what: 'what overlays inside one another need is in the outer one, once',
    cold: `function both(n: number): number { return n + 1; }
      function own(n: number): number { return both(n) * 2; }
      /** @overlay */
      function inner(n: number): number { return own(n) + both(n); }
      /** @overlay */
      export function outer(n: number): number { return inner(n) + both(n); }
      function third(n: number): number { return both(n) - 1; }
      /** @overlay */
      export function another(n: number): number { return third(n); }`,
    use: `note(c.outer(1)); note(c.another(4));`,
    gives: [0, 'line', 8, 4],
    overlays: {
      inner: { functions: ['own'] },
      outer: { functions: ['both', 'inner'] },
      another: { functions: ['both', 'third'] },
    },
  },
  {
    what: 'an overlay inside another; a list that both read is in the outer one',
    cold: `const names = ['a', 'b'];
      const inners = ['i', 'j'];
      function deep(): string { return names.join() + inners.join(); }
      /** @overlay */
      function inner(): string { return deep(); }
      function plain(): string { return inner() + names[0]; }
      /** @overlay */
      export function outer(): string { return plain(); }`,
    use: `note(c.outer()); note(c.outer());`,
    gives: [0, 'line', 'a,bi,ja', 'a,bi,ja'],
    overlays: {
      inner: { functions: ['deep'], constants: ['inners'] },
      outer: { functions: ['inner', 'plain'], constants: ['names'] },
    },
  },
  {
    what: 'an entry that calls itself, directly and through what moved',
    cold: `function down(n: number): string { return n > 0 ? entry(n - 1) + up(n) : '.'; }
      function up(n: number): string { return n + (n == 2 ? entry(0) : ''); }
      /** @overlay */
      export function entry(n: number): string { return n == 3 ? entry(2) + down(1) : down(n) + up(n); }`,
    use: `note(c.entry(3));`,
    gives: [0, 'line', '.0112.02.0.01'],
    overlays: { entry: { functions: ['down', 'up'] } },
  },
  {
    what: 'an early return and an exception on the way',
    cold: `function fail(n: number): number { if (n > 8) throw 'too much'; return n; }
      /** @overlay */
      export function entry(n: number): number {
        if (n == 1) return -1;
        for (let i = 0; i < 9; i++) if (i == n) return fail(i);
        return fail(n);
      }`,
    use: `note(c.entry(1)); note(c.entry(4)); try { c.entry(9); } catch (error) { note(error); } note(c.entry(3));`,
    gives: [0, 'line', -1, 4, 'too much', 3],
    overlays: { entry: { functions: ['fail'] } },
  },
  {
    what: 'a function that is handed on stays, and one that a function inside mentions, with what they need',
    cold: `function later(n: number): number { return deepest(n); }
      function deepest(n: number): number { return n * 3; }
      function mentioned(n: number): number { return n * 5; }
      function called(n: number): number { return n * 7; }
      let kept: (n: number) => number;
      let alive: () => number;
      export function wake(n: number): void { note(kept(n)); note(alive()); }
      /** @overlay */
      export function entry(n: number): void {
        kept = later;
        alive = function () { return mentioned(n) + n; };
        note(called(n));
      }`,
    use: `c.entry(2); c.wake(10);`,
    gives: [0, 'line', 14, 30, 12],
    overlays: { entry: { functions: ['called'] } },
  },
  {
    what: 'state stays: what is assigned, and lists that are written to, wherever that happens',
    cold: `let count = 0;
      const direct = [0, 0];
      const passed = [0, 0];
      const renamed = [0, 0];
      const deep = [[0], [0]];
      const pushed = [0];
      const made = [Math.random()];
      const handed = [1, 2];
      const read = [7, 8];
      function write(list: number[], at: number): void { list[at]++; }
      function hand(): number[] { return handed; }
      function look(list: number[]): number { return list[0] + list.length + list.indexOf(8); }
      /** @overlay */
      export function entry(): void {
        count++;
        direct[0] += 2;
        write(passed, 1);
        const other = renamed;
        other[1] = other[1] + 3;
        const row = deep[1];
        row[0]++;
        pushed.push(1);
        hand()[0]++;
note([count, direct[0], passed[1], renamed[1], deep[1][0], pushed.length].join());
        note([made.length, hand()[0], look(read)].join());
      }`,
    use: `c.entry(); c.entry();`,
    gives: [0, 'line', '1,2,1,3,1,2', '1,2,10', '2,4,2,6,2,3', '1,3,10'],
    overlays: { entry: { functions: ['write', 'hand', 'look'], constants: ['read'] } },
  },
  {
    what: 'names that locals of the entry seem to hide',
    cold: `let base = 100;
      function most(n: number): number { return Math.max(n, base); }
      /** @overlay */
      export function entry(n: number, most_: number): number {
        const Math = { max: () => 1 };
        const base = most(n);
        return base + Math.max() + most_;
      }
      export function lower(): void { base -= 90; }`,
    use: `note(c.entry(3, 1000)); c.lower(); note(c.entry(30, 0));`,
    gives: [0, 'line', 1101, 31],
    overlays: { entry: { functions: ['most'] } },
  },
];
for (const { what, cold, use, gives, overlays } of moved) {
  test(`moved: ${what}`, async (t) => {
    const { code, report } = await buildFirmware({ root: await projectOf(t, firmware(cold, use)) });
    const plain = firmware(cold.replaceAll('@overlay', ''), use);
    const untagged = await buildFirmware({ root: await projectOf(t, plain) });
    const answer = (script: string) => runInContext(`${script}; hairpin('line')`, createContext({}));
    t.deepEqual(JSON.parse(answer(code)), gives);
    t.is(answer(untagged.code), answer(code));
    const expected = Object.entries(overlays).map(([entry, { functions = [], constants = [] }]) => ({
      entry,
      functions,
      constants,
    }));
    t.deepEqual(report.overlays, expected);
    const gone = expected.flatMap(({ functions, constants }) => [...functions, ...constants]);
    t.deepEqual(
      gone.filter((name) => report.names.shared.includes(name)),
      [],
    );
    t.deepEqual(untagged.report.overlays, []);
  });
}

const refused: { what: string; cold: string; use?: string; hot?: string; says: RegExp }[] = [
  {
    what: 'a tag that saves nothing',
    cold: `export function other(): number { return 1; }
/** @overlay */
export function entry(): number { return other() + 1; }`,
    use: `note(c.entry()); note(c.other());`,
    says: /^firmware\/cold\.ts:5:8 overlay: .*nothing is needed by it alone/,
  },
  {
    what: 'a tag on something else',
    cold: `/** @overlay */
export const entry = () => 1;`,
    says: /^firmware\/cold\.ts:4:1 overlay: Only a function declaration can be tagged @overlay/,
  },
  {
    what: 'both tags',
    cold: `/**
 * @inline
 * @overlay
 */
export function entry(): number { return 1; }`,
    says: /^firmware\/cold\.ts:7:1 overlay: It is tagged @inline/,
  },
  {
    what: 'a function that is assigned',
    cold: `function own(): number { return note.length; }
/** @overlay */
export function entry(): number { return own(); }
export function change(): void { (entry as unknown) = own; }`,
    use: `note(c.entry()); c.change();`,
    says: /^firmware\/cold\.ts:5:\d+ overlay: .*another function is assigned to it/,
  },
  {
    what: 'a hot function',
    cold: `function own(): number { return note.length; }
/** @overlay */
export function entry(): number { return own(); }`,
    hot: 'entry',
    says: /^firmware\/cold\.ts:5:\d+ overlay: It is tagged @overlay, but is or makes a function that runs for every packet/,
  },
  {
    what: 'an overlay around a hot function',
    cold: `function makeHot(): () => number { return function hot() { return note.length; }; }
/** @overlay */
export function entry(): number { return makeHot()(); }`,
    hot: 'hot',
    says: /^firmware\/cold\.ts:3:1 overlay: It is needed by the overlay 'entry' only, but is or makes a function/,
  },
];
for (const { what, cold, use = `note(c.entry());`, hot, says } of refused) {
  test(`refused: ${what}`, async (t) => {
    const root = await projectOf(t, firmware(cold, use));
    const options = hot === undefined ? { root } : { root, hot: { 'firmware/cold.ts': [hot] } };
    const error = await t.throwsAsync(() => buildFirmware(options), { name: 'BuildRefused' });
    t.regex(error.message, says);
  });
}
