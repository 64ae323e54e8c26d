/*
 * docs/cable.md shows what the commands print, about the real firmware on a soft board after a few packets. `make readme`
 * writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { runDiff, runGet, runPush, runSet } from '../../../host-tools/device/settings/config.ts';
import { runForwardAdd } from '../../../host-tools/device/settings/forward.ts';
import { runClients } from '../../../host-tools/device/watch/clients.ts';
import { runCounters } from '../../../host-tools/device/watch/counters.ts';
import { runFlows } from '../../../host-tools/device/watch/flows.ts';
import { runForwards } from '../../../host-tools/device/watch/forwards.ts';
import { runLog } from '../../../host-tools/device/watch/log.ts';
import { runNeighbours } from '../../../host-tools/device/watch/neighbours.ts';
import { runStatus } from '../../../host-tools/device/watch/status.ts';
import { runTrace } from '../../../host-tools/device/watch/trace.ts';
import { temporaryFile } from '../../cli/command.ts';
import { configText } from '../../scenes/cast.ts';
import { converse, talk } from '../console/conversations.ts';
import { type TestEdges, edgesOn, softRouter } from '../console/soft-router.ts';

const page = 'docs/cable.md';
const text = { json: false, restart: true };
// The listing shows local times.
process.env.TZ = 'UTC';
const wallClock = Date.UTC(2026, 10, 30, 7, 15);
const file = temporaryFile('hairpin.json', configText('lan'));
test.after.always(file.remove);

const LISTINGS: readonly [command: string, run: (edges: TestEdges) => Promise<number>][] = [
  ['status', (edges) => runStatus(text, edges)],
  ['status --json', (edges) => runStatus({ json: true }, edges)],
  ['flows', (edges) => runFlows(text, edges)],
  ['forwards', (edges) => runForwards(text, edges)],
  ['neighbours', (edges) => runNeighbours(text, edges)],
  ['clients', (edges) => runClients(text, edges)],
  ['counters', (edges) => runCounters(text, edges)],
  ['log', (edges) => runLog({ json: false, follow: false }, edges, () => wallClock)],
  ['trace 192.168.0.3 --count 2', (edges) => runTrace('192.168.0.3', { json: false, count: '2' }, edges)],
  [
    'forward add web tcp 80 192.168.0.2:8080',
    (edges) => runForwardAdd(['web', 'tcp', '80', '192.168.0.2:8080'], text, edges),
  ],
  ['config get nat.timeouts', (edges) => runGet('nat.timeouts', text, edges)],
  ['config set nat.hairpinDynamic false', (edges) => runSet('nat.hairpinDynamic', 'false', text, edges)],
  ['config diff hairpin.json', (edges) => runDiff(file.path, text, edges)],
  ['config push hairpin.json', (edges) => runPush(file.path, text, edges)],
];

/** What all of them print, one after the other on one board. */
async function listings(): Promise<string> {
  const soft = await softRouter();
  converse(soft);
  soft.faults.toHost = (sent) => {
    if (sent.includes('"trace":"on"')) setImmediate(() => talk(soft));
    return sent;
  };
  const shown: string[] = [];
  for (const [command, run] of LISTINGS) {
    const edges = edgesOn({ ...soft.pair.host, close: () => Promise.resolve() }, soft.time);
    const exitCode = await run(edges);
    const out = [...edges.remarks, ...edges.out].join('\n').replaceAll(file.path, 'hairpin.json');
    shown.push(
      `$ hairpin ${command}\n${out.replaceAll('/dev/ttyTEST', '/dev/ttyUSB0')}${exitCode ? `\n(exit code ${exitCode})` : ''}`,
    );
  }
  return `\`\`\`text\n${shown.join('\n\n')}\n\`\`\``;
}

test.serial(`${page}: what it shows is what the commands print`, async (t) => {
  const block = /(<!-- cable listings: [^\n]*-->\n\n)[^]*?(<!-- end of cable listings -->)/;
  const before = readFileSync(page, 'utf8');
  t.regex(before, block);
  const content = await listings();
  const wanted = before.replace(block, (_, begin: string, end: string) => `${begin}${content}\n\n${end}`);
  if (process.env.UPDATE_README) writeFileSync(page, wanted);
  else t.is(before, wanted);
});

test(`${page}: every command's schema is there`, (t) => {
  const schemas = ['watch', 'settings'].flatMap((folder) =>
    ['status', 'flows', 'forwards', 'neighbours', 'clients', 'counters', 'trace', 'config', 'check']
      .map((name) => `host-tools/device/${folder}/${name}.ts`)
      .filter((name) => (name.includes('watch') ? !/config|check/.test(name) : /config|check/.test(name)))
      .flatMap((name) => readFileSync(name, 'utf8').match(/hairpin\.[a-z-]+\/1/g) ?? []),
  );
  t.true(schemas.length >= 11);
  for (const schema of schemas) t.true(readFileSync(page, 'utf8').includes(`\`${schema}\``), schema);
});
