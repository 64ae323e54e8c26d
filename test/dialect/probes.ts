/**
 * Probes of differences that test/espruino/mutations.ts has no mutation for. Of the same form: the body of a function
 * whose result Node and the interpreter disagree about. A bundle that depended on it would answer differently.
 */
import type { Probe } from '../espruino/mutations.ts';

export const ownProbes: readonly Probe[] = [
  { row: 'a detached this', body: 'function f(){"use strict";return this}return typeof f()' },
  { row: 'name of a function', body: 'function f(){}return ""+f.name' },
  {
    row: 'adding keys in a for..in',
    body: 'var o={a:1},n=0;for(var k in o){n++;if(n<5){o["k"+n]=1}}return n',
  },
  { row: 'rounding in toFixed', body: 'return (1.005).toFixed(2)+(2.5).toFixed(0)+(-2.5).toFixed(0)' },
  { row: 'minus zero', body: 'var z=0;return ""+1/-z' },
  { row: 'text of a large number', body: 'return ""+1e21' },
  { row: 'character codes above 255', body: 'return String.fromCharCode(300).charCodeAt(0)' },
  { row: 'typed array as JSON', body: 'return JSON.stringify(new Uint8Array([1,2]))' },
  { row: 'slice of a typed array', body: 'return Array.isArray(new Uint8Array(30).slice(2))' },
  { row: 'set past the end', body: 'try{new Uint8Array(2).set([1,2,3]);return 1}catch(e){return 0}' },
  { row: 'property of a number', body: 'var n=5;try{n.x=1;return 1}catch(e){return 0}' },
  { row: 'clearing no timer', body: 'try{clearTimeout(undefined);return 1}catch(e){return 0}' },
];
