/* A line that carries 1400 bytes: what tracepath, ping, iperf3 and curl find out about it. */
import { seededBody } from '../../host-tools/lab/hosts/seeded-body.ts';
import { CAST, SERVICES } from '../../host-tools/lab/lab.ts';
import { Answers } from './answers.ts';
import { judgeTest, labWith } from './judges-lab.ts';

const { P, R, G, S, I, J } = CAST;
const MTU = 1400;
const lab = labWith({
  mtu: MTU,
  forwards: [{ name: 'web', proto: 'tcp', port: 80, to: `${S.address}:80` }],
});
const answers = new Answers('mtu');

judgeTest('tracepath finds 1400 and the hop behind which it begins', ['tracepath'], async (t) => {
  const said = await (await lab()).run('client', ['tracepath', '-n', I.address]);
  t.regex(said.out, new RegExp(`^ *\\d+: +${R.address} .*pmtu ${MTU}`, 'm'));
  t.regex(said.out, new RegExp(`^ *2: +${G.address} `, 'm'));
  const resume = /Resume: (pmtu 1400 hops 3 back 3)/.exec(said.out);
  t.truthy(resume, said.out);
  t.is(said.code, 0);
  if (resume) answers.add(said, 'fragmentation needed, with the MTU', resume[1]);
});

judgeTest('ping: too long with DF is told, without DF it goes in pieces, both ways', ['ping'], async (t) => {
  const judges = await lab();
  // The first tells the host; J is not known to it yet.
  const told = await judges.run('client', [
    'ping',
    '-n',
    '-M',
    'do',
    '-c',
    '1',
    '-W',
    '1',
    '-s',
    '1373',
    J.address,
  ]);
  const line = new RegExp(`From ${R.address} icmp_seq=1 Frag needed and DF set \\(mtu = ${MTU}\\)`).exec(
    told.out,
  );
  t.truthy(line, told.out + told.err);
  t.is(told.code, 1);
  if (line) answers.add(told, 'one byte too many, with DF', line[0]);
  const fits = await judges.run('client', [
    'ping',
    '-n',
    '-M',
    'do',
    '-c',
    '1',
    '-W',
    '1',
    '-s',
    '1372',
    J.address,
  ]);
  t.regex(fits.out, /1 received/);
  answers.add(fits, 'the longest that fits', '1 received');
  for (const size of [1472, 3000]) {
    // `dont`: the host sends frames of 1500 bytes and leaves cutting to the router.
    const words = ['ping', '-n', '-M', 'dont', '-c', '3', '-i', '0.2', '-W', '1', '-s', `${size}`, I.address];
    const said = await judges.run('client', words);
    t.regex(said.out, /^3 packets transmitted, 3 received, 0% packet loss/m);
    t.notRegex(said.out, /wrong data byte|DUP!|truncated/);
    answers.add(said, 'the router cuts to 1400 on the way out', '3 received');
  }
});

interface IperfStart {
  start: { tcp_mss_default: number };
}

judgeTest('iperf3: the segment size is agreed on for 1400, by SYN and SYN/ACK', ['iperf3'], async (t) => {
  const judges = await lab();
  await judges.serve('internet', ['iperf3', '-s', '-1'], ['tcp', 5201], 30);
  const said = await judges.run('client', ['iperf3', '-c', I.address, '-n', '1M', '--json']);
  t.is(said.code, 0, said.out);
  const { tcp_mss_default: mss } = (JSON.parse(said.out) as IperfStart).start;
  // 40 bytes of headers, 12 of timestamps.
  t.is(mss, MTU - 40 - 12);
  answers.add(said, 'MSS clamping', `tcp_mss_default ${mss}`);
});

judgeTest('curl: 8 MB arrive over the narrow line, both ways', ['curl'], async (t) => {
  const body = Buffer.from(seededBody(SERVICES.bodyBytes));
  for (const [host, address] of [
    ['client', I.address],
    ['internet', P.address],
    ['client', P.address],
  ] as const) {
    const said = await (await lab()).run(host, ['curl', '-sS', `http://${address}/8mb`]);
    t.is(said.code, 0, said.err);
    t.true(body.equals(said.bytes), `${host} from ${address}: ${said.bytes.length} bytes`);
  }
});

answers.checkPage(['tracepath', 'ping', 'iperf3', 'curl']);
