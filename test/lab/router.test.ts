/* The firmware between real hosts: addresses, bodies, captures and speed. Needs dist/firmware.js. */
import { readFileSync } from 'node:fs';
import { openKernelLab } from '../../host-tools/lab/kernel/kernel-lab.ts';
import { measureLabThroughput } from '../../host-tools/lab/kernel/throughput.ts';
import { CAST } from '../../host-tools/lab/lab.ts';
import { kernelTest } from './in-namespace.ts';

const { P, R, S, C, I, J, G } = CAST;
const CONFIG = {
  wan: { address: `${P.address}/24`, gateway: G.address, mac: P.mac },
  lan: { address: `${R.address}/24`, mac: R.mac },
  forwards: [
    { name: 'smtp', proto: 'tcp', port: 25, to: `${S.address}:25` },
    { name: 'http', proto: 'tcp', port: 80, to: `${S.address}:80` },
    { name: 'echo', proto: 'udp', port: 5000, to: `${S.address}:5000` },
  ],
};

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

function firmware() {
  const files = {
    'board.json': read('boards/esp32-shared-bus/board.json'),
    'config.json': JSON.stringify(CONFIG),
  };
  return { bundle: read('dist/firmware.js'), files };
}

kernelTest('real hosts through the firmware: forwarded, hairpinned, outbound, bodies intact', async (t) => {
  const lab = await openKernelLab(firmware());
  t.teardown(() => lab.close());
  const { client, internet } = lab;

  const inbound = await internet.connect(P.address, 25, 4000);
  t.like(inbound, { outcome: 'connected' });
  if (inbound.outcome === 'connected') t.is(inbound.greeting, `220 you are ${inbound.local}`);

  const around = await client.connect(P.address, 25, 4000);
  t.like(around, { outcome: 'connected' });
  if (around.outcome === 'connected') t.regex(around.greeting, /^220 you are 12\.0\.0\.1:\d+$/);

  t.like(await client.connect(P.address, 26, 4000), { outcome: 'refused' });
  t.like(await client.udpEcho(P.address, 5000, 'hello', 2000), {
    outcome: 'answered',
    from: `${P.address}:5000`,
    text: 'hello',
  });
  t.like(await client.udpEcho(J.address, 5000, 'hello', 2000), {
    outcome: 'answered',
    from: `${J.address}:5000`,
  });
  for (const [host, address] of [
    [client, I.address],
    [internet, P.address],
    [client, P.address],
  ] as const)
    t.like(await host.httpGet(address, 80, '/8mb', 20_000), {
      outcome: 'ok',
      status: 200,
      firstDifference: null,
    });

  t.like(await client.ping(P.address, 2, 3000), { received: 2, from: [P.address] });
  t.deepEqual(await client.ttlProbe(I.address, 1, 2000), { outcome: 'exceeded', from: R.address });
  t.deepEqual(await client.ttlProbe(I.address, 2, 2000), { outcome: 'exceeded', from: G.address });
  t.deepEqual(await client.ttlProbe(I.address, 3, 2000), { outcome: 'reached', from: I.address });
});

kernelTest(
  'captures show what crossed each wire, in the order it crossed, once the promise resolves',
  async (t) => {
    const lab = await openKernelLab(firmware());
    t.teardown(() => lab.close());
    await lab.client.udpEcho(P.address, 5000, 'around', 2000);
    const seen = lab.frames().length;
    await lab.client.udpEcho(I.address, 5000, 'out', 2000);
    const udp = lab.frames().filter(({ bytes }) => bytes[12] === 8 && bytes[13] === 0 && bytes[23] === 17);
    const hops = udp.map(
      ({ wire, bytes }) => `${wire} ${bytes.subarray(26, 30).join('.')} ${bytes.subarray(30, 34).join('.')}`,
    );
    t.true(seen > 0);
    t.deepEqual(hops, [
      `client ${C.address} ${P.address}`,
      `router-lan ${C.address} ${P.address}`,
      `router-lan ${P.address} ${S.address}`,
      `server ${P.address} ${S.address}`,
      `server ${S.address} ${P.address}`,
      `router-lan ${S.address} ${P.address}`,
      `router-lan ${P.address} ${C.address}`,
      `client ${P.address} ${C.address}`,
      `client ${C.address} ${I.address}`,
      `router-lan ${C.address} ${I.address}`,
      `wan ${P.address} ${I.address}`,
      `wan ${I.address} ${P.address}`,
      `router-lan ${I.address} ${C.address}`,
      `client ${I.address} ${C.address}`,
    ]);
  },
);

kernelTest('TCP through both models and the firmware is faster than the chip, 100 Mbit/s', async (t) => {
  const { router, copy } = await measureLabThroughput({ ...firmware(), runs: 3, milliseconds: 500 });
  t.log(`router ${router.map(Math.round).join(', ')} Mbit/s; copy ${copy.map(Math.round).join(', ')} Mbit/s`);
  t.true(Math.max(...router) >= 100);
});
