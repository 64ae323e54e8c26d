/**
 * The worked examples, byte for byte, through the bundle and two W5500 models.
 */
import test from 'ava';
import { configText, ipFrame, ipHex, mac } from './cast.ts';
import {
  dnatOnly,
  fromInternet,
  hairpinExternal,
  hairpinLan,
  packet,
  serverRejects,
  tooBig,
  udpCorners,
} from './examples.ts';
import type { Router } from './router.ts';
import { bootRouter, introduce } from './router.ts';

const linkHeader = (frame: Uint8Array) => Buffer.from(frame.subarray(0, 14)).toString('hex');

type Side = 'wan' | 'lan';
const sides: Record<string, { port: Side; mac: string; router: string }> = {
  G: { port: 'wan', mac: mac.gateway, router: mac.routerWan },
  S: { port: 'lan', mac: mac.server, router: mac.routerLan },
  C: { port: 'lan', mac: mac.client, router: mac.routerLan },
};

/** Lets `from` send a packet to the router and expects exactly one packet for `to`. */
function passes(
  t: { deepEqual(a: unknown, b: unknown): void },
  router: Router,
  from: string,
  input: string,
  to: string,
  output: string,
) {
  const { port, mac: sender, router: us } = sides[from];
  const left = router.send(port, ipFrame(sender, us, packet(input)));
  const { port: egress, mac: receiver, router: own } = sides[to];
  t.deepEqual(left[egress === 'wan' ? 'lan' : 'wan'].length, 0);
  t.deepEqual(left[egress].map(ipHex), [packet(output)]);
  t.deepEqual(linkHeader(left[egress][0]), `${receiver}${own}0800`);
}

async function router(hairpin = 'external'): Promise<Router> {
  const made = await bootRouter({ config: configText(hairpin) });
  introduce(made);
  return made;
}

test('A: from the Internet, the destination is rewritten and the answer turned back', async (t) => {
  const r = await router();
  passes(t, r, 'G', fromInternet.syn, 'S', fromInternet.synToServer);
  passes(t, r, 'S', fromInternet.synAck, 'G', fromInternet.synAckToInternet);
});

test('B: with DNAT only the server is told the client itself', async (t) => {
  const r = await router('dnat-only');
  passes(t, r, 'C', dnatOnly.syn, 'S', dnatOnly.synToServer);
});

test('C2: around the hairpin in the name of P', async (t) => {
  const r = await router();
  passes(t, r, 'C', hairpinExternal.syn, 'S', hairpinExternal.synToServer);
  passes(t, r, 'S', hairpinExternal.synAck, 'C', hairpinExternal.synAckToClient);
  passes(t, r, 'C', hairpinExternal.ack, 'S', hairpinExternal.ackToServer);
  const { flows } = r.ask('flows') as unknown as { flows: Record<string, unknown>[] };
  t.deepEqual(flows, [
    {
      proto: 'tcp',
      original: '192.168.0.3:33333>12.0.0.1:25',
      reply: '192.168.0.2:25>12.0.0.1:33333',
      state: 'established',
      settled: true,
      idle: 0,
    },
  ]);
});

test('C1: around the hairpin in the name of R', async (t) => {
  const r = await router('lan');
  passes(t, r, 'C', hairpinLan.syn, 'S', hairpinLan.synToServer);
  passes(t, r, 'S', hairpinLan.synAck, 'C', hairpinLan.synAckToClient);
  passes(t, r, 'C', hairpinLan.ack, 'S', hairpinLan.ackToServer);
});

test('D: the server rejects a hairpinned datagram and the client is told', async (t) => {
  const r = await router();
  passes(t, r, 'C', serverRejects.datagram, 'S', serverRejects.datagramToServer);
  passes(t, r, 'S', serverRejects.error, 'C', serverRejects.errorToClient);
});

test('E: fragmentation needed reaches the host whose packet it quotes', async (t) => {
  const r = await router();
  passes(t, r, 'C', tooBig.syn, 'G', tooBig.synOut);
  passes(t, r, 'G', tooBig.error, 'C', tooBig.errorToClient);
});

test('F: UDP checksums that come to zero are sent as FFFF, and none stays none', async (t) => {
  const r = await router();
  passes(t, r, 'C', udpCorners.becomesZero, 'G', udpCorners.becomesZeroOut);
  passes(t, r, 'C', udpCorners.none, 'G', udpCorners.noneOut);
});
