/** Section 1 of the checklist on a whole router: the bundle over two W5500 models, where drivers look at lengths first. */
import { configText } from '../scenes/cast.ts';
import { type Router, bootRouter, introduce } from '../scenes/router.ts';
import { ethernet, macOf } from '../control/table.ts';
import { ping, tell, udp } from '../wire/packets.ts';
import { cut } from './pieces.ts';
import { row } from './row.ts';

/** A router that knows G, S and C, with the MTU of its WAN. */
async function router(mtu: number): Promise<Router> {
  const config = JSON.parse(configText('external')) as { wan: object };
  const made = await bootRouter({ config: JSON.stringify({ ...config, wan: { ...config.wan, mtu } }) });
  introduce(made);
  return made;
}

/** Lets an IP packet arrive from C or G. @returns the packets that left each port */
function send(made: Router, from: 'C' | 'G', packet: Uint8Array): { wan: Uint8Array[]; lan: Uint8Array[] } {
  const port = from === 'C' ? 'lan' : 'wan';
  const left = made.send(port, ethernet(macOf(from === 'C' ? 'R' : 'P'), macOf(from), 0x0800, packet));
  const payload = (frames: Uint8Array[]) => frames.map((frame) => frame.subarray(14));
  return { wan: payload(left.wan), lan: payload(left.lan) };
}

/** The same in words. */
function told(made: Router, from: 'C' | 'G', packet: Uint8Array): string[] {
  const { wan, lan } = send(made, from, packet);
  return [...wan.map((left) => `wan | ${tell(left)}`), ...lan.map((left) => `lan | ${tell(left)}`)];
}

row(
  ['4787-13'],
  'through the drivers: too big with DF is answered by 3/4, on the fast path too',
  async (t) => {
    const made = await router(1400);
    const datagram = (length: number) => udp('C:40000', 'I:9', { data: new Uint8Array(length - 28) });
    const refused = ['lan | icmp 3/4 mtu 1400 R > C about udp C:40000 > I:9'];
    t.deepEqual(told(made, 'C', datagram(1428)), refused);
    // Twice, since five errors a second is all there is: first on the way to the fast path, then on it.
    for (let i = 0; i < 2; i++) {
      t.deepEqual(told(made, 'C', datagram(1400)), ['wan | udp P:40000 > I:9']);
      t.deepEqual(told(made, 'C', datagram(1401)), refused);
      t.deepEqual(told(made, 'C', datagram(1500)), refused);
      t.deepEqual(told(made, 'G', udp('I:9', 'P:40000')), ['lan | udp I:9 > C:40000']);
    }
  },
);

row(['4787-14a'], 'through the drivers: a burst of 500 later pieces, then a ping is answered', async (t) => {
  const made = await router(1500);
  for (let id = 0; id < 500; id++) {
    const whole = udp('I:9', 'P:5000', { data: new Uint8Array(200), fragment: 0, id });
    made.world.wan.deliver(ethernet(macOf('P'), macOf('G'), 0x0800, cut(whole, 64)[1]));
    if (id % 10 === 9) made.world.run(2_000);
  }
  made.world.run(20_000);
  t.deepEqual([made.take('wan'), made.take('lan')], [[], []]);
  t.deepEqual(told(made, 'C', ping('C', 'I', 5)), ['wan | ping P > I id 5']);
  t.deepEqual(told(made, 'G', ping('I', 'P', 6)), ['wan | pong P > I id 6']);
});
