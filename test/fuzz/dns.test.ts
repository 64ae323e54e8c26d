/**
 * Queries and answers, whole and mangled, to a router that forwards names: it never throws, no slot or endpoint is lost,
 * the counters add up, nothing is read beyond a datagram, and what leaves for a resolver is what a client asked.
 */
import test from 'ava';
import { asked, askedBusy, resolverTrouble } from '../../firmware/layout/arena.ts';
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { changeWan } from '../../firmware/control/readdress.ts';
import { heldNow } from '../../firmware/control/held.ts';
import { arrive, elapse, ethernet, fast, macOf, type Left } from '../control/table.ts';
import { serveSecond } from '../../firmware/services/second.ts';
import { names, pending } from '../services/names.ts';
import { answerTo, edns, query } from '../services/resolver.ts';
import { get16, udp, word } from '../wire/packets.ts';
import { seeded, type Random } from '../wire/random.ts';
import { damaged } from './damage.ts';
import { ledgerFault } from './ledger.ts';
import { structureFault } from './structure.ts';

const hosts = { nas: '192.168.0.5', 'printer!': '192.168.0.6' };
const asks = [
  'www.example.com',
  'nas',
  'nas.lan',
  'x.lan',
  'com',
  '.',
  '5.0.168.192.in-addr.arpa',
  'a.b.c.d.lan',
];
const clients = ['C', 'S', '192.168.0.9'];

/** Steps between two walks through the tables. */
const stepsPerWalk = 16;

/** Answers that reached a client, in all stories: a test that mangles everything would see nothing. */
let delivered = 0;

/** One story: so many steps with a router, from a seed. @returns the first thing that is wrong */
function story(seed: number, steps: number): string | undefined {
  const random = seeded(seed);
  names({ resolvers: ['I', 'J', 'S'].slice(0, random(4)), hosts, seed, mtu: random(3) ? 1500 : 600 });
  // What `names` had arrive and leave.
  let [arrived, left] = [3, 3];
  const waiting: { packet: Uint8Array; port: Left['port'] }[] = [];
  const clientAsked: string[] = [];

  const feed = (port: Left['port'], packet: Uint8Array, mac: string): string | undefined => {
    let frame = ethernet(macOf(port === 'lan' ? 'R' : 'P'), macOf(mac), 0x0800, packet);
    if (random(2)) frame = damaged(frame, random(256), 14 + random(80), random(65536));
    if (port === 'lan' && get16(frame, 12) === 0x0800) clientAsked.push(payloadOf(frame));
    arrived++;
    const out = arrive(port, frame);
    left += out.length;
    for (const one of out) {
      if (get16(one.frame, 12) !== 0x0800 || one.frame[23] !== 17) continue;
      if (one.port === 'lan' && one.received && get16(one.frame, 34) === 53) delivered++;
      const packet = one.frame.slice(14, 14 + get16(one.frame, 16));
      if (get16(packet, 22) !== 53) continue;
      waiting.push({ packet, port: one.port });
      if (!clientAsked.includes(payloadOf(one.frame))) return 'what left is nobody’s query';
    }
    return undefined;
  };

  for (let step = 0; step < steps; step++) {
    const fault = play() ?? (step % stepsPerWalk ? undefined : structureFault());
    if (fault) return `step ${step}: ${fault}`;
    const ledger = ledgerFault({ arrived, fast, left, held: heldNow() });
    if (ledger) return `step ${step}: ${ledger}`;
  }
  pass(400);
  if (pending() || asked[askedBusy]) return `${pending()} queries wait for ever`;
  if (endpointsInUse) return `${endpointsInUse} endpoints are left`;
  for (let i = 0; i < 3; i++) if (asked[resolverTrouble + i] > 31) return 'a resolver is never tried again';
  return structureFault();

  function pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      left += elapse(1, 1).length;
      serveSecond(i);
    }
  }

  function play(): string | undefined {
    const what = random(20);
    if (what === 0) pass(random(8));
    else if (what === 1 && !random(10))
      changeWan(word(random(2) ? 'P' : '12.0.0.7'), word('255.255.255.0'), word('G'), 1500, () =>
        random(2 ** 32),
      );
    else if (what < 10 || !waiting.length) {
      const host = clients[random(clients.length)];
      const message = mangled(
        query(asks[random(asks.length)], [1, 12, 28, 255, 65280][random(5)], {
          id: random(4),
          additional: random(2) ? edns(1232) : [],
        }),
        random,
      );
      return feed(
        'lan',
        udp(`${host}:${40000 + random(3)}`, 'R:53', { data: message, unsummed: !random(4) }),
        host,
      );
    } else {
      const { packet, port } = waiting[random(3) ? waiting.length - 1 : random(waiting.length)];
      const question = packet.subarray(28);
      const from = `${packet.subarray(16, 20).join('.')}:53`;
      const to = `${packet.subarray(12, 16).join('.')}:${get16(packet, 20)}`;
      const whole = question.length > 16 && random(2) ? safeAnswer(question) : question.slice();
      return feed(port, udp(from, to, { data: mangled(whole, random) }), port === 'wan' ? 'G' : 'S');
    }
    return undefined;
  }
}

/** An answer to what may be no sound question. */
function safeAnswer(question: Uint8Array): Uint8Array {
  const answer = answerTo(question, [[192, 0, 2, 1]]);
  return answer.length > 1400 ? question.slice() : answer;
}

/** The UDP payload behind its id as text, as far as the frame has it. */
function payloadOf(frame: Uint8Array): string {
  const at = 14 + (frame[14] & 15) * 4;
  return Buffer.from(frame.subarray(at + 10, 14 + get16(frame, 16))).toString('latin1');
}

/** Half of all messages as they are; of the others bytes changed, cut off or added. */
function mangled(message: Uint8Array, random: Random): Uint8Array {
  const copy = message.slice();
  switch (random(6)) {
    case 0:
      copy[random(copy.length)] = random(256);
      return copy;
    case 1:
      return copy.subarray(0, random(copy.length + 1));
    case 2:
      return Uint8Array.from([...copy, ...Array.from({ length: random(900) }, () => random(256))]);
    default:
      return copy;
  }
}

test('mangled queries and answers: no exception, nothing lost (seeds from 1)', (t) => {
  for (let seed = 1; seed <= 150; seed++) t.is(story(seed, 80), undefined, `seed ${seed}`);
  t.true(delivered > 1000, `${delivered} answers were delivered`);
});
