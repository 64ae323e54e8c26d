/* Forwards and their hairpin, as curl, socat, iperf3 and hping3 find them: who is seen, and bodies intact. */
import { seededBody } from '../../host-tools/lab/hosts/seeded-body.ts';
import { CAST, SERVICES } from '../../host-tools/lab/lab.ts';
import { Answers } from './answers.ts';
import { judgeTest, labWith, type JudgesLab } from './judges-lab.ts';

const { P, R, S, I } = CAST;
const to = (port: number) => `${S.address}:${port}`;
const lab = labWith({
  forwards: [
    { name: 'web', proto: 'tcp', port: 80, to: to(80) },
    { name: 'web-lan', proto: 'tcp', port: 8080, to: to(80), hairpin: 'lan' },
    { name: 'web-none', proto: 'tcp', port: 8081, to: to(80), hairpin: 'none' },
    { name: 'echo', proto: 'udp', port: 5000, to: to(5000) },
    { name: 'sink', proto: 'udp', port: 5002, to: to(5002) },
    { name: 'iperf', proto: 'both', port: 5201, to: to(5201) },
  ],
});
const answers = new Answers('forwards');

/** As long as a client waits for a silent port, s. */
const PATIENCE = 2;
const curl = (port: number, local: number) => [
  'curl',
  '-sS',
  '--connect-timeout',
  `${PATIENCE}`,
  '--local-port',
  `${local}`,
  `http://${P.address}:${port}/`,
];

judgeTest(
  'curl: who the server sees, from the Internet, around the hairpin and outbound',
  ['curl'],
  async (t) => {
    const seen = async (
      host: 'client' | 'internet' | 'server',
      words: string[],
      who: string,
      proves: string,
    ) => {
      const said = await (await lab()).run(host, words);
      t.is(said.out, `you are ${who}\n`, said.err);
      t.is(said.code, 0);
      answers.add(said, proves, said.out.trim());
    };
    const outbound = [...curl(80, 45000).slice(0, -1), `http://${I.address}/`];
    await seen(
      'internet',
      curl(80, 45001),
      `${I.address}:45001`,
      'a forward; the server sees the real client',
    );
    await seen('client', outbound, `${P.address}:45000`, 'the way out, by the same port');
    await seen('client', curl(80, 45003), `${P.address}:45003`, 'hairpin `external`');
    await seen('server', curl(80, 45002), `${P.address}:45002`, 'client and server on one host');
    const lanMode = await (await lab()).run('client', curl(8080, 45004));
    t.regex(lanMode.out, new RegExp(`^you are ${R.address}:\\d+\n$`));
    t.is(lanMode.code, 0);
    answers.add(lanMode, 'hairpin `lan`', lanMode.out.trim().replace(/\d+$/, '...'));
  },
);

judgeTest('curl: refusals are said to the LAN, silence is for the Internet', ['curl'], async (t) => {
  /** Of curl: 7 could not connect, 28 timed out. */
  for (const [host, port, code, local, proves] of [
    ['client', 8081, 7, 45010, 'hairpin `none` refuses'],
    ['client', 81, 7, 45011, 'no forward: the LAN is refused'],
    ['internet', 81, 28, 45012, 'no forward: the Internet hears nothing'],
  ] as const) {
    const said = await (await lab()).run(host, curl(port, local));
    t.is(said.code, code, said.out + said.err);
    answers.add(said, proves, `exit code ${said.code}`);
  }
});

