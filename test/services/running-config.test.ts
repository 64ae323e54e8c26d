/**
 * The config of the services as it is told while the router runs, and changed: what an ISP's lease moves is told as it
 * was configured.
 */
import test from 'ava';
import './stub-version.ts';
import { board } from './stub-board.ts';
import { Storage } from '../../host-tools/emulator/platform-storage.ts';
import { makeRealm } from '../../host-tools/emulator/realm.ts';
import { forwardTo } from '../../firmware/layout/arena.ts';
import { describeConfig } from '../../firmware/config/validate.ts';
import { changeWan, moveLan } from '../../firmware/control/readdress.ts';
import { chooseConfig, usedText } from '../../firmware/services/chosen-config.ts';
import { answer, openSeam } from '../../firmware/services/seam.ts';
import { lan, router, wan } from '../control/table.ts';
import { map, pass, takeRequests } from '../control/nat-pmp.ts';
import { udp } from '../wire/packets.ts';
import type { Wish } from '../control/table.ts';

const realm = makeRealm();
const nas = { name: 'nas-with-a-name', mac: '02:00:00:00:a8:02', address: '192.168.0.2' };
const tv = { name: 'tv', mac: 'fe:dc:ba:98:76:54', address: '192.168.0.254' };

const home: Wish = {
  wan: { address: 'dhcp', gateway: undefined, mtu: 1492 },
  lan: { domain: 'home.arpa', dhcp: { first: '192.168.0.50', last: '192.168.0.60', hosts: [nas, tv] } },
  dns: { servers: ['9.9.9.9', '149.112.112.112'] },
  log: { syslog: '192.168.0.2' },
  dmz: '192.168.0.9',
  natPmp: true,
};

/** @returns the config with which the router started, described */
function start(wish: Wish): string {
  const text = describeConfig(router(wish));
  board.storage = new Storage(realm, { 'config.json': text });
  chooseConfig();
  openSeam(
    '',
    () => 0,
    () => {},
    () => {},
  );
  return text;
}

type Answer = Record<string, unknown> & { ok: boolean; error: string; config: Record<string, object> };
const ask = (line: string) => JSON.parse(answer(line)) as Answer;
const running = () => JSON.stringify(ask('config').config);

/** What the config is from the next start on. */
const stored = () => JSON.parse(usedText()) as Answer['config'];

const noRandom = () => 7;

test('every key of the services is told from the tables, leased address and all', (t) => {
  for (const wish of [home, { ...home, wan: {} }, { lan: { dhcp: {} } }, { dns: {} }, {}]) {
    const text = start(wish);
    t.is(running(), text);
  }
});

test('a lease, another MTU and a LAN that had to move do not change what was configured', (t) => {
  const text = start({ ...home, hairpin: 'lan' });
  changeWan(0x0200000c, 0x00ffffff, 0xfe00000c, 1400, noRandom);
  moveLan(0x0101a8c0, noRandom);
  t.is(running(), text);
  t.is((ask('status') as unknown as { lan: { address: string } }).lan.address, '192.168.1.1');
});

test('a forward that is added after the LAN moved leads to where its server is now', (t) => {
  start({ forwards: [] });
  moveLan(0x0101a8c0, noRandom);
  t.is(ask('forward add ssh tcp 2222 192.168.0.2:22').restart, false);
  t.is((ask('config').config.forwards as { to: string }[])[0].to, '192.168.0.2:22');
  t.is(forwardTo[0], 0x0201a8c0);
});

test("set: the address may be the ISP's business, and become ours again, its gateway with it", (t) => {
  start({});
  t.like(ask('set wan.address dhcp'), { ok: true, value: 'dhcp', restart: true });
  t.deepEqual(Object.keys(stored().wan), ['address', 'mac', 'mtu']);

  start(home);
  t.regex(
    ask('set wan.address 12.0.0.1/24').error,
    /^set: expected "set wan\.address 12\.0\.0\.1\/24 gateway ADDRESS"/,
  );
  t.regex(ask('set wan.gateway 12.0.0.254').error, /^set: wan\.gateway: expected no gateway beside/);
  t.regex(
    ask('set wan.address 12.0.0.1/24 gateway 13.0.0.1').error,
    /^set: wan\.gateway: expected the ISP's router/,
  );
  for (const wrong of ['', ' pppoe', ' 12.0.0.1', ' a b', ' a gateway', ' a gateway b c'])
    t.regex(ask(`set wan.address${wrong}`).error, /^set: expected "set wan\.address ADDRESS\/PREFIX"/, wrong);
  t.like(ask('set wan.address 12.0.0.1/24 gateway 12.0.0.254'), { ok: true, value: '12.0.0.1/24' });
  t.like(stored().wan, { address: '12.0.0.1/24', gateway: '12.0.0.254', mtu: 1492 });
});

test('ports that LAN hosts asked for are told beside the forwards, and are no part of the config', (t) => {
  const text = start({ natPmp: true });
  takeRequests();
  pass(10);
  map('udp', 6100, 16000, 600);
  pass(100);
  wan(udp('I:1', 'P:16000'));
  const { forwards, mapped } = ask('forwards') as unknown as {
    forwards: { name: string }[];
    mapped: object[];
  };
  t.deepEqual(mapped, [{ proto: 'udp', port: 16000, to: '192.168.0.3:6100', seconds: 500, flows: 1 }]);
  t.is(forwards.at(-1)?.name, 'friends');
  t.is(running(), text);
  t.is(ask('forward add ssh tcp 2222 192.168.0.2:22').restart, false);
  t.is((ask('forwards').forwards as { name: string }[]).at(-1)?.name, 'ssh');
  t.true(ask('forward remove smtp').ok);
  t.deepEqual(wan(udp('I:2', 'P:16000')), ['lan C | udp I:2 > C:6100']);
  t.like(ask('set forward ssh hairpin none'), { ok: true });
  t.deepEqual(lan(udp('S:1', 'P:16000')), ['lan C | udp P:1 > C:6100']);
});

test("set: domain, pool, lease, syslog and NAT-PMP; none takes the DMZ host and the log's reader away", (t) => {
  start(home);
  for (const [key, value] of [
    ['lan.domain', 'lan'],
    ['lan.dhcp.first', '192.168.0.40'],
    ['lan.dhcp.last', '192.168.0.44'],
    ['lan.dhcp.lease', '600'],
    ['log.syslog', '192.168.0.77'],
  ])
    t.like(ask(`set ${key} ${value}`), { ok: true, restart: true }, key);
  const dhcp = { first: '192.168.0.40', last: '192.168.0.44', lease: 600, hosts: [nas, tv] };
  t.like(stored().lan, { domain: 'lan', dhcp });
  t.like(stored().log, { syslog: '192.168.0.77' });
  t.like(ask('set nat.natPmp false'), { ok: true, restart: false });
  t.like(ask('config').config.nat, { natPmp: false });

  t.like(ask('set dmz none'), { ok: true, value: null, restart: true });
  t.like(ask('set log.syslog none'), { ok: true, value: null });
  t.false('dmz' in stored());
  t.deepEqual(stored().log, {});
  t.like(ask('set dmz none'), { ok: true, value: null });
  t.regex(ask('set wan.gateway none').error, /^set: wan\.gateway: expected/);
});
