/*
 * What the events of the router's log (firmware/layout/events.ts) mean, as sentences for people. One table for everything
 * on the host that shows an event; a test holds it complete. Where an event has a value, {} stands for it. What there is
 * to be done about an event is part of its sentence.
 */

const sentences: Readonly<Record<string, string>> = {
  // Counted.
  'dropped-by-exception':
    'Frames were dropped because of a fault in the firmware ({} of them): please report it.',
  'table-filled':
    'Packets were dropped because every flow in the table is in use ({} of them): some host opens very many conversations.',
  'chip-mended':
    'An Ethernet chip was found in disorder and started anew ({} times): are its wires short and its supply steady?',
  'receive-desynchronised':
    'What an Ethernet chip had received could not be told apart any more and was thrown away ({} times).',
  'transmitter-stuck': 'An Ethernet chip did not finish sending and was started anew ({} times).',
  'command-unanswered': 'An Ethernet chip did not take a command in time ({} times).',
  'interrupt-lost':
    'Frames waited although the interrupt wire said there were none ({} times); they were found all the same.',
  'entries-lost':
    'Entries of the log were overwritten before they could be sent by syslog ({} of them): its host did not answer, or the cable was out.',
  'settings-were-lost':
    'An Ethernet chip had lost its settings ({} times): its supply gave way for a moment, or its wires disturb each other.',
  'chip-was-silent':
    'An Ethernet chip did not answer as one ({} times): hairpin doctor looks at its wires and its power.',
  'chip-was-reset':
    'An Ethernet chip was reset by its reset wire ({} times), because nothing less had helped.',

  // One by one.
  started: 'The router was started: {}.',
  'link-came-up': 'The {} side has a link.',
  'link-went-down':
    'The {} side has no link: is its cable in at both ends, and the other device switched on?',
  'chip-came-up': 'The {} chip answers.',
  'chip-went-down': 'The {} chip does not answer: hairpin doctor looks at its wires and its power.',
  'lease-given': 'A host of the LAN got an address that it had not before: {}.',
  'address-declined':
    'Somebody in the LAN has the address {} without having got it from here; it is left alone for ten minutes.',
  'pool-exhausted':
    'A host of the LAN got no address: all of the pool are in use. A larger pool or shorter leases help (lan.dhcp).',
  'leases-unsaved':
    'The leases could not be saved, because Storage has no room: they are forgotten at the next start. hairpin upload makes room.',
  'wan-lease-taken': 'The ISP leases {} to us: it is the public address from now on.',
  'wan-lease-ended':
    'The lease of {} ended without the ISP having renewed it: the router has no public address, and asks for one.',
  'wan-lease-refused':
    'The ISP refused the address {}: it leases another one now, or knows nothing of it. The router asks anew.',
  'wan-address-declined':
    'Somebody else on the WAN has the address {} that the ISP leases: it was given up, and another one is asked for.',
  'wan-offer-unusable':
    'The ISP offered {}, which no host can have, or left out who leases it or for how long: it was not taken.',
  'lan-moved':
    'The ISP leases an address of the network that the LAN had, so the LAN was moved: the router is {} there, and hosts with fixed addresses have to be told.',
  'resolver-silent':
    'The resolver {} left three queries in a row unanswered: from now on others are asked first, and it is tried again every minute. hairpin status tells whether the WAN has a link and an address.',
  'resolver-answers-again': 'The resolver {} answers again.',
};

/** Values of the router that people would not understand as they are. */
const values: Readonly<Record<string, string>> = {
  wan: 'WAN',
  lan: 'LAN',
  'power-on': 'power came',
  request: 'somebody asked for it',
  reset:
    'by its watchdog, its reset button, a supply that sagged, or the reset line that hairpin doctor and flash use',
};

/** The sentence of an event. @param value as the router's answer has it */
export function eventSentence(event: string, value: string | number | null): string {
  const text = String(value);
  const sentence = sentences[event] ?? newer(event, value);
  return sentence.replace('{}', values[text] ?? text).replace('(1 times)', '(once)');
}

function newer(event: string, value: string | number | null): string {
  return `The router notes "${event}"${value === null ? '' : ': {}'}; this version of hairpin has no sentence for it.`;
}

/** The sentence with {} in place of a value, for tables. */
export function eventTemplate(event: string): string {
  return sentences[event];
}

/** Every event that has a sentence. */
export function explainedEvents(): string[] {
  return Object.keys(sentences);
}
