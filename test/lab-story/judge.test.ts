/*
 * Every condition of every verdict: a scene in which all is well, and for each condition a scene in which it, and
 * nothing else, is broken.
 */
import test from 'ava';
import {
  judgeSameBoot,
  judgeSilent,
  judgeWorking,
  type SilentScene,
  type Verdict,
  type WorkingScene,
} from '../../host-tools/lab/judge.ts';
import { CAST, SERVICES, type LabFrame } from '../../host-tools/lab/lab.ts';
import { storyOf } from '../../host-tools/lab/story.ts';
import { dnatOnly, hairpinned, sighting } from './cast-frames.ts';

const server = { address: CAST.S.address, ...SERVICES };
const greeting = { protocol: 'tcp', port: 25 } as const;
const { P, R, I } = CAST;

/** Scene 3 as it must be. */
const working = {
  server,
  expectedSource: P.address,
  story: storyOf(hairpinned, greeting),
  connect: {
    outcome: 'connected',
    milliseconds: 2,
    greeting: '220 you are 12.0.0.1:33333',
    local: '192.168.0.3:33333',
  },
  http: {
    outcome: 'ok',
    milliseconds: 500,
    status: 200,
    bytes: server.bodyBytes,
    firstDifference: null,
    seenAs: '12.0.0.1:33334',
  },
  echo: {
    sent: 'hello',
    result: {
      outcome: 'answered',
      milliseconds: 1,
      from: '12.0.0.1:5000',
      seenAs: '12.0.0.1:33335',
      text: 'hello',
    },
  },
  pings: [{ target: I.address, result: { sent: 3, received: 3, from: [I.address] } }],
  probes: [
    {
      target: I.address,
      ttl: 1,
      expected: { outcome: 'exceeded', from: R.address },
      result: { outcome: 'exceeded', from: R.address },
    },
  ],
} satisfies WorkingScene;

function broken(verdict: Verdict): string[] {
  return verdict.conditions.filter(({ holds }) => !holds).map(({ what }) => what);
}

test('a scene in which everything works is as expected', (t) => {
  const verdict = judgeWorking(working);
  t.deepEqual(broken(verdict), []);
  t.true(verdict.asExpected);
});

const greets = 'TCP 25 greets P';
const delivers = 'HTTP delivers 8388608 identical bytes to P';
const echoes = 'UDP 5000 echoes, from the address that was asked, what P sent';
const pinged = 'I answers every ping itself';
const probed = 'an echo request to I with TTL 1: exceeded, says R';
const source = "the packets on the server's wire come from P";

const { connect, http, echo } = working;
const failures: [why: string, broken: string, change: Partial<WorkingScene>][] = [
  ['the connection is refused', greets, { connect: { outcome: 'refused', milliseconds: 1 } }],
  ['the connection hangs', greets, { connect: { outcome: 'timeout', milliseconds: 3000 } }],
  ['there is no greeting', greets, { connect: { ...connect, greeting: '' } }],
  [
    'the server greets the wrong host',
    greets,
    { connect: { ...connect, greeting: '220 you are 192.168.0.1:1' } },
  ],
  [
    'the greeting only begins like P',
    greets,
    { connect: { ...connect, greeting: '220 you are 12.0.0.10:1' } },
  ],
  ['no packet reached the server', source, { story: storyOf([], greeting) }],
  ['the server saw the bare client', source, { story: storyOf(dnatOnly, greeting) }],
  [
    'HTTP breaks off',
    delivers,
    { http: { outcome: 'broken', milliseconds: 9, bytes: 77, error: 'ECONNRESET' } },
  ],
  [
    'HTTP is refused',
    delivers,
    { http: { outcome: 'refused', milliseconds: 9, bytes: 0, error: 'ECONNREFUSED' } },
  ],
  ['HTTP says 404', delivers, { http: { ...http, status: 404 } }],
  ['a byte differs', delivers, { http: { ...http, firstDifference: 4711 } }],
  ['the body is short', delivers, { http: { ...http, bytes: 4711 } }],
  ['HTTP saw the wrong client', delivers, { http: { ...http, seenAs: '192.168.0.3:33334' } }],
  ['UDP is not answered', echoes, { echo: { ...echo, result: { outcome: 'timeout', milliseconds: 3000 } } }],
  [
    'UDP is answered by S itself',
    echoes,
    { echo: { ...echo, result: { ...echo.result, from: '192.168.0.2:5000' } } },
  ],
  ['UDP says something else', echoes, { echo: { ...echo, sent: 'bye' } }],
  [
    'UDP saw the wrong client',
    echoes,
    { echo: { ...echo, result: { ...echo.result, seenAs: '192.168.0.3:9' } } },
  ],
  [
    'a ping is lost',
    pinged,
    { pings: [{ target: I.address, result: { sent: 3, received: 2, from: [I.address] } }] },
  ],
  [
    'someone else answers',
    pinged,
    { pings: [{ target: I.address, result: { sent: 3, received: 3, from: [P.address] } }] },
  ],
  [
    'no ping was sent',
    pinged,
    { pings: [{ target: I.address, result: { sent: 0, received: 0, from: [] } }] },
  ],
  ['no hop says anything', probed, { probes: [{ ...working.probes[0], result: { outcome: 'timeout' } }] }],
  [
    'the TTL is ignored',
    probed,
    { probes: [{ ...working.probes[0], result: { outcome: 'reached', from: I.address } }] },
  ],
  [
    'the wrong hop speaks',
    probed,
    { probes: [{ ...working.probes[0], result: { outcome: 'exceeded', from: P.address } }] },
  ],
];

