/**
 * Fuzzing with texts: configurations and boards, sensible, odd and damaged, against the strict parser and the rules. A
 * text is read or refused in one printable line that names the file; what is read says the same when it is described and
 * read again; and what the parser takes, JSON.parse takes as well, as the same.
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parseBoard } from '../../firmware/config/board.ts';
import { readJson, type JsonValue } from '../../firmware/config/json.ts';
import { describeConfig, parseConfig } from '../../firmware/config/validate.ts';
import { change } from '../config/documents.ts';

/** Where something else may stand in a document. */
const places = {
  config: [
    ...[
      'wan',
      'wan.address',
      'wan.gateway',
      'wan.mac',
      'wan.mtu',
      'lan',
      'lan.address',
      'lan.mac',
      'nat',
      'dmz',
    ],
    ...['nat.filterUdp', 'nat.filterTcp', 'nat.hairpinDynamic', 'nat.wanIcmpErrors', 'nat.timeouts'],
    ...['nat.timeouts.udp', 'nat.timeouts.tcpEstablished', 'forwards', 'forwards.0', 'forwards.0.name'],
    ...[
      'forwards.0.proto',
      'forwards.0.port',
      'forwards.0.to',
      'forwards.0.from',
      'forwards.0.hairpin',
      'more',
    ],
    ...['lan.domain', 'lan.dhcp', 'lan.dhcp.first', 'lan.dhcp.last', 'lan.dhcp.lease', 'lan.dhcp.hosts'],
    ...['lan.dhcp.hosts.0', 'lan.dhcp.hosts.0.name', 'lan.dhcp.hosts.0.mac', 'lan.dhcp.hosts.0.address'],
    ...['dns', 'dns.servers', 'dns.servers.0', 'log', 'log.syslog', 'nat.natPmp'],
  ],
  board: [
    'board',
    'spi',
    'spi.bus',
    'spi.sck',
    'spi.hertz',
    'wan',
    'wan.select',
    'wan.reset',
    'wan.spi',
    'lan',
    'lan.spi',
    'lan.spi.bus',
    'lan.interrupt',
    'x',
  ],
};

/** What makes sense behind a key, so that changed documents are often right. */
const sensible: Record<string, unknown[]> = {
  dmz: ['192.168.0.7', '192.168.0.2'],
  // Beside a gateway it is wrong, and without one it is what is missing.
  address: ['dhcp', '12.0.0.7/24', '192.168.0.9'],
  gateway: [undefined, '12.0.0.2'],
  domain: ['lan', 'home.arpa'],
  dhcp: [{}, { lease: 600 }],
  first: ['192.168.0.2', '192.168.0.150'],
  last: ['192.168.0.150', '192.168.0.254'],
  lease: [120, 604800],
  hosts: [[], [{ name: 'tv', mac: '02:00:00:00:a8:09', address: '192.168.0.9' }]],
  dns: [{}, { servers: ['9.9.9.9'] }],
  servers: [[], ['9.9.9.9', '1.1.1.1']],
  log: [{}, { syslog: '192.168.0.7' }],
  syslog: ['192.168.0.7'],
  natPmp: [true, false],
  mtu: [576, 1400, 1500],
  filterUdp: ['address-dependent', 'endpoint-independent'],
  filterTcp: ['address-dependent', 'endpoint-independent'],
  hairpinDynamic: [true, false],
  wanIcmpErrors: [true, false],
  udp: [120, 32767],
  proto: ['tcp', 'udp', 'both'],
  port: [26, '5000-5010', '1-65535'],
  from: ['198.51.100.0/24', '0.0.0.0/0'],
  bus: ['SPI1', 'SPI2'],
  spi: [{ bus: 'SPI1', sck: 'D14', miso: 'D34', mosi: 'D4', hertz: 20_000_000 }],
  hairpin: ['external', 'lan', 'dnat-only', 'none'],
};