judgeTest('curl: 8 MB are the same bytes on every way', ['curl'], async (t) => {
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

judgeTest(
  'socat: UDP from a chosen port, echoed; 4000 bytes go in pieces both ways',
  ['socat'],
  async (t) => {
    const long = 'four thousand bytes '.repeat(200);
    for (const [host, source, sees, text, proves] of [
      ['internet', 51000, I.address, 'hello', 'a UDP forward'],
      ['client', 51001, P.address, 'hello', 'its hairpin'],
      ['client', 51002, P.address, long, '4000 bytes in fragments around the hairpin, and back'],
      ['internet', 51003, I.address, long, '4000 bytes in fragments through the forward, and back'],
    ] as const) {
      const words = ['socat', '-t', '1', '-', `UDP4:${P.address}:5000,sourceport=${source}`];
      const said = await (await lab()).run(host, words, 10, text);
      t.is(said.out.length, `${sees}:${source} ${text}`.length, said.out.slice(0, 40));
      t.true(said.out === `${sees}:${source} ${text}`, said.out.slice(0, 40));
      answers.add(said, proves, text === long ? `${sees}:${source} and the ${long.length} bytes` : said.out);
    }
  },
);

judgeTest('socat: two LAN hosts meet at ports that only their own traffic opened', ['socat'], async (t) => {
  const judges = await lab();
  const open = (host: 'client' | 'server', port: number) =>
    judges.run(host, ['socat', '-u', '-', `UDP4-SENDTO:${I.address}:5999,sourceport=${port}`], 5, 'x');
  await open('server', 52000);
  await open('client', 52001);
  const listener = [
    'socat',
    '-T',
    '3',
    'UDP4-RECVFROM:52000',
    'SYSTEM:read word; echo seen $SOCAT_PEERADDR $SOCAT_PEERPORT',
  ];
  await judges.serve('server', listener, ['udp', 52000], 10);
  const words = ['socat', '-t', '2', '-', `UDP4:${P.address}:52000,sourceport=52001`];
  const said = await judges.run('client', words, 10, 'hello\n');
  t.is(said.out, `seen ${P.address} 52001\n`);
  answers.add(said, 'no forward at all: S answers at the port its own packet to I opened', said.out.trim());
});

interface Iperf {
  end: {
    sum_sent: { bytes: number };
    sum_received: { bytes: number; bits_per_second: number };
    sum: { lost_packets: number; packets: number };
  };
}

/** The server ends by itself after one test. */
async function iperf(judges: JudgesLab, server: 'server' | 'internet', words: string[]) {
  const { ended } = await judges.serve(server, ['iperf3', '-s', '-1'], ['tcp', 5201], 30);
  const said = await judges.run('client', ['iperf3', ...words, '--json']);
  return { said, ended: await ended, end: (JSON.parse(said.out) as Iperf).end };
}

judgeTest('iperf3: TCP both ways and UDP, through the NAT and around the hairpin', ['iperf3'], async (t) => {
  const judges = await lab();
  for (const [server, address, way] of [
    ['internet', I.address, 'through the NAT'],
    ['server', P.address, 'around the hairpin'],
  ] as const) {
    for (const direction of [[], ['-R']]) {
      const { said, ended, end } = await iperf(judges, server, ['-c', address, '-t', '1', ...direction]);
      t.is(said.code, 0, said.out);
      t.is(ended.code, 0, ended.err);
      t.true(end.sum_received.bits_per_second > 20e6, `${end.sum_received.bits_per_second} bit/s`);
      answers.add(said, `TCP ${way}${direction.length > 0 ? ', backwards' : ''}`, 'over 20 Mbit/s');
    }
    const { said, end } = await iperf(judges, server, ['-c', address, '-u', '-b', '5M', '-t', '1']);
    t.is(said.code, 0, said.out);
    t.true(end.sum.packets > 100);
    t.is(end.sum.lost_packets, 0);
    answers.add(said, `UDP ${way}`, `lost_packets ${end.sum.lost_packets}`);
  }
});

judgeTest('hping3: a UDP datagram larger than a frame arrives whole', ['hping3', 'socat'], async (t) => {
  const judges = await lab();
  for (const [host, proves] of [
    ['internet', 'a datagram in fragments through a forward'],
    ['client', 'the same around the hairpin'],
  ] as const) {
    const listener = ['socat', '-u', '-T', '3', 'UDP4-RECVFROM:5002', 'SYSTEM:wc -c'];
    const { ended } = await judges.serve('server', listener, ['udp', 5002], 10);
    const said = await judges.run(host, [
      'hping3',
      '-q',
      '-2',
      '-p',
      '5002',
      '-c',
      '1',
      '-d',
      '2000',
      P.address,
    ]);
    t.is((await ended).out.trim(), '2000', `${host}: ${said.err}`);
    answers.add(said, proves, 'S received 2000 bytes');
  }
});

answers.checkPage(['curl', 'socat', 'iperf3', 'hping3']);
