/* The protocol of responder and prober: every message there and back, and nothing else understood. */
import test from 'ava';
import fc from 'fast-check';
import {
  LONGEST_LINE,
  MOST_SIGHTINGS,
  UDP_ASK_BYTES,
  askDatagram,
  decode,
  decodeDatagram,
  encode,
  newId,
  newNonce,
  type Message,
} from '../../host-tools/bench/protocol.ts';

const nonce = '00112233445566778899aabbccddeeff';
const id = '0123456789abcdef';

const MESSAGES: [Message, string][] = [
  [{ kind: 'here', id, seenAs: '192.168.0.3:40000' }, `HAIRPIN1 here ${id} 192.168.0.3:40000`],
  [{ kind: 'ask', nonce, number: 7, delay: 5000 }, `HAIRPIN1 ask ${nonce} 7 5000`],
  [
    { kind: 'saw', nonce, number: 7, id, seenAs: '12.0.0.1:1024' },
    `HAIRPIN1 saw ${nonce} 7 ${id} 12.0.0.1:1024`,
  ],
  [{ kind: 'recall', nonce }, `HAIRPIN1 recall ${nonce}`],
  [{ kind: 'recalled', nonce, watch: 'blind', sightings: [] }, `HAIRPIN1 recalled ${nonce} blind`],
  [
    {
      kind: 'recalled',
      nonce,
      watch: 'watching',
      sightings: [
        { kind: 'tcp/wire', from: '192.168.0.3:40000' },
        { kind: 'udp/heard', from: '12.0.0.1:1024' },
      ],
    },
    `HAIRPIN1 recalled ${nonce} watching tcp/wire=192.168.0.3:40000 udp/heard=12.0.0.1:1024`,
  ],
  [{ kind: 'give', nonce, bytes: 4194304 }, `HAIRPIN1 give ${nonce} 4194304`],
  [{ kind: 'call', nonce, protocol: 'udp', port: 25 }, `HAIRPIN1 call ${nonce} udp 25`],
  [{ kind: 'called', nonce, outcome: 'silent', id: '-' }, `HAIRPIN1 called ${nonce} silent -`],
];
for (const [message, line] of MESSAGES) {
  test(`there and back: ${line}`, (t) => {
    t.is(encode(message), line);
    t.deepEqual(decode(line), message);
    t.deepEqual(decode(`${line}\r`), message);
  });
}

const MALFORMED = [
  '',
  'HAIRPIN1',
  'HAIRPIN1 here',
  'HAIRPIN2 recall ' + nonce,
  'HAIRPIN1 constructor ' + nonce,
  `HAIRPIN1 recall ${nonce} more`,
  `HAIRPIN1 recall ${nonce.slice(1)}`,
  `HAIRPIN1 recall ${nonce.toUpperCase()}`,
  `HAIRPIN1  recall ${nonce}`,
  `HAIRPIN1 ask ${nonce} 7`,
  `HAIRPIN1 ask ${nonce} -1 0`,
  `HAIRPIN1 ask ${nonce} 1e3 0`,
  `HAIRPIN1 ask ${nonce} 1 280001`,
  `HAIRPIN1 here ${id} 192.168.0.3`,
  `HAIRPIN1 here ${id} mail.example:25`,
  `HAIRPIN1 give ${nonce} 99999999`,
  `HAIRPIN1 call ${nonce} sctp 25`,
  `HAIRPIN1 call ${nonce} tcp 0`,
  `HAIRPIN1 call ${nonce} tcp 65536`,
  `HAIRPIN1 recalled ${nonce} watching tcp/wire`,
  `HAIRPIN1 recalled ${nonce} watching icmp/wire=1.2.3.4:5`,
  `HAIRPIN1 recalled ${nonce} watching ${'tcp/wire=1.2.3.4:5 '.repeat(MOST_SIGHTINGS + 1)}`,
  '220 mail.example ESMTP',
  'SSH-2.0-OpenSSH_9.2',
];
for (const line of MALFORMED) {
  test(`not understood: '${line.slice(0, 70)}'`, (t) => {
    t.is(decode(line), null);
  });
}

test('a line longer than any message is not even looked at', (t) => {
  t.is(decode(`HAIRPIN1 recall ${nonce}${' '.repeat(LONGEST_LINE)}`), null);
});

test('the longest message there is fits a line', (t) => {
  const sightings = Array.from({ length: MOST_SIGHTINGS }, () => ({
    kind: 'tcp/accepted' as const,
    from: '255.255.255.255:65535',
  }));
  const line = encode({ kind: 'recalled', nonce, watch: 'watching', sightings });
  t.true(line.length <= LONGEST_LINE);
  t.deepEqual(decode(line), { kind: 'recalled', nonce, watch: 'watching', sightings });
});

test('no answer to a datagram is longer than its question', (t) => {
  const question = askDatagram({ kind: 'ask', nonce, number: 999_999, delay: 280_000 });
  const answer = encode({ kind: 'saw', nonce, number: 999_999, id, seenAs: '255.255.255.255:65535' });
  t.is(question.length, UDP_ASK_BYTES);
  t.true(answer.length <= question.length);
  t.like(decodeDatagram(question), { kind: 'ask', number: 999_999 });
  t.is(decodeDatagram(question.subarray(0, UDP_ASK_BYTES - 1)), null);
});

test('every nonce and every id is a new one, and understood', (t) => {
  t.not(newNonce(), newNonce());
  t.not(newId(), newId());
  t.truthy(decode(`HAIRPIN1 here ${newId()} 1.2.3.4:5`));
  t.truthy(decode(`HAIRPIN1 recall ${newNonce()}`));
});

test('whatever arrives, decoding does not throw, and what is understood is encoded as it came', (t) => {
  const seed = 20261125;
  t.log(`seed ${seed}`);
  const words = fc.constantFrom(
    'HAIRPIN1',
    ...MESSAGES.flatMap(([, line]) => line.split(' ')),
    '',
    '-',
    '=',
    '0',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 7 }).map((all) => all.join(' ')),
      ),
      (line) => {
        const message = decode(line);
        return message === null || encode(message) === line.trimEnd();
      },
    ),
    { seed, numRuns: 3000 },
  );
  t.pass();
});
