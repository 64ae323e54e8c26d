/*
 * The way of a packet, as ping, traceroute and mtr see it: who answers, which hops there are, and that the router is
 * one of them. The router allows itself six ICMP errors a second (RFC 1812 section 4.3.2.8), so each look at the hops
 * begins in a second of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CAST } from '../../host-tools/lab/lab.ts';
import { Answers } from './answers.ts';
import { judgeTest, labWith, type Said } from './judges-lab.ts';

const { P, R, G, S, I, J } = CAST;
/** G on the side of I and J. */
const BEHIND_GATEWAY = '198.51.100.1';
const lab = labWith({
  forwards: [
    { name: 'web', proto: 'tcp', port: 80, to: `${S.address}:80` },
    { name: 'mail', proto: 'tcp', port: 25, to: `${S.address}:25` },
  ],
});
const answers = new Answers('paths');
/** Until the limit of errors is fresh again, with room to spare; ms. */
const FRESH = 1100;

judgeTest('ping: everybody who is to answer does, with whole bodies', ['ping'], async (t) => {
  for (const [host, address, size, proves] of [
    ['client', I.address, 56, 'echoes through the NAT'],
    ['client', P.address, 56, 'the public address answers the LAN'],
    ['client', R.address, 56, 'and the LAN address'],
    ['internet', P.address, 56, 'and the Internet is answered, too'],
    ['client', I.address, 1472, 'a full frame'],
    ['client', P.address, 1472, 'a full frame to the router itself'],
    ['client', I.address, 4000, 'an echo in fragments through the NAT'],
  ] as const) {
    const words = ['ping', '-n', '-c', '3', '-i', '0.2', '-W', '1', '-s', `${size}`, address];
    const said = await (await lab()).run(host, words);
    const summary = /^3 packets transmitted, 3 received, 0% packet loss/m.exec(said.out);
    t.truthy(summary, `${host} ${address} ${size}\n${said.out}${said.err}`);
    t.notRegex(said.out, /wrong data byte|DUP!|truncated/);
    t.is(said.code, 0);
    if (summary) answers.add(said, proves, summary[0]);
  }
});

judgeTest('ping: what is for the router itself in pieces is not put together', ['ping'], async (t) => {
  const words = ['ping', '-n', '-c', '2', '-i', '0.2', '-W', '1', '-s', '4000', P.address];
  const said = await (await lab()).run('client', words);
  t.regex(said.out, /^2 packets transmitted, 0 received, 100% packet loss/m);
  answers.add(said, 'RFC 1812 section 4.2.2.8 is not followed: there is no memory for it', '0 received');
});

judgeTest('ping: the LAN address is not to be had from the Internet', ['ping'], async (t) => {
  const judges = await lab();
  // The Internet has no way there; G is told one, so that the router itself is asked.
  await judges.shell(
    'gateway',
    `ip route del unreachable 192.168.0.0/16; ip route add 192.168.0.0/24 via ${P.address}`,
  );
  const said = await judges.run('internet', ['ping', '-n', '-c', '2', '-i', '0.2', '-W', '1', R.address]);
  t.regex(said.out, /^2 packets transmitted, 0 received(, \+\d+ errors)?, 100% packet loss/m);
  t.is(said.code, 1);
  const server = await judges.run('internet', ['ping', '-n', '-c', '2', '-i', '0.2', '-W', '1', S.address]);
  t.regex(server.out, /^2 packets transmitted, 0 received(, \+\d+ errors)?, 100% packet loss/m);
  answers.add(server, 'no way to LAN addresses from outside', '0 received');
});

/** "1 192.168.0.1", of each line of a hop; `*` where nobody answered. */
function hopsOf({ out }: Said): string[] {
  return [...out.matchAll(/^ *(\d+) {2}(.*)$/gm)].map(([, hop, answered]) => {
    const from = [...answered.matchAll(/\d+\.\d+\.\d+\.\d+|\*/g)].map(String);
    return `${hop} ${[...new Set(from)].join(' ')}`;
  });
}

judgeTest('traceroute by UDP, ICMP and TCP names the same hops', ['traceroute'], async (t) => {
  for (const method of [[], ['-I'], ['-T', '-p', '80']]) {
    await sleep(FRESH);
    const said = await (await lab()).run('client', ['traceroute', '-n', '-w', '2', ...method, I.address]);
    t.deepEqual(hopsOf(said), [`1 ${R.address}`, `2 ${G.address}`, `3 ${I.address}`], said.out);
    answers.add(said, 'time exceeded, translated back', hopsOf(said).join(', '));
  }
});

judgeTest(
  'traceroute to P: a forward is two hops away from the LAN, a port without one is the router',
  ['traceroute'],
  async (t) => {
    const judges = await lab();
    // Traceroute sends 16 at once: more than the router holds for a neighbour that it has yet to find.
    await judges.run('client', [
      'traceroute',
      '-n',
      '-w',
      '1',
      '-q',
      '1',
      '-N',
      '1',
      '-T',
      '-p',
      '25',
      P.address,
    ]);
    await sleep(FRESH);
    const forward = await judges.run('client', ['traceroute', '-n', '-w', '2', '-T', '-p', '25', P.address]);
    t.deepEqual(hopsOf(forward), [`1 ${R.address}`, `2 ${P.address}`], forward.out);
    answers.add(
      forward,
      'the way around the hairpin: the router, then S in its name',
      hopsOf(forward).join(', '),
    );
    await sleep(FRESH);
    const closed = await judges.run('client', [
      'traceroute',
      '-n',
      '-w',
      '2',
      '-q',
      '1',
      '-N',
      '1',
      P.address,
    ]);
    t.deepEqual(hopsOf(closed), [`1 ${P.address}`], closed.out);
    answers.add(closed, 'P itself answers for its closed ports, to the LAN', hopsOf(closed).join(', '));
  },
);

judgeTest(
  'traceroute from the Internet: the router is a hop in front of the forward',
  ['traceroute'],
  async (t) => {
    await sleep(FRESH);
    const words = ['traceroute', '-n', '-w', '1', '-q', '1', '-T', '-p', '25', P.address];
    const said = await (await lab()).run('internet', words);
    t.deepEqual(hopsOf(said), [`1 ${BEHIND_GATEWAY}`, `2 ${P.address}`, `3 ${P.address}`], said.out);
    answers.add(said, 'time exceeded is said to the Internet, too', hopsOf(said).join(', '));
  },
);

judgeTest('mtr: the same hops, none of them losing anything', ['mtr'], async (t) => {
  await sleep(FRESH);
  const said = await (
    await lab()
  ).run('client', ['mtr', '-n', '-r', '-c', '3', '-i', '0.5', '-G', '1', J.address], 30);
  const hops = [...said.out.matchAll(/^ *(\d+)\.\|-- (\S+) +([\d.]+)%/gm)].map(([, ...cells]) =>
    cells.join(' '),
  );
  t.deepEqual(hops, [`1 ${R.address} 0.0`, `2 ${G.address} 0.0`, `3 ${J.address} 0.0`], said.out);
  answers.add(said, 'hops and their loss in percent', hops.join(', '));
});

answers.checkPage(['ping', 'traceroute', 'mtr']);
