/**
 * Changes to the bundle that conformance must notice: proof that a difference between Node and the interpreter, or a
 * slip of one operator, would turn it red. Texts only; mutations.test.ts runs them.
 *
 * A *probe* adds one expression to every answer of the seam. It is a row of the table of silent differences: Node and
 * the interpreter evaluate it differently, so a bundle that depended on it could not pass. A *slip* changes the
 * firmware itself; `node` tells whether the models under Node already notice, or only the interpreter does.
 */
export interface Probe {
  /** What differs, in a few words. */
  row: string;
  /** Body of a function; its result goes into the answer. */
  body: string;
}

export const probes: readonly Probe[] = [
  { row: 'no hoisting of functions', body: 'try{return f()}catch(e){return 0}function f(){return 1}' },
  { row: 'no hoisting of variables', body: 'try{return ""+v}catch(e){return 0}var v=1' },
  { row: 'return and a line break', body: 'return\n5' },
  {
    row: 'closures over a loop variable',
    body: 'var a=[];for(let i=0;i<3;i++){a.push(function(){return i})}return a[0]()',
  },
  {
    row: 'deleting the key of a for..in',
    body: 'var o={a:1,b:1},n=0;for(var k in o){n++;delete o[k]}return n',
  },
  { row: 'writing to arguments', body: 'function f(a){arguments[0]=2;return a}return f(1)' },
  { row: 'order of numeric keys', body: 'return Object.keys({b:1,2:1,1:1}).join()' },
  {
    row: 'unstable sort',
    body: 'var a=[];for(var i=0;i<20;i++){a.push(i)}return a.sort(function(x,y){return x%2-y%2}).join()',
  },
  { row: 'rounding', body: 'return Math.round(-2.5)' },
  { row: 'powers', body: 'return Math.pow(2,32)' },
  { row: 'digits of a fraction', body: 'return ""+(0.1+0.2)' },
  { row: 'a large float as an integer', body: 'return 1e20|0' },
  { row: 'blanks around a number', body: 'return ""+Number(" 5 ")' },
  { row: 'negative index of a typed array', body: 'try{return ""+new Uint8Array(4)[-1]}catch(e){return 0}' },
  { row: 'subarray past the end', body: 'return new Uint8Array(30).subarray(20,40).length' },
  { row: 'view of length 0', body: 'return new Uint8Array(new ArrayBuffer(8),4,0).length' },
  {
    row: 'views at odd offsets',
    body: 'try{return new Uint16Array(new ArrayBuffer(8),1,2).length}catch(e){return 0}',
  },
  { row: 'typed arrays compared by content', body: 'return new Uint8Array([1,2])==new Uint8Array([1,2])' },
  {
    row: 'DataView out of range',
    body: 'try{return ""+new DataView(new ArrayBuffer(2)).getUint16(1)}catch(e){return 0}',
  },
  { row: 'rounding of clamped arrays', body: 'var c=new Uint8ClampedArray(1);c[0]=1.6;return c[0]' },
  { row: 'limit of split', body: 'return "a b c".split(" ",2).length' },
  { row: 'JSON with a trailing comma', body: 'try{return JSON.parse("[1,]").length}catch(e){return 0}' },
  { row: 'a dot matches a line break', body: 'return /a.b/.test("a\\nb")' },
  { row: 'optional parts of a pattern', body: 'return /ab?c/.test("ac")' },
  { row: 'class of an error', body: 'try{missing}catch(e){return e instanceof Error}' },
  { row: 'name of an error', body: 'try{null.x}catch(e){return ""+e.name}' },
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
  { row: 'set past the end', body: 'try{new Uint8Array(2).set([1,2,3]);return 1}catch(e){return 0}' },
  { row: 'property of a number', body: 'var n=5;try{n.x=1;return 1}catch(e){return 0}' },
];

/** The bundle with a probe in every successful answer. */
export function withProbe(bundle: string, { body }: Probe): string {
  return replaced(bundle, /([\w$]+)\.ok=true/, `$1.probe=function(){${body}}(),$1.ok=true`);
}

export interface Slip {
  what: string;
  /** What the minified bundle has, by its form and not by its names (which may have a $), and what becomes of it. */
  from: RegExp;
  to: string;
  /** Subject of the script that notices. */
  subject: string;
  /** Noticed under Node too. */
  node: boolean;
}

export const slips: readonly Slip[] = [
  {
    what: 'a function that boot calls stands behind its call',
    from: /(function [\w$]+\(\)\{var [\w$]+=[\w$]+;[\w$]+\(\)\s*;if\(!!!E\.getAddressOf[^]*?typeof [\w$]+\?[\w$]+:[\w$]+\([\w$]+\)\})([^]*)(\n\}\(\);\n)$/,
    to: '$2$1$3',
    subject: 'arp',
    node: false,
  },
  { what: 'signed words for unsigned ones', from: />>>0/g, to: '|0', subject: 'arp', node: true },
  { what: 'shifts that keep the sign', from: />>>16/g, to: '>>16', subject: 'icmp', node: true },
  {
    what: 'ring pointers that do not wrap',
    from: /(\([\w$]+\[3\]<<8\|[\w$]+\[4\]\)-[\w$]+-1)&65535/g,
    to: '$1',
    subject: 'receive ring',
    node: true,
  },
  {
    what: 'a second that does not wrap',
    from: /new Uint16Array\([\w$]+,\d+,2\)/,
    to: '[0,0]',
    subject: 'trace',
    node: true,
  },
  {
    what: 'the residue of the wrong modulus',
    from: /\+524280\)%65535/,
    to: '+524280)%65536',
    subject: 'udp',
    node: true,
  },
  { what: 'a UDP checksum of zero', from: /\|\|65535\b/, to: '||0', subject: 'udp', node: true },
  {
    what: 'seconds rounded instead of cut',
    from: /Math\.floor/g,
    to: 'Math.round',
    subject: 'seam',
    node: true,
  },
  {
    what: 'bytes in the wrong order',
    from: /\.setUint16\.bind\(([\w$]+),/,
    to: '.setUint8.bind($1,',
    subject: 'arp',
    node: true,
  },
  { what: 'a mask one bit short', from: /65280&/, to: '65024&', subject: 'udp', node: true },
  {
    what: 'the first of a list overlooked',
    from: /([\w$]+)<0(\)\{return [\w$]+\('set: no forward)/,
    to: '$1<1$2',
    subject: 'seam',
    node: true,
  },
  {
    what: 'a reply taken for an original',
    from: /if\([\w$]+<513\)(\{[\w$]+\[[\w$]+\]=1;)/,
    to: 'if(0)$1',
    subject: 'hairpin',
    node: true,
  },
];

/** The bundle with a slip. */
export function withSlip(bundle: string, { from, to }: Slip): string {
  return replaced(bundle, from, to);
}

function replaced(bundle: string, from: RegExp, to: string): string {
  const mutated = bundle.replace(from, to);
  if (mutated === bundle)
    throw new Error(`The bundle has nothing like ${String(from)} any more: write the mutation anew.`);
  return mutated;
}
