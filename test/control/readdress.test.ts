/**
 * New addresses while the router runs: what ends with them, what stays, and that nothing leaves in nobody's name.
 */
import test from 'ava';
import {
  endpointHost,
  forwardTo,
  gatewayHop,
  neighbourAddress,
  neighbourState,
  probe,
  probeClaim,
  probeOwner,
  switches,
  linkLan,
  linkWan,
} from '../../firmware/layout/arena.ts';
import { lanPort, wanPort } from '../../firmware/layout/ports.ts';
import { dmzAddress } from '../../firmware/control/forwards.ts';
import { endpointsInUse, holdEndpoint, openEndpoint, publicUdp } from '../../firmware/control/endpoints.ts';
import { flowsInUse } from '../../firmware/control/flows.ts';
import { askOwner } from '../../firmware/control/claims.ts';
import { changeWan, moveLan } from '../../firmware/control/readdress.ts';
import { seeded } from '../wire/random.ts';
import { ping, tcp, udp, word } from '../wire/packets.ts';
import { arp, arrive, dropped, ethernet, lan, macOf, moved, pause, router, say, told, wan } from './table.ts';

const mask24 = word('255.255.255.0');
const draw = seeded(11);
const random = () => draw(2 ** 32);

/** Takes an address of 12.0.1.0/24, or none. */
function renumber(address: string, gateway = '12.0.1.254', mtu = 1500): void {
  if (address) changeWan(word(address), mask24, word(gateway), mtu, random);
  else changeWan(0, 0xffffffff, 0, 1500, random);
}

test('without an address nothing leaves for the Internet, and who tries is told that there is no way', (t) => {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  renumber('');
  t.deepEqual([flowsInUse, endpointsInUse], [0, 0]);
  moved();
  t.deepEqual(lan(tcp('C:40001', 'I:80', 'S')), ['lan C | icmp 3/0 R > C about tcp C:40001 > I:80 S']);
  t.is(dropped(), 'drop-no-address');
  t.deepEqual(lan(ping('C', 'I', 7)), ['lan C | icmp 3/0 R > C about ping C > I id 7']);
  t.is(dropped(), 'drop-no-address');
  t.is(flowsInUse, 0);
  // Nobody's address is not ours: neither what was P nor 0.0.0.0 leads anywhere.
  for (const target of ['P:25', '0.0.0.0:25']) {
    t.deepEqual(wan(tcp('I:44444', target, 'S')), [], target);
    t.true(dropped() !== '', target);
    lan(tcp('C:33333', target, 'S'));
    t.true(dropped() !== '', target);
  }
  t.is(flowsInUse, 0);
  t.deepEqual(lan(ping('C', 'R', 7)), ['lan C | pong R > C id 7'], 'the LAN side lives on');
});

test('without an address ARP on the WAN says nothing and believes nobody', (t) => {
  router();
  switches[linkWan] = switches[linkLan] = 1;
  renumber('');
  const asked = pause(3);
  t.deepEqual(
    asked.filter((line) => line.startsWith('wan')),
    [],
  );
  t.true(
    asked.some((line) => line.startsWith('lan')),
    'the LAN is announced',
  );
  t.deepEqual(say('wan', arp(1, 'G', 'P')), []);
  t.deepEqual(say('wan', arp(1, '0.0.0.0', '0.0.0.0', macOf('G'))), []);
});

test('another address ends all flows, its gateway is asked for, and forwards follow it', (t) => {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  switches[linkWan] = 1;
  renumber('12.0.1.9');
  t.deepEqual([flowsInUse, endpointsInUse], [0, 0]);
  t.is(neighbourAddress[gatewayHop], word('12.0.1.254'));
  t.deepEqual(pause(1), ['wan * | arp who has 12.0.1.9, tell 12.0.1.9'], 'it is announced');
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'S')), ['wan * | arp who has 12.0.1.254, tell 12.0.1.9']);
  const answered = say('wan', arp(2, '12.0.1.254', '12.0.1.9', macOf('G')), macOf('P'));
  t.deepEqual(answered, ['wan G | tcp 12.0.1.9:40000 > I:80 S']);
  t.deepEqual(wan(tcp('I:44444', '12.0.1.9:25', 'S')), ['lan S | tcp I:44444 > S:25 S']);
  t.deepEqual(lan(tcp('C:33333', '12.0.1.9:25', 'S')), ['lan S | tcp 12.0.1.9:33333 > S:25 S']);
});

test('the same address again keeps flows; another gateway is asked for', (t) => {
  router();
  lan(tcp('C:40000', 'I:80', 'S'));
  changeWan(word('P'), mask24, word('G'), 1500, random);
  t.is(flowsInUse, 1);
  t.deepEqual(wan(tcp('I:80', 'P:40000', 'SA')), ['lan C | tcp I:80 > C:40000 SA']);
  t.deepEqual(lan(tcp('C:40000', 'I:80')), ['wan G | tcp P:40000 > I:80 A']);
  changeWan(word('P'), mask24, word('12.0.0.253'), 1500, random);
  t.is(flowsInUse, 1);
  t.deepEqual(lan(tcp('C:40000', 'I:80')), ['wan * | arp who has 12.0.0.253, tell P']);
  say('wan', arp(2, '12.0.0.253', 'P', macOf('G')), macOf('P'));
  t.is(neighbourState[gatewayHop], 2);
});

