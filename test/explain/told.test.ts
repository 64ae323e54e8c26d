/*
 * What is told and drawn of a packet, as a reader sees it: a text and a picture in golden/ for each case.
 * UPDATE_GOLDEN=1 writes them anew; read them and look at them then, they are what the program says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { UserError } from '../../host-tools/cli/user-error.ts';
import type { Side } from '../../host-tools/explain/network.ts';
import { conversationPicture } from '../../host-tools/explain/picture.ts';
import { tellConversation } from '../../host-tools/explain/tell.ts';
import { verdictOf, type Outcome } from '../../host-tools/explain/verdict.ts';
import { askedRouter } from './asked.ts';

interface Case {
  /** Of the golden file. */
  name: string;
  packet: string;
  hairpin?: string;
  on?: Side;
  outcome: Outcome;
}

const cases: Case[] = [
  { name: 'from-the-internet', packet: 'tcp 198.51.100.10:44444 > 12.0.0.1:25', outcome: 'works' },
  {
    name: 'dnat-only',
    packet: 'tcp 192.168.0.3:33333 > 12.0.0.1:25',
    hairpin: 'dnat-only',
    outcome: 'silence',
  },
  {
    name: 'dnat-only-udp',
    packet: 'udp 192.168.0.3:4000 > 12.0.0.1:5000',
    hairpin: 'dnat-only',
    outcome: 'silence',
  },
  {
    name: 'dnat-only-self',
    packet: 'tcp 192.168.0.2:33333 > 12.0.0.1:25',
    hairpin: 'dnat-only',
    outcome: 'silence',
  },
  { name: 'hairpin-external', packet: 'tcp 192.168.0.3:33333 > 12.0.0.1:25', outcome: 'works' },
  { name: 'hairpin-lan', packet: 'udp 192.168.0.3:4000 > 12.0.0.1:5000', hairpin: 'lan', outcome: 'works' },
  {
    name: 'hairpin-none',
    packet: 'tcp 192.168.0.3:33333 > 12.0.0.1:25',
    hairpin: 'none',
    outcome: 'refused',
  },
  { name: 'refused-udp', packet: 'udp 192.168.0.3:4000 > 12.0.0.1:53', outcome: 'refused' },
  { name: 'outbound', packet: 'udp 192.168.0.3:4000 > 198.51.100.10:53', outcome: 'works' },
  { name: 'outbound-ping', packet: 'icmp 192.168.0.3 > 198.51.100.10', outcome: 'works' },
  { name: 'ping-router', packet: 'icmp 192.168.0.3 > 12.0.0.1', outcome: 'works' },
  { name: 'no-forward', packet: 'tcp 198.51.100.10:44444 > 12.0.0.1:26', outcome: 'dropped' },
  { name: 'neighbours', packet: 'tcp 192.168.0.3:33333 > 192.168.0.2:80', outcome: 'works' },
  { name: 'broadcast', packet: 'udp 192.168.0.3:68 > 192.168.0.255:67', outcome: 'dropped' },
  { name: 'wrong-side', packet: 'tcp 192.168.0.3:33333 > 12.0.0.1:25', on: 'wan', outcome: 'dropped' },
];

for (const { name, packet, hairpin, on, outcome } of cases) {
  test(`${name}: ${packet}${on ? ` on ${on}` : ''}`, async (t) => {
    const { about, network, config } = await askedRouter(hairpin);
    const conversation = about(packet, on);
    t.is(verdictOf(conversation).outcome, outcome);
    t.is(conversation.works, outcome === 'works');
    const told = tellConversation(conversation, network, config) + '\n';
    isGolden(t, `${name}.txt`, told);
    isGolden(t, `${name}.svg`, conversationPicture(conversation, network));
    for (const line of told.split('\n')) t.regex(line, /^[ -~]{0,100}$/);
  });
}

function isGolden(t: ExecutionContext, file: string, content: string): void {
  const golden = new URL(`./golden/${file}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, content);
  t.is(content, readFileSync(golden, 'utf8'));
}

test('what passes the router by on the Internet side cannot be drawn, and that is said', async (t) => {
  const { about, network } = await askedRouter();
  const conversation = about('tcp 12.0.0.7:1000 > 12.0.0.8:80');
  t.true(conversation.works);
  t.throws(() => conversationPicture(conversation, network), {
    instanceOf: UserError,
    message: /nothing to draw\.$/,
  });
});
