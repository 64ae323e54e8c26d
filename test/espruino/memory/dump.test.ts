// Reading the interpreter's list of variables: names, texts, numbers, and what hangs on what.
import test from 'ava';
import { parseDump, reachable, sizeOf } from './dump.ts';

const text = [
  'ref,size,flags,name,links...',
  '1,1,1,Object,2,14,',
  '2,1,24,"\\xFF",3,',
  '3,1,5,Object,',
  '14,2,27,"hairpin",22,',
  '22,1,7,,23,',
  '23,4,37,String "a,\\"b",14,",',
  '24,1,10,Number 5,',
].join('\r\n');

test('each variable with its name, its size and its links, whatever its text holds', (t) => {
  const dump = parseDump(text);
  t.deepEqual([...dump.keys()], [1, 2, 3, 14, 22, 23, 24]);
  t.deepEqual(dump.get(14), { size: 2, name: 'hairpin', links: [22] });
  t.deepEqual(dump.get(1), { size: 1, name: undefined, links: [2, 14] });
  t.deepEqual(dump.get(23)!.links, []);
});

test('reachable: not through what is closed', (t) => {
  const dump = parseDump(text);
  t.deepEqual([...reachable(dump, [1], new Set([2]))].sort(), [1, 14, 22, 23]);
  t.is(sizeOf(dump, reachable(dump, [14], new Set())), 7);
});