const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    ...[
      '192.168.0.7',
      'endpoint-independent',
      'udp',
      'lan',
      'dnat-only',
      '12.0.0.254',
      '12.0.0.1/24',
      '192.168.0.1',
      '192.168.0.2:25',
      '5000-5010',
      '02:00:00:00:0c:01',
      '0.0.0.0/0',
      'dhcp',
    ],
    ...[
      'tcp',
      'both',
      'external',
      'none',
      'D18',
      'SPI1',
      '',
      ' ',
      '1.2.3',
      '256.1.1.1',
      '1-1',
      '65536',
      '0',
      '-1',
    ],
  ),
  fc.constantFrom(0, 1, 25, 576, 1500, 65535, 65536, -1, 1.5, 1e9, 7440, 32767, 20_000_000),
  fc.constantFrom(true, false, null, [], {}),
  fc.string({ maxLength: 30 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A text with a few stretches replaced, cut out or doubled. */
function damaged(text: string): fc.Arbitrary<string> {
  const bits = [
    '"',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '\\u0000',
    '\n',
    '0',
    '1e9',
    'null',
    '"__proto__"',
    '[[[[[[[[',
  ];
  const piece = fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 3, unit: 'binary' }));
  const edit = fc.record({ at: fc.nat(text.length), cut: fc.nat(12), piece, doubled: fc.boolean() });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce((now, { at, cut, piece: put, doubled }) => {
      return (
        now.slice(0, at) + (doubled ? now.slice(at, at + cut) + now.slice(at) : put + now.slice(at + cut))
      );
    }, text),
  );
}

function changed(text: string, where: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.constantFrom(...where).chain((path) => {
    const known = sensible[path.split('.').pop() as string];
    const any = fc.option(values, { nil: undefined });
    return fc.tuple(fc.constant(path), known ? fc.oneof(fc.constantFrom(...known), any) : any);
  });
  return fc.array(edit, { minLength: 1, maxLength: 2 }).map((edits) =>
    edits.reduce((now, [path, value]) => {
      try {
        return change(now, path, value);
      } catch {
        // An earlier edit left nothing there to put something into.
        return now;
      }
    }, text),
  );
}

type Fault = string | undefined;

/** A refusal is one line of printable ASCII. */
function refusalFault(error: string, file: string): Fault {
  if (!error.startsWith(`${file}: `)) return `the refusal names no file: ${JSON.stringify(error)}`;
  return /^[ -~]+$/.test(error)
    ? undefined
    : `the refusal is not one printable line: ${JSON.stringify(error)}`;
}

function configFault(text: string): Fault {
  const parsed = parseConfig(text, 'hairpin.json');
  if ('error' in parsed) return refusalFault(parsed.error, 'hairpin.json');
  const again = parseConfig(describeConfig(parsed.config), 'hairpin.json');
  if ('error' in again) return `a config that was read is refused when described: ${again.error}`;
  return isDeepStrictEqual(again.config, parsed.config)
    ? undefined
    : 'a config says something else when described';
}

function boardFault(text: string): Fault {
  const parsed = parseBoard(text, 'board.json');
  return 'error' in parsed ? refusalFault(parsed.error, 'board.json') : undefined;
}

/** Whether what the strict parser read, which keeps keys and values apart, is what JSON.parse made. */
function isSame(read: JsonValue, made: unknown): boolean {
  if (read === null || made === null || typeof read !== 'object') return read === made;
  if (Array.isArray(read))
    return (
      Array.isArray(made) && made.length === read.length && read.every((item, i) => isSame(item, made[i]))
    );
  const object = made as Record<string, unknown>;
  return (
    Object.keys(object).length === read.keys.length &&
    read.keys.every((key, i) => Object.hasOwn(object, key) && isSame(read.values[i], object[key]))
  );
}

function syntaxFault(text: string): Fault {
  const read = readJson(text);
  if ('error' in read) return undefined;
  return isSame(read.value, JSON.parse(text))
    ? undefined
    : 'a text is read as something else than JSON.parse reads';
}

function guardedly(check: (text: string) => Fault, text: string): Fault {
  try {
    return check(text) ?? syntaxFault(text);
  } catch (error) {
    return `an exception: ${(error as Error).stack}`;
  }
}

/** @param wanted texts  @returns the smallest that failed, in words, or undefined; and how many were read */
export function fuzzTexts(
  seed: number,
  wanted: number,
  texts: { configs: readonly string[]; boards: readonly string[] },
): { failure?: string; read: number } {
  let read = 0;
  const config = fc.oneof(...texts.configs.flatMap((text) => [damaged(text), changed(text, places.config)]));
  const board = fc.oneof(...texts.boards.flatMap((text) => [damaged(text), changed(text, places.board)]));
  for (const [arbitrary, check, parse] of [
    [config, configFault, parseConfig] as const,
    [board, boardFault, parseBoard] as const,
  ]) {
    let last: Fault;
    const outcome = fc.check(
      fc.property(arbitrary, (text) => {
        if (!('error' in parse(text, 'x'))) read++;
        const fault = guardedly(check, text);
        last = fault ?? last;
        return fault === undefined;
      }),
      { seed, numRuns: Math.ceil(wanted / 2) },
    );
    if (outcome.failed)
      return { failure: `SEED=${seed}: ${last}\n  ${JSON.stringify(outcome.counterexample)}`, read };
  }
  return { read };
}
