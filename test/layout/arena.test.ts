/**
 * The arena's map: columns aligned, apart from each other and inside; sizes within their budget; names of counters.
 */
import test from 'ava';
import * as arena from '../../firmware/layout/arena.ts';
import * as reasons from '../../firmware/layout/reasons.ts';
import { portsWord, sourceWord } from '../../firmware/wire/frame.ts';

type View = Uint8Array | Uint16Array | Uint32Array | Int32Array;

const columns = Object.entries(arena as unknown as Record<string, unknown>)
  .filter((entry): entry is [string, View] => ArrayBuffer.isView(entry[1]) && entry[0] !== 'arena')
  .map(([name, view]) => ({ name, view, from: view.byteOffset, to: view.byteOffset + view.byteLength }));

test('every column lies in the one buffer, aligned to its element', (t) => {
  t.true(columns.length > 40);
  for (const { name, view, to } of columns) {
    t.is(view.buffer, arena.arena.buffer, name);
    t.is(view.byteOffset % view.BYTES_PER_ELEMENT, 0, name);
    t.true(view.length > 0 && to <= arena.arenaBytes, name);
  }
  t.is(arena.arena.length, arena.arenaBytes);
  t.is(arena.arenaBytes % 4, 0);
});

test('outer columns are the second halves of the rows', (t) => {
  const outer = columns.filter(({ name }) => /^outer/.test(name));
  t.is(outer.length, 4);
  for (const { name, view, to } of outer) {
    const row = columns.find((column) => column.name === name.replace('outer', 'row'))!;
    t.is(to, row.to, name);
    t.is(view.length, arena.flowSlots, name);
  }
});

test('a read of the longest frame finds enough to send behind its message', (t) => {
  const { messages, messageBytes, burstBytes, arenaBytes } = arena;
  t.is(messages.byteOffset, 0);
  t.is(messages.length, 2 * messageBytes + burstBytes);
  t.true(messages.length <= arenaBytes);
});

test('no two columns overlap, and hardly a byte is lost between them', (t) => {
  const order = columns
    .filter(({ name }) => !/^outer/.test(name))
    // Of the messages, only the two blocks are theirs.
    .map((column) => (column.name === 'messages' ? { ...column, to: 2 * arena.messageBytes } : column))
    .sort((a, b) => a.from - b.from);
  for (let i = 1; i < order.length; i++) {
    const [left, right] = [order[i - 1], order[i]];
    t.true(left.to <= right.from, `${left.name} reaches into ${right.name}`);
    t.true(right.from - left.to < 4, `${right.from - left.to} bytes between ${left.name} and ${right.name}`);
  }
  t.true(arena.arenaBytes - order[order.length - 1].to < 4);
});

test('columns of one table have one length', (t) => {
  const lengths = (prefix: RegExp) =>
    columns.filter(({ name }) => prefix.test(name)).map(({ view }) => view.length);
  for (const length of lengths(/^row/)) t.is(length, arena.rowSlots);
  for (const length of lengths(/^flow/)) t.is(length, arena.flowSlots);
  for (const length of lengths(/^endpoint(?!InnerIndex|PublicIndex)/)) t.is(length, arena.endpointSlots);
  for (const length of lengths(/^forward/)) t.is(length, arena.forwardSlots);
  t.is(arena.neighbourMacs.length, 12 * arena.hopSlots);
});

test('512 flows with endpoints and all indexes take at most 30,000 bytes', (t) => {
  t.is(arena.flowCount, 512);
  const counted = columns
    .filter(({ name }) => /^(row|flow|endpoint|wanIndex|lanIndex|hairpinIndex)/.test(name))
    .reduce((sum, { view }) => sum + view.byteLength, 0);
  t.is(arena.tableBytes, counted);
  t.true(counted <= 30_000, `${counted} bytes`);
});

test('next hops: WAN before LAN, and every number is one place', (t) => {
  const { gatewayHop, firstWanHop, lastWanHop, wanBroadcastHop, wanAnswerHop, firstLanHop, lastLanHop } =
    arena;
  const order = [gatewayHop, firstWanHop, lastWanHop, wanBroadcastHop, wanAnswerHop, firstLanHop, lastLanHop];
  order.push(arena.lanBroadcastHop, arena.lanAnswerHop, arena.hopSlots);
  t.true(gatewayHop > 0);
  t.deepEqual(
    order,
    [...new Set(order)].sort((a, b) => a - b),
  );
  t.is(lastLanHop - firstLanHop + 1, 32);
});

const numbers = Object.entries(reasons as unknown as Record<string, unknown>).filter(
  (entry): entry is [string, number] => typeof entry[1] === 'number',
);

test('every reason and event has a name of its own, and every name a number', (t) => {
  const names = numbers.map(([, number]) => reasons.counterNames[number]);
  numbers.forEach(([exported], i) => t.truthy(names[i], `${exported} has no name`));
  t.is(new Set(numbers.map(([, number]) => number)).size, numbers.length);
  t.is(new Set(names).size, names.length);
  t.is(reasons.counterNames.filter((name) => name).length, numbers.length);
  t.true(reasons.counterNames.length <= arena.counterSlots);
});

test('drops and only drops are called drop', (t) => {
  for (const [exported, number] of numbers) {
    const isDrop = reasons.isDrop(number);
    t.is(/^drop/.test(exported), isDrop, exported);
    t.is(/^drop-/.test(reasons.counterNames[number]), isDrop, exported);
  }
});

test('names say what the exported numbers say', (t) => {
  const words = (text: string) => text.replace(/([A-Z])/g, '-$1').toLowerCase();
  const said: Record<string, string> = {
    looked: 'looked-at',
    fastForwarded: 'forwarded-fast',
    slowForwarded: 'forwarded-slow',
    sentReset: 'sent-tcp-reset',
    dropEtherType: 'drop-ethertype',
    dropHeader: 'drop-ip-header',
    dropHeaderChecksum: 'drop-ip-checksum',
    dropTransport: 'drop-transport-header',
    errorRateLimited: 'icmp-error-rate-limited',
    linkDownDrop: 'link-down',
  };
  for (const [exported, number] of numbers)
    t.is(reasons.counterNames[number], said[exported] ?? words(exported));
});

test('the words the datapath reads are within the shortest frame', (t) => {
  t.is(sourceWord, 8);
  t.is(portsWord, 10);
  t.true(15 * 4 < 6 + 60);
});
