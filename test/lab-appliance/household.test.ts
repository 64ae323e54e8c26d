/*
 * Plug it in, and the household works: dnsmasq as the ISP, udhcpc and dhclient on the LAN, dig against the forwarder, a
 * syslog listener. All of it unmodified software that knows nothing of us.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CAST } from '../../host-tools/lab/lab.ts';
import { judgeTest, labWith } from '../lab-judges/judges-lab.ts';
import { APPLIANCE, Household } from './household.ts';
import { BIG } from './programs.ts';

const { G, I, R, S } = CAST;
const lab = labWith({ config: APPLIANCE });

/** One household for all tests here: each leans on what those before it have set up. */
let opened: Promise<Household> | undefined;
function household(): Promise<Household> {
  return (opened ??= (async () => {
    const house = new Household(await lab());
    await house.startDnsmasq();
    return house;
  })());
}

judgeTest('dnsmasq, as the ISP, gives the router an address', ['dnsmasq'], async (t) => {
  const house = await household();
  const address = await house.publicAddress();
  t.regex(address, /^12\.0\.0\.(5\d|60)$/);
  const { out } = await house.lab.run('gateway', ['cat', '/run/isp.leases']);
  t.true(out.includes(`${CAST.P.mac} ${address} hairpin 01:${CAST.P.mac}`), out);
});

judgeTest('udhcpc gets an address and all it needs', ['dnsmasq', 'udhcpc'], async (t) => {
  const house = await household();
  await house.publicAddress();
  const given = await house.udhcpc();
  t.regex(given.ip, /^192\.168\.0\.1\d\d$/);
  t.deepEqual([given.mask, given.router, given.dns, given.domain], ['24', R.address, R.address, 'lan']);
  t.true(Number(given.lease) >= 60);
  t.is((await house.udhcpc()).ip, given.ip, 'the same again');
});

judgeTest(
  'dhclient gets the address that is kept for its MAC address',
  ['dnsmasq', 'dhclient'],
  async (t) => {
    const house = await household();
    await house.publicAddress();
    const given = await house.dhclient();
    t.is(given.ip, S.address);
    t.deepEqual(
      [given.mask, given.router, given.dns, given.domain, given.server],
      ['255.255.255.0', R.address, R.address, 'lan', R.address],
    );
  },
);

judgeTest(
  'the household works: ping, names and a web page',
  ['dnsmasq', 'udhcpc', 'dhclient', 'dig', 'curl'],
  async (t) => {
    const house = await household();
    const address = await house.publicAddress();
    const client = (await house.udhcpc()).ip;
    await house.dhclient();
    const ping = await house.lab.run('client', ['ping', '-c', '2', '-W', '3', I.address]);
    t.is(ping.code, 0, ping.out + ping.err);
    t.is(await house.dig('+short', `@${R.address}`, 'site.example'), I.address);
    // The forward from the Internet, and the same public address from the LAN.
    const page = [
      'curl',
      '-s',
      '-S',
      '--max-time',
      '10',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `http://${address}/`,
    ];
    for (const host of ['internet', 'client'] as const) {
      const said = await house.lab.run(host, page);
      t.is(said.out, '200', `${host}: ${said.err}`);
    }
    t.is(await house.dig('+short', `@${R.address}`, 'nas.lan'), S.address);
    t.is(await house.dig('+short', `@${R.address}`, 'laptop.lan'), client);
    t.is(await house.dig('+short', `@${R.address}`, '-x', S.address), 'nas.lan.');
  },
);

judgeTest('dig: what the forwarder passes it passes whole', ['dnsmasq', 'udhcpc', 'dig'], async (t) => {
  const house = await household();
  await house.publicAddress();
  await house.udhcpc();
  const big = BIG.map((text) => `"${text}"`).join(' ');
  t.is(await house.dig('+short', '+bufsize=4096', `@${R.address}`, 'big.example', 'TXT'), big);
  const cut = await house.dig('+noedns', '+ignore', `@${R.address}`, 'big.example', 'TXT');
  t.regex(cut, /flags: qr[^;]* tc/, 'what was cut says so');
  t.regex(await house.dig(`@${R.address}`, 'odd.example', 'TYPE65280'), /TYPE65280\s+\\# 4 CAFE0123/);
  t.regex(await house.dig('+cd', '+adflag', `@${R.address}`, 'site.example'), /status: NOERROR/);
  t.regex(await house.dig(`@${R.address}`, 'nobody.lan'), /status: NXDOMAIN/);
  t.regex(await house.dig('+tcp', `@${R.address}`, 'site.example'), /connection refused|failed/);
  t.is(await house.dig('+short', `@${G.address}`, 'site.example'), I.address, 'others may be asked directly');
  t.is(await house.dig('+short', '+tcp', `@${G.address}`, 'big.example', 'TXT'), big, 'by TCP, too');
});

judgeTest('dig, from the Internet: nobody answers there', ['dnsmasq', 'dig'], async (t) => {
  const house = await household();
  const address = await house.publicAddress();
  const said = await house.lab.run('internet', ['dig', '+time=2', '+tries=1', `@${address}`, 'nas.lan'], 20);
  t.is(said.code, 9, 'dig: no server answered');
});

judgeTest(
  'a syslog listener on the LAN hears what happens',
  ['dnsmasq', 'dhclient', 'udhcpc', 'syslogd'],
  async (t) => {
    const house = await household();
    await house.publicAddress();
    await house.dhclient();
    await house.lab.shell('server', 'echo "*.* /run/heard" >/run/syslog.conf; : >/run/heard');
    const words = [
      'syslogd',
      '--no-detach',
      '--inet',
      '--rcfile=/run/syslog.conf',
      '--pidfile=/run/syslog.pid',
    ];
    await house.lab.serve(
      'server',
      [...words, '--socket=/run/dev-log', '--no-klog', '--no-unixaf'],
      ['udp', 514],
    );
    // Somebody whom the router does not know yet.
    await house.lab.shell('client', 'ip link set eth0 down; ip link set eth0 address 02:00:00:00:a8:44 up');
    const { ip } = await house.udhcpc();
    let heard = '';
    for (let i = 0; i < 75 && !/lease-given/.test(heard); i++) {
      await sleep(200);
      heard = (await house.lab.run('server', ['cat', '/run/heard'])).out;
    }
    const line = heard.split('\n').find((text) => text.includes('lease-given')) ?? '';
    t.regex(line, /hairpin/, heard);
    t.true(line.includes(ip), heard);
  },
);
