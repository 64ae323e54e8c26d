/*
 * Observations as sentences: what was done, and what came of it. One sentence for each kind, in one table.
 */
import { hairpinCommand } from '../../cli/package-root.ts';
import type { Evidence } from '../judge/verdicts.ts';
import type { Measurements } from '../measurements.ts';
import { show } from '../endpoint.ts';

type Saw = Evidence['saw'];
type Of<S extends Saw> = Extract<Evidence, { saw: S }>;

interface Names {
  protocol: string;
  thing: string;
  public: string;
  server: string;
  publicAddress: string;
  gateway: string | null;
  /** The server was asked at its own address as well. */
  known: boolean;
}

const times = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** Who it is whose address the server saw. */
function whose(address: string, names: Names): string {
  if (address === names.publicAddress) return `${address} (the router's public address)`;
  if (address === names.gateway) return `${address} (the router's LAN address)`;
  return address;
}

/** How tries end, for a sentence that counts them. */
const ENDINGS: Record<string, string> = {
  fine: 'answered by the server',
  answered: 'answered',
  mute: 'connected and then silent',
  other: 'answered by something else',
  stray: 'answered from another address',
  local: 'not sent',
  alive: 'still alive after the pause',
  early: 'dead within the first packets',
  late: 'dead after the pause',
};

const SENTENCES: { [S in Saw]: (evidence: Of<S>, names: Names) => string } = {
  'direct-works': ({ count, of }, { server, thing }) =>
    `Asked at its own address ${server}, the server answered ${count} of ${of} ${thing}: it runs, and can be reached.`,
  'direct-fails': ({ of }, { server, thing }) =>
    `Asked at its own address ${server}, the server answered none of ${of} ${thing}.`,
  answered: ({ count, of, seenAs }, names) =>
    `Asked at ${names.public}, ${names.known ? 'the very same server' : 'a responder'} answered ${count} of ${of} ${names.thing}. ` +
    `It saw them come from ${seenAs.map((address) => whose(address, names)).join(' and ')}.`,
  'same-service': ({ by, text }, names) =>
    `The service says the same at ${names.public} and at ${names.server} (compared by ${
      { greeting: 'its greeting', certificate: 'its TLS certificate', http: 'its answer to GET /' }[by]
    }): ${text}.`,
  'other-service': ({ direct, through }, { server, public: there }) =>
    `At ${server} there is: ${direct}. At ${there} there is: ${through}.`,
  'other-greeting': ({ text, count, of }, { public: there }) =>
    `${count} of ${of} connections to ${there} were made, but not with the responder: ` +
    (text === ''
      ? 'nothing was said on them.'
      : `what is there says "${text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60)}".`),
  'first-hop-answers': ({ count, of }) =>
    `Packets that may travel one hop only, and so get no further than the router, made ${count} of ${of} ` +
    'connections: the router itself answers.',
  'first-hop-refuses': ({ count, of }) =>
    `Packets that may travel one hop only, and so get no further than the router, were refused, ${count} of ${of}: ` +
    'it is the router itself that refuses.',
  'first-hop-keeps': ({ controls, of }, { public: there }) =>
    `Packets that may travel one hop only show what the router does: of ${of} to an address in the Internet it sent ` +
    `${controls} back ("time exceeded", so it meant to pass them on), of ${of} to ${there} none. ` +
    'It does not try to pass these on.',
  'like-the-gateway': ({ text }) => `The router serves the same thing at its own LAN address ${text}.`,
  refused: ({ count, of }, { public: there, thing }) =>
    `Asked at ${there}, ${count} of ${of} ${thing} ${count === 1 ? 'was' : 'were'} refused.`,
  silent: ({ of }, { public: there, thing }) =>
    `Asked at ${there}, none of ${of} ${thing} was answered, and none refused.`,
  'stray-answers': ({ from, count, of }, { public: there }) =>
    `${count} of ${of} questions to ${there} were answered - but the answers came from ${from}, to which they were ` +
    'not sent. Only the destination of the questions can have been replaced, not their source.',
  'stray-on-the-wire': ({ from, count }, { public: there }) =>
    `On the wire, ${times(count)}: an answer from ${from} to a packet that was sent to ${there}. ` +
    'This host throws such answers away.',
  'arrived-unchanged': ({ from, count, by }, { public: there }) =>
    `The responder ${by === 'wire' ? 'saw on its wire' : 'received'} what was sent to ${there}, from ${count} ports, ` +
    `and it still had the source ${from}: the router had not replaced it.`,
  'arrived-changed': ({ from, count }) =>
    `The packets reached the server, ${times(count)}, with the source replaced (${from}); its answers did not get back.`,
  'no-strays': ({ of }, { server }) =>
    `This host's wire was watched: for ${of} connections no answer from ${server} came by another way, ` +
    'as it would if only the destination had been replaced.',
  'nothing-arrived': ({ by, of }, { public: there, thing }) =>
    `The responder says that of ${of} ${thing} to ${there} nothing reached ` +
    (by === 'wire' ? "the server's wire." : 'it.'),
  mixed: ({ counts }, { public: there }) => {
    const parts = Object.entries(counts).filter(([, count]) => count > 0);
    return `The tries at ${there} ended differently: ${parts.map(([what, count]) => `${count} ${ENDINGS[what] ?? what}`).join(', ')}.`;
  },
  held: ({ seconds, alive, of }) => `Left alone for ${seconds} s, ${alive} of ${of} still worked afterwards.`,
  died: ({ when, seconds, count, of }) =>
    when === 'early'
      ? `${count} of ${of} connections were made and then went dead within the first packets.`
      : `Left alone for ${seconds} s, ${count} of ${of} were dead afterwards.`,
  'no-router': ({ gateway }) =>
    `The router ${gateway}, this host's way out of the LAN, does not answer when it is asked for its hardware address ` +
    '(ARP), so nothing was sent to it.',
  'cannot-send': ({ error }) => `This host could not send: ${error}.`,
};

