/** Section 13, row dp-7: what the config says of names, as clients of the LAN hear it. */
import { LeasedRouter } from '../services/leased.ts';
import { policyLanDhcp, policySwitch, switches } from '../../firmware/layout/arena.ts';
import { arrive, introduce, lan, type Wish } from '../control/table.ts';
import { answerIn, clientFrame } from '../services/lan-client.ts';
import { query } from '../services/resolver.ts';
import { addressData, type DhcpOptions } from '../wire/dhcp.ts';
import { hostBytes, udp } from '../wire/packets.ts';
import { row } from './row.ts';

/** Resolvers that the ISP's lease names. */
const ofIsp = ['198.51.100.10', '12.0.0.254'];

/** A router by this config, P leased, that gives the LAN's hosts their addresses. */
function leased(config: Wish): void {
  const router = new LeasedRouter(config);
  router.isp.terms.resolvers = ofIsp;
  router.bind();
  switches[policySwitch] |= policyLanDhcp;
  introduce('G', 'C');
}

/** Options that C is told, by number: it has an address, and asks for the rest (RFC 2131 section 4.3.5). */
function told(): DhcpOptions {
  const inform = {
    op: 1,
    xid: 7,
    chaddr: [2, 0, 0, 0, 0xa8, 3],
    ciaddr: '192.168.0.3',
    options: { 53: [8] },
  };
  const [left] = arrive('lan', clientFrame(inform, '192.168.0.3'));
  return answerIn(left.frame)!.options;
}

/** Whom R asks for a name that C asks it for: where the query leaves for. */
function asked(): string {
  const [words] = lan(udp('C:40000', 'R:53', { data: query('www.example.com') }));
  return words.replace(/:\d+ >/, ' >');
}

row(['dp-7'], 'clients are told the domain of the config, and `lan` where it has none', (t) => {
  leased({ lan: { domain: 'home.example' } });
  t.deepEqual(told()[15], [...Buffer.from('home.example')]);
  leased({});
  t.deepEqual(told()[15], [...Buffer.from('lan')]);
});

row(
  ['dp-7'],
  'clients are told R if the config has `dns`, which asks the servers that stand there, else those of the ISP; without `dns` they are told the ISP’s',
  (t) => {
    leased({ dns: { servers: ['9.9.9.10'] } });
    t.deepEqual(told()[6], hostBytes('R'));
    t.is(asked(), 'wan G | udp P > 9.9.9.10:53');
    leased({ dns: {} });
    t.deepEqual(told()[6], hostBytes('R'));
    t.is(asked(), 'wan G | udp P > I:53');
    leased({});
    t.deepEqual(told()[6], addressData(...ofIsp));
    t.is(asked(), 'lan C | icmp 3/3 R > C about udp C > R:53');
  },
);
