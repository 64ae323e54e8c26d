/**
 * The request `clients`: who is listed, with what, and in which parts; bytes are counted while that is switched on, and
 * exactly. Virtual time.
 */
import test from 'ava';
import './stub-version.ts';
import { ServedLan } from './served-lan.ts';
import { LanClient } from './lan-client.ts';
import { dueTally, dueTrace, switches, traceSwitch } from '../../firmware/layout/arena.ts';
import { setTrace } from '../../firmware/control/trace.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { lan as fromLan, introduce, wan as fromWan } from '../control/table.ts';
import { tcp, udp } from '../wire/packets.ts';

interface Client {
  address: string;
  mac: string;
  name: string | null;
  how: string;
  left: number | null;
  heard: number | null;
  flows: number;
  up: number | null;
  down: number | null;
}
interface Answer {
  ok: boolean;
  error: string;
  counting: boolean;
  clients: Client[];
  next: number | null;
}

const mac = (n: number) => [2, 0, 0, 1, 0, n];
const ask = (line: string) => JSON.parse(answer(line)) as Answer;

function open(): boolean[] {
  const told: boolean[] = [];
  openSeam(
    '',
    () => 0,
    (on) => told.push(on),
    () => {},
  );
  return told;
}

/** All clients, part by part. */
function all(): Client[] {
  const found: Client[] = [];
  for (let from: number | null = 0; from !== null;) {
    const part: Answer = ask(`clients ${from}`);
    found.push(...part.clients);
    from = part.next;
  }
  return found;
}

function bound(lan: ServedLan, n: number, name = ''): LanClient {
  const client = lan.add(new LanClient(mac(n), name ? { name } : {}));
  lan.pass(2);
  return client;
}

test('how each got its address, for how long, and what it is called', (t) => {
  const lan = new ServedLan({ fixed: [{ name: 'nas', mac: mac(9), host: 5 }], lease: 600 });
  open();
  const client = bound(lan, 1, 'Laptop');
  lan.pass(98);
  introduce('S', 'C');
  const rest = { flows: 0, up: null, down: null };
  const [fixed, leased, ...others] = all();
  t.deepEqual(fixed, {
    ...rest,
    ...{
      address: '192.168.0.5',
      mac: '02:00:00:01:00:09',
      name: 'nas',
      how: 'fixed',
      left: null,
      heard: null,
    },
  });
  t.deepEqual(leased, {
    ...rest,
    ...{ address: client.address, mac: '02:00:00:01:00:01', name: 'laptop', how: 'leased' },
    ...{ left: 501, heard: null },
  });
  t.deepEqual(others.map(({ address, how, heard, left }) => [address, how, heard, left]).sort(), [
    ['192.168.0.2', 'static', 0, null],
    ['192.168.0.3', 'static', 0, null],
  ]);
  introduce(client.address);
  lan.pass(7);
  t.is(all()[1].heard, 7, 'listed once, heard as a neighbour');
  lan.clients.length = 0;
  lan.pass(600);
  t.false(
    all().some(({ name }) => name === 'laptop'),
    'its lease is over',
  );
});

test('flows of each, those around the hairpin at both ends', (t) => {
  new ServedLan();
  open();
  fromLan(udp('C:1', 'I:53'));
  fromLan(udp('C:2', 'I:53'));
  fromLan(tcp('C:3', 'P:25', 'S'));
  fromWan(tcp('I:9', 'P:25', 'S'));
  const flows = Object.fromEntries(all().map(({ address, flows: count }) => [address, count]));
  t.deepEqual(flows, { '192.168.0.2': 2, '192.168.0.3': 3 });
});

test('parts of eight, and every host once', (t) => {
  const lan = new ServedLan();
  open();
  for (let n = 1; n <= 20; n++) bound(lan, n);
  const sizes: number[] = [];
  for (let from: number | null = 0; from !== null;) {
    const part: Answer = ask(from ? `clients ${from}` : 'clients');
    sizes.push(part.clients.length);
    from = part.next;
    t.true(JSON.stringify(part).length < 1500);
  }
  t.deepEqual(sizes, [8, 8, 6], 'twenty, S and C');
  t.is(new Set(all().map(({ address }) => address)).size, 22);
});

test('bytes are counted while that is on: forwarded IP packets, at the host they come from and go to', (t) => {
  new ServedLan();
  const told = open();
  const bytes = (host: string) => {
    const client = all().find(({ address }) => address === host)!;
    return [client.up, client.down];
  };
  const [s, c] = ['192.168.0.2', '192.168.0.3'];
  t.deepEqual(bytes(c), [null, null]);
  t.false(ask('clients').counting);
  fromLan(udp('C:1', 'I:53'));
  t.like(ask('clients count on'), { ok: true, count: 'on' });
  t.true(told.at(-1), 'the loop is told');
  t.true(ask('clients').counting);
  t.deepEqual(bytes(c), [0, 0]);
  const out = udp('C:1', 'I:53', { data: new Uint8Array(100) });
  const back = udp('I:53', 'P:1', { data: new Uint8Array(300) });
  fromLan(out);
  fromWan(back);
  // The flow is settled by now: the datapath would have these alone.
  for (let i = 0; i < 10; i++) {
    fromLan(out.slice());
    fromWan(back.slice());
  }
  t.deepEqual(bytes(c), [11 * out.length, 11 * back.length]);
  // Around the hairpin one packet counts at both ends.
  const syn = tcp('C:7', 'P:25', 'S');
  fromLan(syn);
  t.deepEqual(bytes(c), [11 * out.length + syn.length, 11 * back.length]);
  t.deepEqual(bytes(s), [0, syn.length]);
  // What ends in the router, or is dropped, was not forwarded.
  fromLan(udp('C:1', 'R:9'));
  fromWan(tcp('I:9', 'P:9999', 'S'));
  t.deepEqual(bytes(c), [11 * out.length + syn.length, 11 * back.length]);
  // The trace beside it, and off again: counting goes on.
  setTrace(true, 0);
  t.is(switches[traceSwitch], dueTrace | dueTally);
  setTrace(false, 0);
  fromLan(syn.slice());
  t.is(bytes(s)[1], 2 * syn.length);
  ask('clients count off');
  t.false(told.at(-1));
  t.is(switches[traceSwitch], 0);
  t.deepEqual(bytes(c), [null, null]);
  ask('clients count on');
  t.deepEqual(bytes(c), [0, 0], 'from nothing');
  ask('clients count off');
});

test('more hosts than are counted: those without a place have no figures, the others keep theirs', (t) => {
  new ServedLan();
  open();
  ask('clients count on');
  for (let n = 0; n < 40; n++) fromLan(udp(`192.168.0.${10 + n}:1`, 'I:53'), [2, 0, 0, 0, 1, n]);
  introduce('192.168.0.10', '192.168.0.49');
  const up = Object.fromEntries(all().map(({ address, up: sent }) => [address, sent]));
  t.is(up['192.168.0.10'], udp('C:1', 'I:53').length);
  t.is(up['192.168.0.49'], null);
  ask('clients count off');
});

test('what cannot be is refused with a sentence', (t) => {
  new ServedLan();
  open();
  for (const line of ['clients x', 'clients -1', 'clients 64', 'clients 1.5'])
    t.regex(ask(line).error, /^clients: expected a place from 0 to 63, or count on or count off\.$/, line);
  for (const line of ['clients count', 'clients count maybe'])
    t.is(ask(line).error, 'clients: expected "clients count on" or "clients count off".');
});