/** One observation in words. */
export function evidenceSentence(evidence: Evidence, protocol: 'tcp' | 'udp', m: Measurements): string {
  const names: Names = {
    protocol: protocol.toUpperCase(),
    thing: protocol === 'tcp' ? 'connections' : 'questions',
    public: show(m.public),
    server: m.server ? show(m.server) : 'the server',
    publicAddress: m.public.address,
    gateway: m.gateway,
    known: m.server !== null,
  };
  const say = SENTENCES[evidence.saw] as (evidence: Evidence, names: Names) => string;
  return `${names.protocol}: ${say(evidence, names)}`;
}

/** What the helper in the Internet, the gateway and the arrangement itself add. */
export function circumstances(m: Measurements): string[] {
  const said: string[] = [];
  const { gatewayWord: word, outside } = m;
  if (word.said === 'address')
    said.push(`The router ${m.gateway} itself says (${word.by}) that its public address is ${word.address}.`);
  if (m.udp && 'skipped' in m.udp) said.push(`UDP was not asked: ${m.udp.skipped}.`);
  if (!outside) return said;
  if (outside.helper === 'not reached') said.push('The outside helper could not be reached.');
  if (outside.helper === 'not willing')
    said.push(
      `The outside helper did not call back; start it with: ${hairpinCommand} bench respond --port PORT --outside`,
    );
  for (const protocol of ['tcp', 'udp'] as const) {
    const called = outside[protocol];
    if (!called) continue;
    const outcome = {
      answered: 'answered',
      other: 'answered, but by something else',
      refused: 'refused',
      silent: 'silent',
    }[called.outcome];
    said.push(`${protocol.toUpperCase()}: asked from the Internet, ${show(m.public)} is ${outcome}.`);
  }
  if (outside.heardFrom && outside.heardFrom !== m.public.address)
    said.push(
      `The helper hears this LAN from ${outside.heardFrom} and not from ${m.public.address}, and called that: ` +
        'has the public address changed, or does the provider put many customers behind one?',
    );
  return said;
}
