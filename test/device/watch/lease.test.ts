/*
 * What `hairpin status` makes of a lease. Pure; the answers are those of firmware/services/lease-requests.ts.
 */
import test from 'ava';
import type { LeaseStatus, StatusAnswer } from '../../../host-tools/device/console/answers.ts';
import { judgeStatus, statusJson, statusText } from '../../../host-tools/device/watch/status.ts';

const bound: LeaseStatus = {
  state: 'bound',
  server: '12.0.0.253',
  gateway: '12.0.0.254',
  secondsLeft: 3480,
  resolvers: ['9.9.9.9', '1.1.1.1'],
};

function answer(lease: LeaseStatus, address = '12.0.0.1', link = true, uptime = 70): StatusAnswer {
  const lan = { address: '192.168.0.1', chip: true, link: true };
  const counts = { flows: 0, endpoints: 0, held: 0 };
  const wan = { address, chip: true, link, lease };
  return { ok: true, version: '1.2.3', uptime, wan, lan, ...counts };
}

/** The line below the WAN's, and the problems. */
function told(...given: Parameters<typeof answer>): [string, string[]] {
  const report = judgeStatus(answer(...given));
  return [statusText(report)[2], report.problems];
}

test('who leased the address, and for how long', (t) => {
  t.deepEqual(told(bound), [
    '     leased by 12.0.0.253 for another 58 min (bound), gateway 12.0.0.254, resolvers 9.9.9.9, 1.1.1.1',
    [],
  ]);
  t.deepEqual(told({ ...bound, secondsLeft: null, gateway: null, resolvers: [] }), [
    '     leased by 12.0.0.253 for ever (bound), gateway none',
    [],
  ]);
});

test('no address yet is a problem, unless a cable that is out explains it', (t) => {
  const none = { state: 'selecting', server: null, gateway: null, secondsLeft: 0, resolvers: [] };
  const [line, problems] = told(none, '0.0.0.0');
  t.is(line, '     asking the ISP for an address (selecting)');
  t.is(problems.length, 1);
  t.regex(problems[0], /^The ISP has not leased an address: is its modem ready/);
  const [, out] = told(none, '0.0.0.0', false);
  t.is(out.length, 1);
  t.regex(out[0], /^The WAN side has no link/);
});

test('just after a start the modem is not blamed', (t) => {
  const none = { state: 'selecting', server: null, gateway: null, secondsLeft: 0, resolvers: [] };
  const [, problems] = told(none, '0.0.0.0', true, 29);
  t.deepEqual(problems, [
    'The ISP has not leased an address yet. The router has just been started: ask again in a minute.',
  ]);
  t.regex(told(none, '0.0.0.0', true, 30)[1][0], /is its modem ready/);
});

test('programs get the lease as it was told', (t) => {
  const json = statusJson(judgeStatus(answer(bound)), '/dev/x', []) as { wan: unknown };
  t.deepEqual(json.wan, { address: '12.0.0.1', chip: true, link: true, lease: bound });
});
