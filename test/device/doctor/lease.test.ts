/**
 * A running router whose WAN waits for its address: the doctor says so, blames no wire, and is silent about it
 * otherwise. Pure; the answers are those of firmware/services/lease-requests.ts.
 */
import test from 'ava';
import { exitCodeOf } from '../../../host-tools/device/doctor/findings.ts';
import { judgeRouter } from '../../../host-tools/device/doctor/judge-router.ts';
import { reportText } from '../../../host-tools/device/doctor/report.ts';

const asking = { state: 'selecting', server: null, gateway: null, secondsLeft: 0, resolvers: [] };
const lan = { address: '192.168.0.1', chip: true, link: true };

/** Findings about a WAN like this, those that are well left out. */
function troubles(wan: object) {
  const status = { ok: true, lan, wan: { address: '0.0.0.0', chip: true, link: true, ...wan } };
  return judgeRouter({ status, counters: { counters: {} } }).filter(({ verdict }) => verdict !== 'ok');
}

test('a WAN without an address is worth a look', (t) => {
  const findings = troubles({ lease: asking });
  t.deepEqual(
    findings.map(({ step, chip, verdict, id }) => [step, chip, verdict, id]),
    [['links', 'wan', 'warn', 'no-lease']],
  );
  t.is(exitCodeOf(findings), 0);
  t.regex(reportText({ findings }), /look {3}links WAN {8}The router asks for an address on the WAN/);
});

test('a cable that is out, or an address, is all there is to say', (t) => {
  t.deepEqual(
    troubles({ lease: asking, link: false }).map(({ id }) => id),
    [undefined],
  );
  t.deepEqual(troubles({ lease: asking, address: '12.0.0.1' }), []);
  t.deepEqual(troubles({}), []);
});
