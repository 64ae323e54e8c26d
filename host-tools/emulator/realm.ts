// Makes the JavaScript world that one board's firmware runs in: a fresh V8 context whose global object and built-ins
// hold only the names that Espruino has. Removes names, never changes what a name does: differences of behaviour are
// for the dialect check and the real interpreter to show. The platform's own objects are not made here.
import vm from 'node:vm';

/** The names that stay, taken from the Linux build of Espruino by asking `typeof` for every name that Node has. */
const KEPT: Readonly<Record<string, string>> = {
  global:
    'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Date Promise RegExp Error ' +
    'ReferenceError SyntaxError TypeError globalThis JSON Math ArrayBuffer Uint8Array Int8Array Uint16Array ' +
    'Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray DataView decodeURIComponent ' +
    'encodeURIComponent eval isFinite isNaN',
  Object:
    'assign getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames create defineProperties ' +
    'defineProperty getPrototypeOf setPrototypeOf keys entries fromEntries values',
  'Object.prototype': 'constructor hasOwnProperty toString valueOf __proto__',
  Array: 'isArray',
  'Array.prototype':
    'constructor concat fill find findIndex pop push reverse shift unshift slice sort splice includes indexOf join ' +
    'forEach filter map every some reduce toString',
  ArrayBuffer: '',
  'ArrayBuffer.prototype': 'constructor byteLength',
  'DataView.prototype':
    'constructor buffer byteLength byteOffset getInt8 setInt8 getUint8 setUint8 getInt16 setInt16 getUint16 ' +
    'setUint16 getInt32 setInt32 getUint32 setUint32 getFloat32 setFloat32 getFloat64 setFloat64',
  String: 'fromCharCode',
  'String.prototype':
    'constructor charAt charCodeAt concat endsWith includes indexOf lastIndexOf match padEnd padStart repeat replace ' +
    'replaceAll slice split substr substring startsWith toString trim toLowerCase toUpperCase valueOf',
  Number: 'MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY',
  'Number.prototype': 'constructor toFixed toString valueOf',
  Math:
    'abs acos asin atan atan2 ceil cos exp floor log max min pow random round sign sin sqrt tan E LN10 LN2 LOG10E ' +
    'LOG2E PI SQRT1_2 SQRT2',
  Promise: 'all resolve reject',
  'Promise.prototype': 'constructor then catch',
  Date: 'now parse',
  TypedArray: '',
  // Espruino's `slice` is left out as well: it gives a plain Array there, so no code may use it on both sides.
  'TypedArray.prototype':
    'constructor buffer byteLength byteOffset length every fill filter find findIndex forEach includes indexOf join ' +
    'map reverse reduce set some sort subarray toString',
};

/**
 * Own properties of every function, which the language itself needs. Constants that cannot be deleted stay too
 * (`BYTES_PER_ELEMENT`, `Number.MAX_SAFE_INTEGER`, `MIN_SAFE_INTEGER`, `EPSILON`): the dialect check refuses those.
 */
const ALWAYS = new Set(['length', 'name', 'prototype']);

/** The context and the constructors with which the platform makes values that belong to it. */
export interface Realm {
  /** The context's global object. */
  readonly global: Record<string, unknown>;
  readonly Uint8Array: Uint8ArrayConstructor;
  readonly ArrayBuffer: ArrayBufferConstructor;
  readonly JSON: JSON;
}

/** A new world without platform objects. */
export function makeRealm(): Realm {
  const global = vm.createContext(vm.constants.DONT_CONTEXTIFY) as Record<string, unknown>;
  const realm: Realm = {
    global,
    Uint8Array: global.Uint8Array as Uint8ArrayConstructor,
    ArrayBuffer: global.ArrayBuffer as ArrayBufferConstructor,
    JSON: global.JSON as JSON,
  };
  const holders = holdersOf(realm);
  for (const path of Object.keys(KEPT)) keepOnly(holders[path], KEPT[path]);
  return realm;
}

/** The names this world keeps, as [where, name] pairs; a test asks the real interpreter for each of them. */
export function keptNames(): ReadonlyArray<readonly [string, string]> {
  return Object.keys(KEPT).flatMap((path) =>
    KEPT[path].split(' ').flatMap((name) => (name === '' ? [] : [[path, name] as const])),
  );
}

function holdersOf(realm: Realm): Record<string, object> {
  const holders: Record<string, object> = {
    global: realm.global,
    TypedArray: Object.getPrototypeOf(realm.Uint8Array) as object,
    'TypedArray.prototype': Object.getPrototypeOf(realm.Uint8Array.prototype) as object,
  };
  for (const path of Object.keys(KEPT)) {
    if (path in holders) continue;
    const [name, prototype] = path.split('.');
    const holder = realm.global[name] as { prototype: object };
    holders[path] = prototype === undefined ? holder : holder.prototype;
  }
  return holders;
}

function keepOnly(holder: object, names: string): void {
  const kept = new Set(names.split(' '));
  for (const name of Object.getOwnPropertyNames(holder)) {
    if (!kept.has(name) && !ALWAYS.has(name)) Reflect.deleteProperty(holder, name);
  }
}

/** Runs a script in the world, as a file of that name. @returns the value of its last statement */
export function runScript(realm: Realm, source: string, filename: string): unknown {
  return new vm.Script(source, { filename }).runInContext(realm.global as vm.Context);
}
