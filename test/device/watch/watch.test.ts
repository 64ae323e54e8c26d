/*
 * The commands that look at a running router, against the real firmware on a soft board: what people read, what programs
 * read, and exit codes.
 */
import test from 'ava';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { Interrupted } from '../../../host-tools/cli/interruption.ts';
import { clientsText, runClients } from '../../../host-tools/device/watch/clients.ts';
import { runCounters } from '../../../host-tools/device/watch/counters.ts';
import { allFlows, runFlows } from '../../../host-tools/device/watch/flows.ts';
import { runForwards } from '../../../host-tools/device/watch/forwards.ts';
import { runNeighbours } from '../../../host-tools/device/watch/neighbours.ts';
import { runStatus } from '../../../host-tools/device/watch/status.ts';
import { durationText } from '../../../host-tools/device/watch/table.ts';
import { runTrace } from '../../../host-tools/device/watch/trace.ts';
import { reachRouter } from '../../../host-tools/device/console/router.ts';
import { reasonSentence } from '../../../host-tools/explain/reasons.ts';
import { counterNames } from '../../../firmware/layout/reasons.ts';
import { configText } from '../../scenes/cast.ts';
import { tcp, udp } from '../../wire/packets.ts';
import { ipFrame, mac } from '../../scenes/cast.ts';
import { converse, introduceAll, knock, talk } from '../console/conversations.ts';
import { type SoftRouter, softRouter } from '../console/soft-router.ts';

const text = { json: false };
const json = { json: true };
/** The one object that was printed. */
const object = ({ edges }: SoftRouter) => {
  const [only, ...more] = edges.out;
  if (more.length > 0) throw new Error('more than one object');
  return JSON.parse(only) as Record<string, unknown>;
};

test.serial('status: all is up', async (t) => {
  const soft = await softRouter();
  converse(soft);
  t.is(await runStatus(text, soft.edges), 0);
  const [out] = soft.edges.out;
  t.regex(out, /^Hairpin \d+\.\d+\.\d+, running for \d+ s\n/);
  t.regex(out, /\nWAN {2}12\.0\.0\.1 +link up\nLAN {2}192\.168\.0\.1 +link up\n2 flows, /);
  t.is(soft.edges.opened, 1);
  t.true(soft.edges.closed());
});

test.serial('status --json', async (t) => {
  const soft = await softRouter();
  t.is(await runStatus(json, soft.edges), 0);
  const { version, uptime, forwards, ...rest } = object(soft);
  t.like((forwards as object[])[0], { name: 'smtp', proto: 'tcp', port: 25, to: '192.168.0.2:25' });
  t.regex(String(version), /^\d+\.\d+\.\d+$/);
  t.is(typeof uptime, 'number');
  t.deepEqual(rest, {
    schema: 'hairpin.status/1',
    port: '/dev/ttyTEST',
    running: true,
    problems: [],
    wan: { address: '12.0.0.1', chip: true, link: true },
    lan: { address: '192.168.0.1', chip: true, link: true },
    flows: 0,
    endpoints: 0,
    held: 0,
  });
});

test.serial('status: a cable that is out is exit code 1 and a sentence', async (t) => {
  const soft = await softRouter({ links: [true, false] });
  t.is(await runStatus(text, soft.edges), 1);
  t.regex(soft.edges.out[0], /\nThe LAN side has no link: is its cable in/);
  const again = await softRouter({ links: [false, true] });
  t.is(await runStatus(json, again.edges), 1);
  t.deepEqual(object(again).problems, [
    'The WAN side has no link: is its cable in at both ends, and the other device switched on?',
  ]);
});

test.serial('status: a router that stands still says why, exit code 1', async (t) => {
  const soft = await softRouter({ config: '{' });
  t.is(await runStatus(json, soft.edges), 1);
  const { running, problems, ...rest } = object(soft);
  t.false(running);
  t.regex(String(problems), /^The router is not running\. config/);
  t.deepEqual(rest, { schema: 'hairpin.status/1', port: '/dev/ttyTEST' });
  const told = await softRouter({ config: '{' });
  t.is(await runStatus(text, told.edges), 1);
  t.regex(told.edges.out[0], /^The router is not running\. config[^\n]*$/);
});