test('a smaller MTU counts at once', (t) => {
  router();
  changeWan(word('P'), mask24, word('G'), 1400, random);
  const sent = lan(udp('C:4000', 'I:9', { data: new Uint8Array(1400) }));
  t.deepEqual(sent, ['lan C | icmp 3/4 mtu 1400 R > C about udp C:4000 > I:9']);
});

test('the LAN moves with its hosts: forwards and the DMZ host lead to the same machines', (t) => {
  router({ dmz: '192.168.0.9' });
  lan(tcp('C:40000', 'I:80', 'S'));
  moveLan(word('10.77.0.1'), random);
  t.deepEqual([flowsInUse, endpointsInUse], [0, 0]);
  t.is(forwardTo[0], word('10.77.0.2'));
  t.is(dmzAddress, word('10.77.0.9'));
  moved();
  t.deepEqual(lan(tcp('C:40000', 'I:80', 'S')), [], 'an old address does not belong there any more');
  t.is(dropped(), 'drop-wrong-side');
  const from = [2, 0, 0, 0, 10, 3];
  t.deepEqual(lan(tcp('10.77.0.3:40000', 'I:80', 'S'), from), ['wan G | tcp P:40000 > I:80 S']);
  t.is(endpointHost[1] & 255, 3);
  say('lan', arp(1, '10.77.0.2', '10.77.0.1', macOf('S')));
  t.deepEqual(wan(tcp('I:44444', 'P:25', 'S')), ['lan S | tcp I:44444 > 10.77.0.2:25 S']);
});

test('whose an address is: who speaks from it, or is about to take it', (t) => {
  router();
  renumber('');
  askOwner(wanPort, word('12.0.1.9'));
  t.is(probe[probeOwner + wanPort], 0);
  say('wan', arp(2, '12.0.1.8', '0.0.0.0', macOf('J')), macOf('P'));
  t.is(probe[probeOwner + wanPort], 0, 'somebody else');
  say('wan', arp(1, '12.0.1.9', '12.0.1.254', macOf('J')));
  t.is(probe[probeOwner + wanPort], 0x0000990b);
  askOwner(wanPort, word('12.0.1.9'));
  t.is(probe[probeOwner + wanPort], 0, 'a new question');
  say('wan', arp(1, '0.0.0.0', '12.0.1.9', macOf('I')));
  t.is(probe[probeOwner + wanPort], 0x0000990a, 'a probe for the same');
  askOwner(wanPort, word('12.0.1.9'));
  say('wan', arp(1, '0.0.0.0', '12.0.1.9', macOf('P')));
  t.is(probe[probeOwner + wanPort], 0, 'our own that came back');
  askOwner(lanPort, word('192.168.0.50'));
  say('lan', arp(2, '192.168.0.50', 'R', macOf('C')), macOf('R'));
  t.is(probe[probeOwner + lanPort], 0x0000a803);
  askOwner(lanPort, 0);
  say('lan', arp(2, '192.168.0.50', 'R', macOf('C')), macOf('R'));
  t.is(probe[probeOwner + lanPort], 0, 'no question, no answer');
});

test('a question for an address is asked in nobody’s name while there is none', (t) => {
  router();
  renumber('');
  askOwner(wanPort, word('12.0.1.9'));
  const left = told(arrive('lan', ethernet(macOf('R'), macOf('C'), 0x0800, ping('C', 'R', 1))));
  t.deepEqual(left, ['lan C | pong R > C id 1', 'wan * | arp who has 12.0.1.9, tell 0.0.0.0']);
});

test('P claimed twice within ten seconds is noted, once is defended', (t) => {
  router();
  moved();
  const claim = () => say('wan', arp(1, 'P', 'P', macOf('J')));
  pause(20);
  t.deepEqual(claim(), ['wan * | arp who has P, tell P']);
  t.is(probe[probeClaim], 0);
  t.deepEqual(claim(), []);
  t.is(probe[probeClaim], 1);
});

test('a port that the router itself speaks by is no service for the LAN', (t) => {
  router();
  const e = openEndpoint(publicUdp, 1, 50000, 50000);
  holdEndpoint(e);
  t.deepEqual(lan(udp('C:4000', 'P:50000')), ['lan C | icmp 3/3 P > C about udp C:4000 > P:50000']);
  t.deepEqual(
    wan(udp('I:53', 'P:50000')),
    [],
    'and its answers are for services, of which there are none here',
  );
  t.is(flowsInUse, 0);
});
