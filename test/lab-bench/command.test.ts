/* `hairpin bench` as it is typed, by an ordinary user on a client behind a real router. */
import test, { type ExecutionContext } from 'ava';
import type { CommandOutcome } from './inside/command.ts';
import type { RouterName } from './routers.ts';
import { inside, missingFor } from './run-world.ts';

const THERE = ['--public', '12.0.0.1:25', '--server', '192.168.0.2:8025'];

function commandTest(title: string, router: RouterName, run: (t: ExecutionContext) => Promise<void>): void {
  const missing = missingFor(router);
  if (missing === null) return void test.serial(title, run);
  console.log(`SKIPPED: ${title}. ${missing}`);
  test.serial.skip(`${title} (skipped: ${missing})`, run);
}

function typed(router: RouterName, extras: string[], ...rest: string[]): Promise<CommandOutcome> {
  return inside('command', [router, ...extras, '--', ...rest], 60_000);
}

commandTest('a router that confirms its address is probed, and the fault found', 'DNAT only', async (t) => {
  const extras = ['nat-pmp=12.0.0.1'];
  const { code, out, err, html, responder } = await typed(
    'DNAT only',
    extras,
    ...THERE,
    '--html',
    '/run/report.html',
  );
  t.is(err, '');
  t.is(code, 1);
  t.regex(out, /^NO: 12\.0\.0\.1:25 does not work from inside this LAN/);
  t.regex(out, /^\(verdict: dnat-without-snat\)$/m);
  t.regex(out, /itself says \(NAT-PMP\) that its public\s+address is 12\.0\.0\.1/);
  t.regex(html ?? '', /^<!doctype html>/);
  t.regex(html ?? '', /dnat-without-snat/);
  t.regex(responder, /^Responding on TCP and UDP port 8025; Ctrl-C ends it\.$/m);
  t.regex(responder, /^Asked by 192\.168\.0\.3\.$/m);
});

commandTest('nothing is sent to an address that is not known to be ours', 'DNAT only', async (t) => {
  const silent = await typed('DNAT only', [], ...THERE);
  t.is(silent.code, 2);
  t.is(silent.out, '');
  t.regex(silent.err, /^hairpin: 12\.0\.0\.1 is not probed .* 192\.168\.0\.1 does not say .*--mine\.\n$/);
  t.is(silent.packetsForP, 0);
  const other = await typed('DNAT only', ['nat-pmp=12.0.0.99'], ...THERE);
  t.is(other.code, 2);
  t.regex(other.err, /says \(NAT-PMP\) that its public address is 12\.0\.0\.99/);
  t.is(other.packetsForP, 0);
});

commandTest('with --mine, a helper in the Internet, and --json', 'source P', async (t) => {
  const more = ['--mine', '--outside', '198.51.100.10:8026', '--hold', '1', '--json'];
  const { code, out, err } = await typed('source P', [], ...THERE, ...more);
  t.is(err, '');
  t.is(code, 0);
  const result = JSON.parse(out);
  t.like(result, { schema: 'hairpin.bench/1', verdict: 'works-external', exitCode: 0 });
  t.like(result.measurements.outside, {
    helper: 'reached',
    heardFrom: '12.0.0.1',
    tcp: { outcome: 'answered' },
    udp: { outcome: 'answered' },
  });
  t.true(result.measurements.numbers.through.throughput > 0);
  t.true(result.measurements.numbers.direct.throughput > 0);
});

commandTest('Ctrl-C in the middle: 130, at once', 'DNAT only', async (t) => {
  const { code, out, err, milliseconds } = await typed('DNAT only', ['interrupt'], ...THERE, '--mine');
  t.is(code, 130);
  t.is(out, '');
  t.is(err, 'hairpin: Interrupted; nothing is left behind.\n');
  t.true(milliseconds < 5500, `${milliseconds} ms`);
});
