/** What the seam tells of the WAN's lease, and `lease renew`. */
import { LeasedRouter } from './leased.ts';
import './stub-version.ts';
import test from 'ava';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { router as fixedRouter } from '../control/table.ts';

const ask = (line: string) => JSON.parse(answer(line)) as Record<string, unknown> & { wan: object };
const silence = () => {};

function leased(lease = 600): LeasedRouter {
  const router = new LeasedRouter();
  router.isp.terms.lease = lease;
  openSeam('', () => router.now, silence, silence);
  return router;
}

test('status tells how far the router has come, and then whose the lease is and how long it lasts', (t) => {
  const router = leased();
  router.isp.silent = true;
  router.pass(3);
  t.like(ask('status').wan, {
    address: '0.0.0.0',
    lease: { state: 'selecting', server: null, gateway: null, secondsLeft: 0, resolvers: [] },
  });
  router.isp.silent = false;
  router.bind();
  const asked = router.isp.heard.at(-1)!.at;
  router.pass(100);
  t.like(ask('status').wan, {
    address: '12.0.0.1',
    lease: {
      state: 'bound',
      server: '12.0.0.254',
      gateway: '12.0.0.254',
      secondsLeft: 600 - (router.now - asked),
      resolvers: ['198.51.100.10', '198.51.100.11'],
    },
  });
  const endless = leased(0xffffffff);
  endless.bind();
  t.like(ask('status').wan, { lease: { secondsLeft: null } });
});

test('a WAN whose address is fixed has no lease', (t) => {
  fixedRouter();
  openSeam('', () => 0, silence, silence);
  t.false('lease' in ask('status').wan);
  t.regex(String(ask('lease renew').error), /^lease: the config fixes the address of the WAN/);
});

test('lease renew asks for the address again, and P stays', (t) => {
  const router = leased();
  router.bind();
  router.pass(10);
  router.isp.take();
  t.deepEqual(ask('lease renew'), { ok: true, lease: 'renew' });
  router.pass(2);
  t.deepEqual(router.isp.take(), ['request 0.0.0.0>255.255.255.255']);
  t.is(router.address, '12.0.0.1');
  t.is(router.phase, 'bound');
  t.is(ask('lease').error, 'lease: expected renew behind it.');
  router.plug(false);
  t.is(ask('lease renew').error, 'lease: no cable is plugged in on the WAN side.');
  openSeam('There is no config.', () => 0, silence, silence);
  t.is(ask('lease renew').error, 'The router is not running. There is no config.');
});

/** What the log has noted of the WAN's address, oldest first: `wan-lease-taken 12.0.0.1`. */
function logged(): string[] {
  const pages = ['log', 'log 8'].map(ask) as unknown as { log: { event: string; value: string }[] }[];
  const all = pages.flatMap(({ log }) => log.map(({ event, value }) => `${event} ${value}`));
  return all.filter((line) => /^(wan|lan)-/.test(line));
}

test('the log tells what became of the address', (t) => {
  const router = leased(60);
  const { isp } = router;
  isp.terms.address = '12.0.0.255';
  router.pass(3);
  isp.terms.address = '12.0.0.1';
  router.bind();
  router.pass(100);
  isp.silent = true;
  router.until(() => !router.address, 100);
  isp.silent = false;
  isp.terms.address = '192.168.0.77';
  router.bind();
  isp.terms.address = '12.0.0.3';
  isp.taken.add('12.0.0.3');
  router.until(() => !router.address, 100);
  router.pass(8);
  t.deepEqual(logged(), [
    'wan-offer-unusable 12.0.0.255',
    'wan-lease-taken 12.0.0.1',
    'wan-lease-ended 12.0.0.1',
    'lan-moved 192.168.77.1',
    'wan-lease-taken 192.168.0.77',
    'wan-lease-refused 192.168.0.77',
    'wan-address-declined 12.0.0.3',
  ]);
});