test.serial(
  'a router that stands still has no flows, counters or neighbours to tell of: exit code 1',
  async (t) => {
    for (const command of [
      runFlows,
      runCounters,
      runNeighbours,
      (options: typeof text, edges: SoftRouter['edges']) => runTrace(undefined, options, edges),
    ]) {
      const soft = await softRouter({ config: null });
      const error = await t.throwsAsync<UserError>(command(text, soft.edges), {
        message:
          /^The router is not running\. There is no config\.json.* hairpin config push hairpin\.json\.$/,
      });
      t.is(error?.exitCode, 1);
      t.deepEqual(soft.edges.out, []);
      t.true(soft.edges.closed());
    }
  },
);

test.serial('flows: text, JSON, and none', async (t) => {
  const soft = await softRouter();
  t.is(await runFlows(text, soft.edges), 0);
  t.regex(soft.edges.out[0], /^There are no flows/);
  const busy = await softRouter();
  converse(busy);
  t.is(await runFlows(text, busy.edges), 0);
  t.regex(busy.edges.out[0], /^proto {2}from > to +answers from > to +state +idle\n/);
  t.regex(
    busy.edges.out[0],
    /tcp +192\.168\.0\.3:33333 > 12\.0\.0\.1:25 +192\.168\.0\.2:25 > 12\.0\.0\.1:33333/,
  );
  t.regex(busy.edges.out[0], /\n2 flows$/);
  const programs = await softRouter();
  converse(programs);
  await runFlows(json, programs.edges);
  t.is(object(programs).schema, 'hairpin.flows/1');
  t.is((object(programs).flows as unknown[]).length, 2);
});

test.serial('flows: all pages, each flow once', async (t) => {
  const soft = await softRouter();
  introduceAll(soft);
  for (let port = 2000; port < 2030; port++) {
    const ip = Buffer.from(tcp(`C:${port}`, 'I:80', 'S')).toString('hex');
    soft.world.lan.deliver(ipFrame(mac.client, mac.routerLan, ip));
    soft.world.run(5_000);
  }
  const router = await reachRouter(soft.pair.host, soft.time);
  const flows = await allFlows(router);
  t.is(new Set(flows.map(({ original }) => original)).size, 30);
  t.is(flows.length, 30);
  t.true(soft.requests.filter((request) => request.startsWith('flows ')).length >= 4);
});

test.serial('forwards', async (t) => {
  const soft = await softRouter();
  converse(soft);
  t.is(await runForwards(text, soft.edges), 0);
  t.regex(soft.edges.out[0], /^name +proto +port +to +from +hairpin +flows\n/);
  t.regex(soft.edges.out[0], /\nsmtp +tcp +25 +192\.168\.0\.2:25 +everyone +external +2\n/);
  const config = JSON.stringify({ ...(JSON.parse(configText('lan')) as object), dmz: '192.168.0.9' });
  const other = await softRouter({ config });
  await runForwards(json, other.edges);
  t.like(object(other), {
    schema: 'hairpin.forwards/1',
    forwards: [{ name: 'smtp', port: 25, from: null, hairpin: 'lan', flows: 0 }, { name: 'echo' }],
    dmz: { to: '192.168.0.9', flows: 0 },
  });
  const still = await softRouter({ config: '{' });
  const error = await t.throwsAsync<UserError>(runForwards(text, still.edges), { instanceOf: UserError });
  t.is(error?.exitCode, 1);
  t.true(still.edges.closed());
});

test.serial('forwards: ports that a LAN host asked for, with the time they have', async (t) => {
  const config = JSON.stringify({ ...(JSON.parse(configText('lan')) as object), nat: { natPmp: true } });
  const soft = await softRouter({ config });
  introduceAll(soft);
  // RFC 6886 section 3.3: version 0, map TCP, C:6000 by P:16000 for 7200 s.
  const data = Uint8Array.from([0, 2, 0, 0, 6000 >> 8, 6000 & 255, 16000 >> 8, 16000 & 255, 0, 0, 28, 32]);
  const request = Buffer.from(udp('C:50000', 'R:5351', { data })).toString('hex');
  soft.world.lan.deliver(ipFrame(mac.client, mac.routerLan, request));
  soft.world.run(100_000);
  t.is(await runForwards(text, soft.edges), 0);
  t.regex(
    soft.edges.out[0],
    /\n\nHosts of the LAN asked for these \(NAT-PMP\):\nproto +port +to +for +flows\ntcp +16000 +192\.168\.0\.3:6000 +(2 h|1 h 59 min)\b.* +0$/,
  );
  const other = await softRouter({ config });
  await runForwards(json, other.edges);
  t.deepEqual(object(other).mapped, []);
});