for (const [why, condition, change] of failures) {
  test(`a working scene fails if ${why}`, (t) => {
    const verdict = judgeWorking({ ...working, ...change });
    t.false(verdict.asExpected);
    t.deepEqual(broken(verdict), [condition]);
  });
}

/** Scene 2 as it must be. */
function silent(frames: LabFrame[], change: Partial<SilentScene> = {}): Verdict {
  return judgeSilent({
    server,
    story: storyOf(frames, greeting),
    connect: { outcome: 'timeout', milliseconds: 4001 },
    patience: 4000,
    frames,
    ...change,
  });
}

test('the mistake, played as it must be, is as expected', (t) => {
  t.deepEqual(broken(silent(dnatOnly)), []);
});

const undecided = "for 4 s the client's connect() neither succeeds nor is refused";
const unmasked = "C's SYN reaches the server unmasked";
const answered = "the client's wire shows S:25 > C SYN/ACK";
const reset = "the client's wire shows C's RST towards S:25";
const noAnswer = "the router's LAN wire shows no such SYN/ACK";
const noReset = "the router's LAN wire shows no such RST";
const nothing = 'nothing comes from P to C for this connection';

const isAnswer = ({ bytes }: LabFrame): boolean => bytes[47] === 0x12;
const isReset = ({ bytes }: LabFrame): boolean => bytes[47] === 0x04;
const atRouter = (frame: LabFrame): LabFrame => ({ ...frame, wire: 'router-lan' });
const fromP = sighting(
  1250,
  'R',
  'C',
  ['router-lan', 'client'],
  '45000028222240003f064d020c000001c0a80003 0019823520000000100000015012fe88324e0000',
);
const errorFromP = sighting(
  1250,
  'R',
  'C',
  ['router-lan', 'client'],
  `450000380000400040016e190c000001c0a80003 0301000000000000 ${'450000281111400040065d13c0a800030c000001 8235001910000000'}`,
);

const decided: [why: string, broken: string, connect: SilentScene['connect']][] = [
  ['the client connects', undecided, connect],
  ['the client is refused', undecided, { outcome: 'refused', milliseconds: 4001 }],
  [
    'the client is told that P is unreachable',
    undecided,
    { outcome: 'unreachable', milliseconds: 4001, error: 'EHOSTUNREACH' },
  ],
  ['the client gave up too early', undecided, { outcome: 'timeout', milliseconds: 3999 }],
];
for (const [why, condition, outcome] of decided) {
  test(`the mistake is not as expected if ${why}`, (t) => {
    t.deepEqual(broken(silent(dnatOnly, { connect: outcome })), [condition]);
  });
}

const seen: [why: string, broken: string[], frames: LabFrame[]][] = [
  ['the server never answers', [answered], dnatOnly.filter((frame) => !isAnswer(frame))],
  [
    'the client does not see the answer',
    [answered],
    dnatOnly.filter((frame) => !(isAnswer(frame) && frame.wire === 'client')),
  ],
  ['the client never resets', [reset], dnatOnly.filter((frame) => !isReset(frame))],
  ['the answer passes the router', [noAnswer], [...dnatOnly, ...dnatOnly.filter(isAnswer).map(atRouter)]],
  ['the reset passes the router', [noReset], [...dnatOnly, ...dnatOnly.filter(isReset).map(atRouter)]],
  ['P says something to C', [nothing], [...dnatOnly, ...fromP]],
  ['P sends an ICMP error to C', [nothing], [...dnatOnly, ...errorFromP]],
  ['the forward swallows the SYN', [unmasked, answered, reset], dnatOnly.slice(0, 2)],
  ['the router masks the client after all', [unmasked, answered, reset], hairpinned.slice(0, 4)],
  ['nobody tried', [unmasked, answered, reset], []],
];
for (const [why, conditions, frames] of seen) {
  test(`the mistake is not as expected if ${why}`, (t) => {
    const verdict = silent(frames);
    t.false(verdict.asExpected);
    t.deepEqual(broken(verdict), conditions);
  });
}

test('an answer from P to another connection of C does not count', (t) => {
  const other = fromP.map((frame) => {
    const bytes = frame.bytes.slice();
    bytes[37]++;
    return { ...frame, bytes };
  });
  t.deepEqual(broken(silent([...dnatOnly, ...other])), []);
});

const before = { status: { uptime: 10 }, config: { forwards: [{ name: 'smtp', hairpin: 'dnat-only' }] } };
const after = { status: { uptime: 15 }, config: { forwards: [{ name: 'smtp', hairpin: 'external' }] } };
const sameBoot = 'the router has been up all the time (3 s or more between two looks)';
const onlyChange = "one forward's hairpin setting is all that was changed";

test('the same boot with one changed setting is the same boot', (t) => {
  t.deepEqual(broken(judgeSameBoot(before, after, 3)), []);
});

const reboots: [why: string, broken: string, change: Partial<typeof after>][] = [
  ['the router restarted', sameBoot, { status: { uptime: 2 } }],
  ['nothing was changed', onlyChange, { config: before.config }],
  [
    'something else was changed',
    onlyChange,
    { config: { forwards: [{ name: 'mail', hairpin: 'dnat-only' }] } },
  ],
  [
    'more was changed',
    onlyChange,
    { config: { forwards: [...after.config.forwards, { name: 'x', hairpin: 'none' }] } },
  ],
];
for (const [why, condition, change] of reboots) {
  test(`scene 3 does not count if ${why}`, (t) => {
    t.deepEqual(broken(judgeSameBoot(before, { ...after, ...change }, 3)), [condition]);
  });
}

test('an uptime that is no number does not count as having been up', (t) => {
  t.deepEqual(broken(judgeSameBoot({ ...before, status: {} }, after, 3)), [sameBoot]);
});
