/* What nmap finds of the router: from the Internet the forwards and nothing else, from the LAN refusals. */
import { CAST } from '../../host-tools/lab/lab.ts';
import { Answers } from './answers.ts';
import { judgeTest, labWith, type Said } from './judges-lab.ts';

const { P, R, S } = CAST;
const lab = labWith({
  forwards: [
    { name: 'web', proto: 'tcp', port: 80, to: `${S.address}:80` },
    { name: 'mail', proto: 'tcp', port: 25, to: `${S.address}:25` },
    { name: 'idle', proto: 'tcp', port: '600-601', to: S.address },
    { name: 'lan-only', proto: 'tcp', port: 602, to: `${S.address}:5001`, from: '203.0.113.0/24' },
    { name: 'echo', proto: 'udp', port: 5000, to: `${S.address}:5000` },
  ],
});
const answers = new Answers('exposure');
/** nmap: no names, no first look whether the host is up, at most one more try, a bounded whole. */
const NMAP = ['nmap', '-n', '-Pn', '-T4', '--max-retries', '1', '--host-timeout', '50s'];

/** Ports or protocols by state, as nmap's table has them. */
function statesOf({ out }: Said): Record<string, string[]> {
  const states: Record<string, string[]> = {};
  for (const [, port, state] of out.matchAll(/^(\d+)(?:\/\w+)? +([a-z|]+) /gm))
    (states[state] ??= []).push(port);
  return states;
}

/** What nmap says of all the ports that it does not list: "Not shown: 1020 filtered tcp ports (no-response)". */
const notShown = ({ out }: Said) => /^Not shown: (.*)$/m.exec(out)?.[1];

judgeTest(
  'nmap, from the Internet: of the first 1024 ports only the forwards answer',
  ['nmap'],
  async (t) => {
    const said = await (
      await lab()
    ).run('internet', [...NMAP, '--min-rate', '400', '-sS', '-p', '1-1024', P.address], 60);
    t.deepEqual(statesOf(said), { open: ['25', '80'], closed: ['600', '601'] }, said.out);
    t.is(notShown(said), '1020 filtered tcp ports (no-response)');
    answers.add(
      said,
      'only forwards are open; 600-601 are forwarded to ports where nothing listens',
      `25, 80 open; 600, 601 closed; ${notShown(said)}`,
    );
  },
);

judgeTest('nmap, from the Internet: what is not a SYN opens nothing', ['nmap'], async (t) => {
  for (const [scan, state] of [
    ['-sA', 'filtered'],
    ['-sF', 'open|filtered'],
    ['-sX', 'open|filtered'],
  ]) {
    const said = await (await lab()).run('internet', [...NMAP, scan, '-p', '25,26,80', P.address], 60);
    t.deepEqual(statesOf(said), { [state]: ['25', '26', '80'] }, said.out);
    answers.add(said, 'stray segments get no answer, not even from the server', `25, 26, 80 ${state}`);
  }
});

judgeTest('nmap, from the Internet: UDP and other protocols', ['nmap'], async (t) => {
  const judges = await lab();
  const udp = await judges.run(
    'internet',
    [...NMAP, '-sU', '-p', '53,67,68,123,161,1900,5000,5351', P.address],
    60,
  );
  const silent = ['53', '67', '68', '123', '161', '1900', '5351'];
  t.deepEqual(statesOf(udp), { open: ['5000'], 'open|filtered': silent }, udp.out);
  answers.add(
    udp,
    'no service of the router is there for the Internet',
    `5000 open; the rest open|filtered, that is, silent`,
  );
  const protocols = await judges.run(
    'internet',
    [...NMAP, '-sO', '-p', '1,2,6,17,41,47,50,51,89,132', P.address],
    60,
  );
  const others = ['2', '6', '17', '41', '47', '50', '51', '89', '132'];
  t.deepEqual(statesOf(protocols), { open: ['1'], 'open|filtered': others }, protocols.out);
  answers.add(
    protocols,
    'of the IP protocols only ICMP echo answers by itself',
    '1 open; the rest open|filtered',
  );
});

judgeTest(
  'nmap, from the LAN: forwards work by the public address, all else is refused',
  ['nmap'],
  async (t) => {
    const judges = await lab();
    const around = await judges.run('client', [...NMAP, '-sS', '-p', '20-30,80,443,600-602', P.address], 60);
    const closed = ['20', '21', '22', '23', '24', '26', '27', '28', '29', '30', '443', '600', '601'];
    t.deepEqual(statesOf(around), { closed, open: ['25', '80', '602'] }, around.out);
    answers.add(around, 'hairpin, and an honest refusal for the rest', '25, 80, 602 open; the rest closed');
    const own = await judges.run('client', [...NMAP, '-sS', '-p', '20-30,80,443', R.address], 60);
    t.deepEqual(Object.keys(statesOf(own)), ['closed'], own.out);
    answers.add(own, 'the router itself serves nothing over TCP', 'all closed');
  },
);

answers.checkPage(['nmap']);
