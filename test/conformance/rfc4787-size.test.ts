/** Section 1 of the checklist, RFC 4787 for UDP: packets that are too big, and packets in pieces. */
import { lan, macOf, router, wan } from '../control/table.ts';
import { ping, pong, tell, udp } from '../wire/packets.ts';
import { cut, pieceOf, together } from './pieces.ts';
import { row } from './row.ts';
import { packetsOf, send } from './seen.ts';

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 7);

row(['4787-13'], 'too big for the WAN with DF: 3/4 with its MTU to the sender, nothing on the WAN', (t) => {
  router({ mtu: 1400 });
  const told = ['lan C | icmp 3/4 mtu 1400 R > C about udp C:40000 > I:9'];
  const big = () => udp('C:40000', 'I:9', { data: bytes(1400) });
  t.deepEqual(lan(big()), told);
  // 1400 bytes fit, and after them the fast path is open.
  t.deepEqual(lan(udp('C:40000', 'I:9', { data: bytes(1372) })), ['wan G | udp P:40000 > I:9']);
  wan(udp('I:9', 'P:40000'));
  lan(udp('C:40000', 'I:9'));
  t.deepEqual(lan(big()), told);
  t.deepEqual(lan(udp('C:40000', 'I:9', { data: bytes(1373) })), told);
  t.deepEqual(lan(udp('C:40000', 'I:9', { data: bytes(1372) })), ['wan G | udp P:40000 > I:9']);
});

row(['4787-13a'], 'too big for the WAN without DF: two pieces in order, one identification', (t) => {
  router({ mtu: 1400 });
  const big = udp('C:40000', 'I:9', { data: bytes(1472), fragment: 0, id: 7 });
  for (const settled of [false, true]) {
    const left = send('C', big.slice());
    t.deepEqual(
      left.map(({ port }) => port),
      ['wan', 'wan'],
      `settled ${settled}`,
    );
    const pieces = packetsOf(left).map(pieceOf);
    t.deepEqual(
      pieces.map(({ offset, more }) => [offset, more]),
      [
        [0, true],
        [pieces[0].length, false],
      ],
    );
    t.true(packetsOf(left).every((piece) => piece.length <= 1400));
    const whole = together(packetsOf(left));
    t.is(tell(whole), 'udp P:40000 > I:9');
    t.deepEqual(whole.slice(28), bytes(1472));
    t.is(whole[8], 63);
    wan(udp('I:9', 'P:40000'));
    lan(udp('C:40000', 'I:9'));
  }
});

row(['4787-14'], 'pieces of a datagram to a forward reach the server, in order and out of order', (t) => {
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 0, 2],
    [2, 1, 0],
    [0, 2, 1],
  ]) {
    router();
    const pieces = cut(udp('I:9', 'P:5000', { data: bytes(1592), fragment: 0, id: 77 }), 640, 640);
    const left = order.flatMap((index) => send('G', pieces[index].slice()));
    t.is(left.length, 3, `${order}`);
    t.true(
      left.every(({ port, frame }) => port === 'lan' && String(frame.slice(0, 6)) === String(macOf('S'))),
    );
    const whole = together(packetsOf(left));
    t.is(tell(whole), 'udp I:9 > S:5000', `${order}`);
    t.deepEqual(whole.slice(28), bytes(1592));
  }
});

row(['4787-14a'], '500 later pieces alone harm neither a ping, nor flows, nor a whole datagram', (t) => {
  router();
  lan(udp('C:40000', 'I:9'));
  for (let i = 0; i < 500; i++) {
    const piece = cut(udp('I:9', 'P:5000', { data: bytes(1000), fragment: 0, id: i }), 640)[1];
    t.deepEqual(send(i % 2 ? 'G' : 'C', i % 2 ? piece : cut(fromC(i), 640)[1]), []);
  }
  t.deepEqual(lan(ping('C', 'I', 5)), ['wan G | ping P > I id 5']);
  t.deepEqual(wan(pong('I', 'P', 5)), ['lan C | pong I > C id 5']);
  t.deepEqual(wan(udp('I:9', 'P:40000')), ['lan C | udp I:9 > C:40000']);
  t.deepEqual(lan(udp('C:40001', 'J:9')), ['wan G | udp P:40001 > J:9']);
  const pieces = cut(udp('I:9', 'P:5000', { data: bytes(1000), fragment: 0, id: 4711 }), 640);
  t.is(tell(together(packetsOf(pieces.flatMap((piece) => send('G', piece))))), 'udp I:9 > S:5000');
});

function fromC(id: number): Uint8Array {
  return udp('C:40000', 'I:9', { data: bytes(1000), fragment: 0, id });
}