test.serial('neighbours', async (t) => {
  const soft = await softRouter();
  introduceAll(soft);
  t.is(await runNeighbours(text, soft.edges), 0);
  t.regex(soft.edges.out[0], /\nlan +192\.168\.0\.2 +02:00:00:00:a8:02 +reachable +\d+ s/);
  const other = await softRouter();
  introduceAll(other);
  await runNeighbours(json, other.edges);
  t.is(object(other).schema, 'hairpin.neighbours/1');
  t.is((object(other).neighbours as unknown[]).length, 3);
});

test.serial('clients: who is there, and bytes on demand', async (t) => {
  const soft = await softRouter();
  converse(soft);
  t.is(await runClients(text, soft.edges), 0);
  t.regex(soft.edges.out[0], /^address +MAC address +name +how +last heard +flows\n/);
  t.regex(soft.edges.out[0], /\n192\.168\.0\.3 +02:00:00:00:a8:03 +- +static +\d+ s +1\n/);
  t.regex(soft.edges.out[0], /\n2 clients$/);
  const other = await softRouter();
  introduceAll(other);
  t.is(await runClients({ json: true, count: 'on' }, other.edges), 0);
  t.like(object(other), { schema: 'hairpin.clients/1', counting: true });
  const [client] = object(other).clients as Record<string, unknown>[];
  t.like(client, { how: 'static', name: null, left: null, flows: 0, up: 0, down: 0 });
  const wrong = await softRouter();
  const error = await t.throwsAsync<UserError>(runClients({ json: false, count: 'yes' }, wrong.edges), {
    instanceOf: UserError,
  });
  t.is(error?.message, '--count: expected on or off, but got "yes".');
});

test('clients: in words', (t) => {
  const client = {
    ...{ address: '192.168.0.100', mac: '02:00:00:01:00:01', name: 'laptop', how: 'leased', left: 3600 },
    ...{ heard: null, flows: 2, up: 1500, down: null },
  };
  t.deepEqual(clientsText(true, [client]), [
    'address        MAC address        name    how               last heard  flows  bytes up  bytes down',
    '192.168.0.100  02:00:00:01:00:01  laptop  leased, 1 h left  -           2      1500      -',
    '',
    '1 client',
  ]);
  t.deepEqual(clientsText(false, []), ['The router knows no hosts of the LAN yet: nobody has spoken to it.']);
});

test.serial('counters: for people what is not zero, in words; for programs all', async (t) => {
  const soft = await softRouter();
  converse(soft);
  t.is(await runCounters(text, soft.edges), 0);
  const lines = soft.edges.out[0].split('\n');
  t.true(lines.some((line) => /^ *1 {2}drop-no-forward +No forward takes it/.test(line)));
  t.false(lines.some((line) => /^ *0 /.test(line)));
  const other = await softRouter();
  await runCounters(json, other.edges);
  t.is(object(other).schema, 'hairpin.counters/1');
  t.deepEqual(
    Object.keys(object(other).counters as object),
    counterNames.filter((name) => name),
  );
});

/** Lets the cast speak once the trace is on. */
function speakWhenTraced(soft: SoftRouter, speak: () => void): void {
  introduceAll(soft);
  soft.faults.toHost = (sent) => {
    if (sent.includes('"trace":"on"')) setImmediate(speak);
    return sent;
  };
}

test.serial('trace: every packet with what became of it, and the switch off at the end', async (t) => {
  const soft = await softRouter();
  speakWhenTraced(soft, () => talk(soft));
  t.is(await runTrace(undefined, { json: false, count: '6' }, soft.edges), 0);
  t.is(soft.edges.out.filter((out) => /^\d+ s /.test(out)).length, 6);
  const hairpinned = soft.edges.out.find((out) => out.includes('192.168.0.3:33333')) ?? '';
  t.regex(hairpinned, /^\d+ s {2}TCP from the LAN: 192\.168\.0\.3:33333 > 12\.0\.0\.1:25\n/);
  t.regex(hairpinned, /\n {6}to the LAN, as 12\.0\.0\.1:33333 > 192\.168\.0\.2:25\n {6}It was looked at/);
  t.true(soft.edges.out.at(-1)?.includes('(drop-no-forward)'));
  t.deepEqual(soft.edges.remarks, ['Tracing every packet; Ctrl-C ends it.']);
  t.is(soft.requests.at(-1), 'trace off');
});

