/*
 * What two testers of NATs say of this one: stun-client (RFC 3489's classes in one word and one number) and coturn's
 * natdiscovery (RFC 5780, one behaviour at a time), each against its own server at I and J.
 */
import { CAST } from '../../host-tools/lab/lab.ts';
import { Answers } from './answers.ts';
import { judgeTest, labWith, type JudgesLab, type Said } from './judges-lab.ts';
import { startTurnserver, verdictOf } from './natdiscovery.ts';

const { C, I, J } = CAST;
/** A second address of C, for two hosts that want the same port. */
const OTHER = '192.168.0.33';
/** stun-client tries who may answer at the port behind the one it is given, so both are forwarded. */
const FORWARDED = 40000;
const asItComes = labWith({
  forwards: [{ name: 'forwarded', proto: 'udp', port: `${FORWARDED}-${FORWARDED + 1}`, to: C.address }],
});
const independent = labWith({ nat: { filterUdp: 'endpoint-independent' } });
const noHairpin = labWith({ nat: { hairpinDynamic: false } });
const answers = new Answers('nat');

const STUN = ['stun', 'stund'] as const;
const TURN = ['turnserver', 'turnutils_natdiscovery'] as const;
const STUN_PORT = 3488;

const stunned = new WeakSet<JudgesLab>();
async function stun(judges: JudgesLab, port: number): Promise<Said> {
  const server = ['stund', '-h', I.address, '-a', J.address, '-p', `${STUN_PORT}`, '-o', `${STUN_PORT + 1}`];
  if (!stunned.has(judges)) await judges.serve('internet', server, ['udp', STUN_PORT]);
  stunned.add(judges);
  return judges.run('client', ['stun', `${I.address}:${STUN_PORT}`, '-p', `${port}`]);
}

/** Its class in words, and the exit code in which it is a number. */
function classOf({ out, code }: Said): string {
  const words = /^Primary: (.*?)\s*$/m.exec(out)?.[1];
  return `${words} (0x${code?.toString(16).padStart(2, '0')})`;
}

const ADDRESS_DEPENDENT =
  'Independent Mapping, Address Dependent Filter, preserves ports, will hairpin (0x05)';
const INDEPENDENT = 'Independent Mapping, Independent Filter, preserves ports, will hairpin (0x03)';

judgeTest('stun-client: 0x05 from any port, 0x03 where everybody may answer', STUN, async (t) => {
  for (const [lab, port, wanted, proves] of [
    [asItComes, 41000, ADDRESS_DEPENDENT, 'a port without a forward'],
    [asItComes, 33333, ADDRESS_DEPENDENT, 'and another'],
    [asItComes, FORWARDED, INDEPENDENT, 'a forwarded port: everybody may'],
    [independent, 41000, INDEPENDENT, '`nat.filterUdp`: `endpoint-independent`'],
    [
      noHairpin,
      41000,
      'Independent Mapping, Address Dependent Filter, preserves ports, no hairpin (0x15)',
      '`nat.hairpinDynamic`: `false`',
    ],
  ] as const) {
    const said = await stun(await lab(), port);
    t.is(classOf(said), wanted, said.out + said.err);
    answers.add(said, proves, classOf(said));
  }
});

async function discover(judges: JudgesLab, ...options: string[]): Promise<Said> {
  await startTurnserver(judges);
  return judges.run('client', ['turnutils_natdiscovery', ...options, I.address], 30);
}

judgeTest('natdiscovery: mapping and filtering', TURN, async (t) => {
  for (const [lab, option, wanted, proves] of [
    [asItComes, '-m', 'NAT with Endpoint Independent Mapping!', 'one public port for every destination'],
    [asItComes, '-f', 'NAT with Address Dependent Filtering!', 'who was spoken to may answer, from any port'],
    [
      independent,
      '-f',
      'NAT with Endpoint Independent Filtering!',
      '`nat.filterUdp`: `endpoint-independent`',
    ],
  ] as const) {
    const said = await discover(await lab(), option);
    t.is(verdictOf(said), wanted, said.out);
    answers.add(said, proves, wanted);
  }
});

judgeTest('natdiscovery: hairpin at a port that nothing but its own traffic opened', TURN, async (t) => {
  const received = 'Received a request (maybe a successful hairpinning)';
  const said = await discover(await asItComes(), '-H');
  t.true(said.out.includes(received), said.out);
  answers.add(said, 'RFC 4787 REQ-9, on a dynamic port', received);
  const refused = await discover(await noHairpin(), '-H');
  t.false(refused.out.includes(received), refused.out);
  answers.add(refused, '`nat.hairpinDynamic`: `false`', 'no request is received');
});

judgeTest('natdiscovery: of two hosts with one port, the second gets another', TURN, async (t) => {
  const judges = await asItComes();
  await judges.shell('client', `ip addr add ${OTHER}/24 dev eth0`);
  const collide = ['-c', '-L', C.address, '-l', '42000', '-A', OTHER];
  const said = await discover(judges, ...collide);
  const publicPorts = [...said.out.matchAll(/UDP reflexive addr: 12\.0\.0\.1:(\d+)/g)].map(
    ([, port]) => port,
  );
  t.is(publicPorts.length, 2, said.out);
  t.is(publicPorts[0], '42000');
  t.not(publicPorts[1], '42000');
  // Parity of ports (RFC 4787 REQ-4).
  t.is(Number(publicPorts[1]) % 2, 0);
  answers.add(said, 'two LAN addresses, the same port', 'P:42000, and another even port for the second');
});

judgeTest('natdiscovery: 1500 bytes there and back', TURN, async (t) => {
  const said = await discover(await asItComes(), '-P', '-m');
  t.is(verdictOf(said), 'NAT with Endpoint Independent Mapping!', said.out);
  answers.add(said, 'the same with requests and answers padded to a full frame', verdictOf(said)!);
});

answers.checkPage([...STUN, ...TURN]);
