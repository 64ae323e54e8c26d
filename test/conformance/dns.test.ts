/** Section 13 of the checklist: the DNS forwarder (RFC 5625), and what clients may do beside it. */
import { endpointsInUse } from '../../firmware/control/endpoints.ts';
import { dropped, lan, pause, wan } from '../control/table.ts';
import { ask, messageLeft, names, pending, reply, upstream } from '../services/names.ts';
import { answerTo, edns, query, readMessage } from '../services/resolver.ts';
import { tcp, udp } from '../wire/packets.ts';
import { row } from './row.ts';
import { packetLeft } from './seen.ts';

/** The message without its id. */
const behindId = (message: Uint8Array) => message.subarray(2);

/** A record nobody here knows, TSIG (RFC 8945), behind a message. */
const tsig = [3, ...Buffer.from('key'), 0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 16, ...Array(16).fill(0xa5)];

row(
  ['dp-1'],
  'queries and answers pass whole but for the id: flags, unknown types, TSIG, the bytes of labels',
  (t) => {
    names();
    const messages = [
      query('www.example.com', 65280, { flags: 0x0130 }),
      query('www.example.com', 'A', { additional: edns(4096) }),
      query('signed.example', 'SOA', { additional: tsig }),
      query('wWw.\x01\xff .ExAmPlE', 'TXT', { flags: 0x0000, class: 3 }),
      // NOTIFY and UPDATE have a question's section too.
      query('example.com', 'SOA', { flags: 0x2400 }),
      query('example.com', 'SOA', { flags: 0x2800, additional: tsig }),
      // A bit that means nothing yet.
      query('.', 'NS', { flags: 0x0140 }),
    ];
    for (const message of messages) {
      const left = upstream(ask('C:40000', message));
      t.deepEqual(behindId(left.message), behindId(message));
      // As its server wrote it: codes and bits nobody knows, and bytes behind the last record.
      const answer = Uint8Array.from([...answerTo(left.message, [[1, 2, 3]], 0xffff), 1, 2, 3]);
      t.deepEqual(reply(left, answer), ['lan C | udp R:53 > C:40000']);
      t.deepEqual(behindId(messageLeft()), behindId(answer));
      t.deepEqual(messageLeft().subarray(0, 2), message.subarray(0, 2));
    }
    t.deepEqual([pending(), endpointsInUse], [0, 0]);
  },
);

row(['dp-2'], 'answers of up to 1472 bytes pass, and one that was cut says so', (t) => {
  names();
  const left = upstream(ask('C:40000', query('big.example', 'TXT', { additional: edns(4096) })));
  const empty = answerTo(left.message, [[]]).length;
  const large = answerTo(left.message, [Array(1472 - empty).fill(0x61)]);
  t.is(large.length, 1472);
  reply(left, large);
  t.is(packetLeft().length, 1500);
  t.deepEqual(behindId(messageLeft()), behindId(large));
  const again = upstream(ask('C:40000', query('big.example', 'TXT')));
  reply(again, answerTo(again.message, [], 0x8380));
  t.is(readMessage(messageLeft()).flags, 'TRr');
});

row(['dp-3'], 'DNS by TCP is refused at R at once, and passes to other resolvers', (t) => {
  names();
  t.deepEqual(lan(tcp('C:40000', 'R:53', 'S')), ['lan C | tcp R:53 > C:40000 RA']);
  t.deepEqual(lan(tcp('C:40000', 'I:53', 'S')), ['wan G | tcp P:40000 > I:53 S']);
  t.deepEqual(wan(tcp('I:53', 'P:40000', 'SA')), ['lan C | tcp I:53 > C:40000 SA']);
});

row(['dp-4'], 'who asks another resolver gets the answer of that one, untouched', (t) => {
  names();
  const message = query('nas.lan', 'A', { additional: edns(4096) });
  t.deepEqual(lan(udp('C:40000', 'J:53', { data: message })), ['wan G | udp P:40000 > J:53']);
  t.deepEqual(messageLeft(), message);
  const answer = answerTo(message, [[192, 0, 2, 1]]);
  t.deepEqual(wan(udp('J:53', 'P:40000', { data: answer })), ['lan C | udp J:53 > C:40000']);
  t.deepEqual(messageLeft(), answer);
  t.is(pending(), 0);
});