test.serial('trace HOST --json: one object', async (t) => {
  const soft = await softRouter();
  speakWhenTraced(soft, () => talk(soft));
  t.is(await runTrace('198.51.100.11', { json: true, count: '1' }, soft.edges), 0);
  t.true(soft.requests.includes('trace on 198.51.100.11'));
  const { packets, ...rest } = object(soft) as { packets: Record<string, unknown>[] };
  t.deepEqual(rest as object, { schema: 'hairpin.trace/1', host: '198.51.100.11', missed: 0 });
  t.like(packets[0], { received: '198.51.100.11:50000>12.0.0.1:26', reason: 'drop-no-forward' });
  t.is(packets[0].sentence, reasonSentence('drop-no-forward'));
  t.deepEqual(soft.edges.remarks, []);
});

test.serial('trace: what came too fast is counted', async (t) => {
  const soft = await softRouter();
  speakWhenTraced(soft, () => {
    for (let n = 0; n < 50; n++) knock(soft);
  });
  t.is(await runTrace(undefined, { json: false, count: '32' }, soft.edges), 0);
  t.is(soft.edges.out[0], '(18 packets came too fast to be told; name a host to see fewer)');
  const programs = await softRouter();
  speakWhenTraced(programs, () => {
    for (let n = 0; n < 50; n++) knock(programs);
  });
  await runTrace(undefined, { json: true, count: '32' }, programs.edges);
  t.is(object(programs).missed, 18);
});

test.serial('trace: Ctrl-C switches it off, closes the port, and --json prints what there was', async (t) => {
  const soft = await softRouter();
  speakWhenTraced(soft, () => {
    talk(soft);
    setTimeout(() => process.emit('SIGTERM'), 50);
  });
  // Time that stands still would read the trace thousands of times until the signal comes.
  const { time } = soft.edges;
  soft.edges.time = { now: () => time.now(), after: (ms, action) => realAfter(time, ms, action) };
  await t.throwsAsync(runTrace(undefined, json, soft.edges), { instanceOf: Interrupted });
  t.is(soft.requests.at(-1), 'trace off');
  t.true(soft.edges.closed());
  t.true((object(soft).packets as unknown[]).length >= 6);
});

/** The pause between two looks in real time, everything else as it was. */
function realAfter(time: SoftRouter['time'] | SoftRouter['edges']['time'], ms: number, action: () => void) {
  if (ms !== 500) return time.after(ms, action);
  const timer = setTimeout(action, 10);
  return () => clearTimeout(timer);
}

test.serial('trace: mistakes are refused before the port is opened', async (t) => {
  const soft = await softRouter();
  for (const count of ['0', '-1', 'x', '1.5', '10000000'])
    await t.throwsAsync(runTrace(undefined, { json: false, count }, soft.edges), {
      instanceOf: UserError,
      message: `--count wants a number of packets from 1 to 999999, but got '${count}'.`,
    });
  await t.throwsAsync(runTrace('nobody', text, soft.edges), {
    instanceOf: UserError,
    message: "trace wants the address of a host, such as 192.168.0.3, but got 'nobody'.",
  });
  t.is(soft.edges.opened, 0);
});

test.serial('trace: the cable pulled in the middle', async (t) => {
  const soft = await softRouter();
  speakWhenTraced(soft, () => soft.pair.unplug());
  await t.throwsAsync(runTrace(undefined, json, soft.edges), { message: /is gone: the cable was pulled/ });
  t.deepEqual(soft.edges.out, []);
});

test.serial('how long', (t) => {
  const cases: [number, string][] = [
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [7260, '2 h 1 min'],
    [1_047_600, '12 d 3 h'],
  ];
  for (const [seconds, words] of cases) t.is(durationText(seconds), words);
});
