/** What the interpreter would reach before its declaration ran, and what only looks like it. */
import test from 'ava';
import { findDisorder } from '../../host-tools/build/order.ts';
import { readScopes } from '../../host-tools/build/scopes.ts';
import { nameOf, parseScript } from '../../host-tools/build/syntax-tree.ts';

function disorder(body: string): (string | undefined)[] {
  const script = `var hairpin=function(){${body}\n}();`;
  return findDisorder(readScopes(parseScript(script))).map(({ id }) => nameOf(id));
}

const early: [why: string, script: string, names: string[]][] = [
  ['a call above the function', 'f(); function f() {}', ['f']],
  ['a read above the var', 'var b = a; var a = 1;', ['a']],
  ['a write above the var', 'function f() { a = 1; var a; return a; }', ['a']],
  ['a function in a table above it', 'var T = [f]; function f() {}', ['f']],
  ['an inner call above the inner function', 'function f() { g(); function g() {} }', ['g']],
  ['a var of an if used after it', 'function f(x) { if (x) { var a = 1; } return a; }', ['a']],
  [
    'a var of one case used in another',
    'function f(x) { switch (x) { case 1: var a = 1; break; case 2: return a; } }',
    ['a'],
  ],
  ['a var of a loop used after it', 'function f(x) { while (x--) { var a = x; } return a; }', ['a']],
  [
    'a var of a try used in the catch',
    'function f(x) { try { var a = x(); } catch (e) { return a; } }',
    ['a'],
  ],
  [
    'a function of an if called by another function',
    'var x = 1; if (x) { function g() {} } function f() { g(); }',
    ['g'],
  ],
  ['a call while loading that needs a later var', 'function f() { return a; } f(); var a = 1;', ['a']],
  [
    'the same two calls deep',
    'function f() { return g(); } function g() { return a; } f(); var a = 1;',
    ['a'],
  ],
  ['the same through new', 'function F() { this.b = a; } var o = new F(); var a = 1;', ['a']],
  ['a function handed to a call while loading', 'function f() { return a; } [1].map(f); var a = 1;', ['a']],
  ['a function written in a call while loading', '[1].map(function () { return a; }); var a = 1;', ['a']],
  ['a function called at once', '(function () { return a; })(); var a = 1;', ['a']],
  ['a name put first that is read above its value', 'var a; var b = a; a = 1;', ['a']],
  ['the same by a call while loading', 'var a; function f() { return a; } f(); a = 1;', ['a']],
  ['a name declared nowhere that is assigned', 'function f() { lost = 1; }', ['lost']],
  ['a name declared nowhere that is counted up', 'function f() { lost++; }', ['lost']],
];
for (const [why, script, names] of early) {
  test(`too early: ${why}`, (t) => t.deepEqual(disorder(script), names));
}

const fine: [why: string, script: string][] = [
  ['a body calls what is declared below', 'function f() { return g() + a; } function g() {} var a = 1; f();'],
  ['a function calls itself', 'function f(n) { return n ? f(n - 1) : 0; } f(3);'],
  ['a named function expression calls itself', 'var f = function g(n) { return n ? g(n - 1) : 0; };'],
  ['a parameter, a caught value', 'function f(a) { try { a(); } catch (e) { return e; } return a; }'],
  [
    'a var of a block used in the block',
    'function f(x) { if (x) { var a = 1; if (a) return a; } return x; }',
  ],
  ['the head of a loop', 'function f() { for (var i = 0; i < 3; i++) {} return i; }'],
  ['a body that always runs once', 'function f(x) { do { var a = x; } while (a); return a; }'],
  [
    'declared again in both branches',
    'function f(x) { if (x) { var a = 1; x(a); } else { var a = 2; x(a); } }',
  ],
  ['names of the platform', 'function f() { print(E.getErrorFlags()); } f();'],
  ['a property of the same name', 'var o = {}; o.a = 1; var a = o.a;'],
  ['a name put first', 'var a; function f() { return a; } a = 1; f();'],
  ['a name put first that gets no value outside functions', 'var a; function f() { a = 1; } f(); f(a);'],
  ['a call after the declarations', 'var a = 1; function f() { return a; } f();'],
];
for (const [why, script] of fine) {
  test(`in order: ${why}`, (t) => t.deepEqual(disorder(script), []));
}