row(
  ['dp-5'],
  'port and id of a query upstream are those of no other, and nobody’s to guess (seeds 1, 2)',
  (t) => {
    const draw = (seed: number) => {
      names({ seed });
      return Array.from({ length: 200 }, (_, i) => {
        const left = upstream(ask('C:40000', query('www.example.com', 'A', { id: i })));
        reply(left);
        return { port: left.port, id: readMessage(left.message).id };
      });
    };
    const [one, two] = [draw(1), draw(2)];
    for (const values of [one.map(({ port }) => port), one.map(({ id }) => id)]) {
      t.true(new Set(values).size > 195);
      const steps = values.slice(1).map((value, i) => value - values[i]);
      t.true(new Set(steps).size > 195, 'no step comes back');
      for (let part = 0; part < 8; part++)
        t.true(
          values.some((value) => Math.floor(value / 8192) === part),
          `part ${part}`,
        );
    }
    t.true(one.every(({ port }) => port >= 1024 && port <= 65535));
    t.is(one.filter(({ port, id }, i) => port === two[i].port && id === two[i].id).length, 0);
    // And an answer that is wrong in either is none: see test/services/dns.test.ts for each field.
    names();
    const left = upstream(ask('C:40000', query('www.example.com')));
    const right = answerTo(left.message, [[192, 0, 2, 66]]);
    t.deepEqual(reply({ ...left, port: left.port ^ 2 }, right), []);
    t.deepEqual(
      reply(
        left,
        right.map((byte, i) => (i === 1 ? byte ^ 1 : byte)),
      ),
      [],
    );
    t.deepEqual(reply({ ...left, to: 'J' }, right), []);
    t.deepEqual(reply(left, right), ['lan C | udp R:53 > C:40000']);
  },
);

row(['dp-6'], 'nobody on the WAN is answered, nor who asks P from the LAN', (t) => {
  names({ hosts: { nas: '192.168.0.5' } });
  for (const name of ['www.example.com', 'nas.lan', 'hairpin']) {
    for (const from of ['I:40000', 'J:53', 'G:53']) {
      t.deepEqual(wan(udp(from, 'P:53', { data: query(name) })), []);
      t.deepEqual(wan(udp(from, 'R:53', { data: query(name) })), []);
    }
    t.deepEqual(wan(udp('C:40000', 'P:53', { data: query(name) })), [], 'a source of the LAN');
    t.deepEqual(lan(udp('C:40000', 'P:53', { data: query(name) })), [
      'lan C | icmp 3/3 P > C about udp C:40000 > P:53',
    ]);
    t.deepEqual(
      lan(udp('J:40000', 'R:53', { data: query(name) }), [2, 0, 0, 0, 0, 7]),
      [],
      'a foreign source',
    );
  }
  // A port that a query has left by is open to the answer alone.
  const left = upstream(ask('C:40000', query('www.example.com')));
  t.deepEqual(wan(udp('I:53', `P:${left.port}`, { data: query('nas.lan') })), []);
  t.is(pending(), 1);
});

row(['1812-4.2.2.8'], 'what comes in pieces for the router itself is not put together', (t) => {
  names();
  const question = udp('C:40000', 'R:53', { data: query('nas.lan'), id: 7 });
  t.is(lan(question).length, 1, 'whole, it is answered');
  dropped();
  const [first, second] = [0x2000, 0x0001].map((fragment) =>
    udp('C:40000', 'R:53', { data: query('nas.lan'), id: 8, fragment }),
  );
  t.deepEqual(lan(first), []);
  t.is(dropped(), 'drop-fragment');
  t.deepEqual(lan(second), [], 'it waits for a first one that is remembered');
  pause(3);
  t.is(dropped(), 'drop-fragment');
  t.is(pending(), 0);
});
