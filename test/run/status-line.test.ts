/* The lines of `hairpin run`. */
import test from 'ava';
import type { PortReport } from '../../host-tools/lab/kernel/port-report.ts';
import {
  leaseNotice,
  oversizedNotice,
  statusLine,
  type RouterStatus,
} from '../../host-tools/run/status-line.ts';

const STATUS: RouterStatus = {
  uptime: 5,
  wan: { address: '12.0.0.1', link: true },
  lan: { address: '192.168.0.1', link: true },
  flows: 3,
};

function report(name: string, changes: Partial<PortReport>): PortReport {
  const zero = { received: 0, sent: 0, completed: 0, oversized: 0, refused: 0, missed: 0 };
  return { name, oversizedExample: '', ...zero, ...changes };
}

test('counts are those of the last second', (t) => {
  const before = [report('a', { received: 10, sent: 5 }), report('b', { received: 7, sent: 9 })];
  const now = [report('a', { received: 30, sent: 6 }), report('b', { received: 7, sent: 19 })];
  t.is(statusLine(STATUS, now, before), 'wan 20 in 1 out | lan 0 in 10 out frames/s | flows 3');
});

test('what should not happen is named only once it has happened', (t) => {
  const now = [
    report('a', { completed: 2, missed: 1 }),
    report('b', { oversized: 4, refused: 5, completed: 1 }),
  ];
  const line = statusLine(STATUS, now, []);
  t.true(line.endsWith('| flows 3 | checksums completed 3 | oversized 4 | missed 1 | not sent 5'), line);
});

test('a port without link says so', (t) => {
  const down = { ...STATUS, wan: { ...STATUS.wan, link: false } };
  t.true(statusLine(down, [report('a', {}), report('b', {})], []).startsWith('wan no link | lan 0 in'));
});

test('oversized frames are announced once per port', (t) => {
  const first = report('a', { oversized: 2, oversizedExample: 'a TCP frame of 4434 bytes from x to y' });
  t.regex(oversizedNotice(first, undefined) ?? '', /^Dropped on 'a': a TCP frame of 4434 bytes/);
  t.is(oversizedNotice(report('a', { oversized: 3 }), first), null);
  t.is(oversizedNotice(report('a', {}), undefined), null);
});

test('a leased address is told when it comes, changes and goes', (t) => {
  const wan = (address: string, server: string | null): RouterStatus => ({
    ...STATUS,
    wan: { address, link: true, lease: { server } },
  });
  const none = wan('0.0.0.0', null);
  const one = wan('12.0.0.50', '12.0.0.254');
  t.is(leaseNotice(none, undefined), 'Asking for an address on the WAN ...');
  t.is(leaseNotice(none, none), null);
  t.is(leaseNotice(one, none), "The WAN's address is 12.0.0.50, leased by 12.0.0.254.");
  t.is(leaseNotice(one, one), null);
  t.regex(leaseNotice(wan('12.0.0.51', '12.0.0.254'), one) ?? '', /is 12\.0\.0\.51,/);
  t.is(leaseNotice(none, one), 'The WAN has no address any more: asking for one.');
  t.is(leaseNotice(STATUS, undefined), null);
});
