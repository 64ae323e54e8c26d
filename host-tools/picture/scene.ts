/*
 * What can be drawn: one conversation between hosts on both sides of a router, as packets and their hops. Whoever has
 * seen packets (the lab, explain) says them in these shapes; the drawing knows nothing else.
 *
 * Types only.
 */

/** Everything in one picture. */
export interface PictureScene {
  /** A name for ids within the drawing, "scene-1". */
  id: string;
  title: string;
  /** What it came to, in a word or two. */
  result: { word: string; good: boolean };
  /** The router's two addresses, with the names they have in the text around, if any: "P 12.0.0.1". */
  router: { wan: string; lan: string };
  hosts: PictureHost[];
  packets: PictureHop[][];
  /** What it came to, in sentences, below the picture. */
  outcome: string[];
}

/** A host: at most one on the Internet side, at most two on the LAN (the first is drawn above the second). */
export interface PictureHost {
  id: string;
  area: 'internet' | 'lan';
  /** "the client, C" */
  name: string;
  address: string;
}

/** The id of the router as an end of a hop. */
export const routerId = 'router';

/** One packet between two neighbours; the hops of one packet follow each other. */
export interface PictureHop {
  number: number;
  /** Ids of hosts, or `routerId`. */
  from: string;
  to: string;
  /** "192.168.0.3:33333" */
  source: string;
  target: string;
  /** "SYN" */
  what: string;
  /** Whether the router put this field in. */
  changed: { source: boolean; target: boolean };
  /** Which way it goes: what was asked, what came back of it, or what ends a connection. */
  kind: 'question' | 'answer' | 'reset';
  /** It goes no further here, or is thrown away. */
  lost: boolean;
  /** Why it is lost, as a sentence or two to stand beside it. */
  remark?: string;
}
