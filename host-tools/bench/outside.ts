/*
 * The view from beyond the router: what happens when a host on the Internet uses the port forward. `callBack` is the
 * helper's half (one try at the address that asked for it), `askOutside` the prober's.
 */
import { connect } from 'node:net';
import { asks } from './probe/udp.ts';
import { tryTcp } from './probe/tcp.ts';
import type { Endpoint } from './endpoint.ts';
import type { OutsideView } from './measurements.ts';
import { Lines } from './lines.ts';
import { decode, encode, type CallOutcome } from './protocol.ts';

/** A call's connections or questions; any that is answered proves the forward. */
const CALLS = 3;
/** The Internet is slower than a LAN: the wait for one connection, and for the helper's whole answer, ms. */
const CALL_TIME = 4000;
const HELPER_TIME = 15_000;

/** Uses the forward of whoever asked, from here. */
export async function callBack(
  target: Endpoint,
  protocol: 'tcp' | 'udp',
  nonce: string,
): Promise<{ outcome: CallOutcome; id: string }> {
  if (protocol === 'udp') {
    const pace = { handshake: CALL_TIME, greeting: CALL_TIME, gap: 500, answer: CALL_TIME };
    const answers = await asks({ target, nonce, count: CALLS, pace });
    const answered = answers.find(({ end }) => end === 'answered');
    return answered?.end === 'answered'
      ? { outcome: 'answered', id: answered.id }
      : { outcome: answers.some(({ end }) => end === 'refused') ? 'refused' : 'silent', id: '-' };
  }
  const wait = { handshake: CALL_TIME, greeting: CALL_TIME };
  const tries = await Promise.all(Array.from({ length: CALLS }, () => tryTcp(target, wait)));
  for (const tried of tries) {
    if (tried.end === 'responder') return { outcome: 'answered', id: tried.id };
    if (tried.end === 'other') return { outcome: 'other', id: '-' };
  }
  return { outcome: tries.some(({ end }) => end === 'refused') ? 'refused' : 'silent', id: '-' };
}

/** Asks the helper to use the forward at `port` of the address it hears us from. */
export async function askOutside(
  helper: Endpoint,
  port: number,
  protocols: readonly ('tcp' | 'udp')[],
  nonce: string,
): Promise<OutsideView> {
  const socket = connect({ host: helper.address, port: helper.port });
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), HELPER_TIME * 2);
  try {
    const lines = new Lines(socket);
    const here = decode((await lines.next(CALL_TIME)) ?? '');
    if (here?.kind !== 'here') return { helper: 'not reached', heardFrom: null, tcp: null, udp: null };
    const view: OutsideView = {
      helper: 'reached',
      heardFrom: here.seenAs.split(':')[0],
      tcp: null,
      udp: null,
    };
    for (const protocol of protocols) {
      socket.write(encode({ kind: 'call', nonce, protocol, port }) + '\n');
      const called = decode((await lines.next(HELPER_TIME)) ?? '');
      if (called?.kind !== 'called' || called.nonce !== nonce) return { ...view, helper: 'not willing' };
      view[protocol] = { outcome: called.outcome, id: called.id };
    }
    return view;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
