/*
 * A household in the lab: the ISP's DHCP server behind the WAN, the router as an appliance, and hosts on the LAN that ask
 * it for everything. Starts programs of the system inside the lab's namespaces and hands back what they were given.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CAST } from '../../host-tools/lab/lab.ts';
import { type JudgesLab } from '../lab-judges/judges-lab.ts';
import { DHCLIENT_CONF, DHCLIENT_SCRIPT, DNSMASQ, UDHCPC_SCRIPT, UDHCPD_CONF } from './programs.ts';

const { P, R, S } = CAST;

/** The router as somebody sets it up who wants nothing but a household that works, and one server. */
export const APPLIANCE = {
  wan: { address: 'dhcp', mac: P.mac },
  lan: {
    address: `${R.address}/24`,
    mac: R.mac,
    dhcp: { hosts: [{ name: 'nas', mac: S.mac, address: S.address }] },
  },
  dns: {},
  log: { syslog: S.address },
  forwards: [
    { name: 'web', proto: 'tcp', port: 80, to: `${S.address}:80` },
    { name: 'echo', proto: 'udp', port: 5000, to: `${S.address}:5000` },
  ],
};

/** `ip=... mask=...` of a client's script, by name. */
export type Given = Record<string, string>;

function givenIn(text: string): Given {
  return Object.fromEntries(
    text
      .trim()
      .split(' ')
      .map((pair) => pair.split('=') as [string, string]),
  );
}

export class Household {
  constructor(readonly lab: JudgesLab) {}

  /** Starts dnsmasq as the ISP. */
  async startDnsmasq(): Promise<void> {
    await this.lab.serve('gateway', DNSMASQ, ['udp', 67]);
  }

  /** Starts udhcpd as the ISP. */
  async startUdhcpd(): Promise<void> {
    await this.lab.shell('gateway', 'cat >/run/udhcpd.conf; : >/run/udhcpd.leases', UDHCPD_CONF);
    await this.lab.serve('gateway', ['udhcpd', '-f', '/run/udhcpd.conf'], ['udp', 67]);
  }

  /** Waits until the ISP has given the router an address. @returns it */
  async publicAddress(seconds = 30): Promise<string> {
    const until = performance.now() + 1000 * seconds;
    for (;;) {
      const { wan } = (await this.lab.hairpin('status')) as { wan: { address: string | null } };
      if (wan.address && wan.address !== '0.0.0.0') return wan.address;
      if (performance.now() > until) throw new Error(`No address after ${seconds} s: ${JSON.stringify(wan)}`);
      await sleep(200);
    }
  }

  /** udhcpc on C asks for an address, takes it and ends. */
  async udhcpc(): Promise<Given> {
    await this.lab.shell('client', 'cat >/run/udhcpc.sh; chmod +x /run/udhcpc.sh', UDHCPC_SCRIPT);
    await this.lab.shell('client', 'ip addr flush dev eth0; rm -f /run/udhcpc.given');
    const ask = ['udhcpc', '-i', 'eth0', '-f', '-n', '-q', '-t', '5', '-T', '3', '-x', 'hostname:laptop'];
    const said = await this.lab.run('client', [...ask, '-O', 'domain', '-s', '/run/udhcpc.sh'], 30);
    if (said.code !== 0) throw new Error(`udhcpc: ${said.err}${said.out}`);
    return givenIn((await this.lab.run('client', ['cat', '/run/udhcpc.given'])).out);
  }

  /** dhclient on S does the same. */
  async dhclient(): Promise<Given> {
    await this.lab.shell('server', 'cat >/run/dhclient.sh; chmod +x /run/dhclient.sh', DHCLIENT_SCRIPT);
    await this.lab.shell('server', 'cat >/run/dhclient.conf', DHCLIENT_CONF);
    await this.lab.shell(
      'server',
      'ip addr flush dev eth0; rm -f /run/dhclient.given; : >/run/dhclient.leases',
    );
    const files = ['-cf', '/run/dhclient.conf', '-lf', '/run/dhclient.leases', '-pf', '/run/dhclient.pid'];
    // Without -d it leaves for the background once it has a lease; it ends with the lab.
    const said = await this.lab.run(
      'server',
      ['dhclient', '-1', '-v', '-sf', '/run/dhclient.sh', ...files, 'eth0'],
      40,
    );
    if (said.code !== 0) throw new Error(`dhclient: ${said.err}${said.out}`);
    return givenIn((await this.lab.run('server', ['cat', '/run/dhclient.given'])).out);
  }

  /** What dig prints in short, from C. */
  async dig(...words: string[]): Promise<string> {
    const said = await this.lab.run('client', ['dig', '+time=2', '+tries=2', ...words], 20);
    return said.out.trim();
  }
}
