/*
 * What there is to say about each hop of the three scenes, beyond what the packets show. Data only; the hops
 * themselves, their addresses and what was rewritten come from the packets, and a test holds the two together.
 */

export interface SceneNotes {
  /** On the button that opens the scene. */
  button: string;
  /** What the scene is about, above its picture. */
  introduction: string;
  /** One for each hop that is drawn. */
  hops: string[];
}

/** In the order of the scenes. */
export const notes: SceneNotes[] = [
  {
    button: 'From the Internet',
    introduction:
      'The router forwards port 25 of its public address P to the server S. A host on the Internet uses that.',
    hops: [
      'I asks the only address it knows: the public one.',
      'The port forward replaces the destination. The source stays, so S sees who asks.',
      'S answers whom it saw. That address is not in its own network, so the answer goes to the router: there is no other way.',
      'The router knows the answer and puts the public address back as its source. I hears from exactly whom it asked.',
    ],
  },
  {
    button: 'From the LAN: the mistake',
    introduction:
      'The same port forward, used from the same LAN as the server. The router replaces the destination, and only that.',
    hops: [
      'C asks the public address. It is not in the network of C, so the packet goes to the router.',
      'The port forward replaces the destination. The source is still C.',
      'S sees a neighbour and answers it directly, through the switch. The router never sees this packet, so nobody puts the public address back. C asked P and never spoke to S: it throws the answer away.',
      'C even tells S that there is no such connection. But the program on C waits for another one, and hears nothing of it: no refusal, just silence.',
    ],
  },
  {
    button: 'From the LAN: the hairpin',
    introduction:
      'The cure: for packets that come from the LAN and go back into the LAN, the router replaces the source as well.',
    hops: [
      'C asks the public address, as before.',
      'The router replaces the destination and the source. For S it is the router that asks.',
      'So S answers the router. Now the answer has no other way.',
      'The router puts both back. C hears from exactly whom it asked.',
    ],
  },
];
