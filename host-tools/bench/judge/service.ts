/*
 * Is the service at one place the one at the other? Compares what both said, sample by sample. What differs between
 * samples of one place - a date, a counter - or names an address says nothing. Where that leaves too little, the
 * answer is "unclear". Pure.
 */
import type { ServicePrint, ServicePrints } from '../measurements.ts';

export interface Comparison {
  same: 'yes' | 'no' | 'unclear';
  by: 'greeting' | 'certificate' | 'http';
  /** What was said at either place, for a person to read. */
  direct: string;
  through: string;
}

/** Samples that are needed of either place. */
const SAMPLES = 2;
/** A word that may name the asker and so differs by the way that was taken. */
const NAMES_AN_ADDRESS = /\d{1,3}(\.\d{1,3}){3}/;
/** A greeting as a person is shown it, in characters. */
const SHOWN = 70;

/** What one sample says, in a line. */
export function describePrint(print: ServicePrint): string {
  const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, SHOWN);
  if (print.greeting !== null) return `greeting "${printable(print.greeting)}"`;
  if (print.certificate !== null) return `TLS certificate ${print.certificate.slice(0, 23)}...`;
  if (print.http === null) return 'a connection, and not a word';
  const { status, server, body } = print.http;
  return `HTTP status ${status}, ${server === '' ? 'no server name' : `server "${printable(server)}"`}, page with the fingerprint ${body}`;
}

type Sameness = Comparison['same'];

/** The words of several greetings that never change, by position; null where they do not. */
function steadyWords(greetings: readonly string[]): (string | null)[] {
  const words = greetings.map((greeting) => greeting.trim().split(/\s+/));
  return words[0].map((word, at) =>
    words.every((other) => other[at] === word) && !NAMES_AN_ADDRESS.test(word) ? word : null,
  );
}

function compareGreetings(direct: readonly string[], through: readonly string[]): Sameness {
  const [here, there] = [steadyWords(direct), steadyWords(through)];
  const compared = here.flatMap((word, at) =>
    word !== null && there[at] != null ? [word === there[at]] : [],
  );
  if (compared.length === 0) return 'unclear';
  if (compared.every(Boolean) && here.length === there.length) return 'yes';
  return compared.some(Boolean) ? 'unclear' : 'no';
}

function compareCertificates(direct: readonly string[], through: readonly string[]): Sameness {
  if (through.every((one) => direct.includes(one))) return 'yes';
  return through.some((one) => direct.includes(one)) || new Set(direct).size > 1 ? 'unclear' : 'no';
}

type Http = NonNullable<ServicePrint['http']>;

function compareHttp(direct: readonly Http[], through: readonly Http[]): Sameness {
  const steady = (all: readonly Http[], key: keyof Http) =>
    all.every((one) => one[key] === all[0][key]) ? all[0][key] : null;
  const differs = (key: keyof Http) => {
    const [here, there] = [steady(direct, key), steady(through, key)];
    return here !== null && there !== null && here !== there;
  };
  if (differs('status') || differs('server') || differs('headers')) return 'no';
  const body = steady(direct, 'body');
  // A page that differs may have been written for the asker, who came from another address.
  return body !== null && body === steady(through, 'body') ? 'yes' : 'unclear';
}

/** Null where one of the places gave too few samples. */
export function compareServices(direct: ServicePrints, through: ServicePrints): Comparison | null {
  const spoke = (prints: ServicePrints) => prints.filter((print) => typeof print === 'object');
  const [here, there] = [spoke(direct), spoke(through)];
  if (here.length < SAMPLES || there.length < SAMPLES) return null;
  const texts = { direct: describePrint(here[0]), through: describePrint(there[0]) };
  for (const by of ['greeting', 'certificate', 'http'] as const) {
    const [mine, other] = [here, there].map((prints) => prints.flatMap((print) => print[by] ?? []));
    // A greeting that was lost on the way leaves a sample without one.
    if (mine.length < SAMPLES) continue;
    if (other.length === 0) return { same: 'no', by, ...texts };
    if (other.length < SAMPLES) return { same: 'unclear', by, ...texts };
    const same =
      by === 'http'
        ? compareHttp(mine as Http[], other as Http[])
        : (by === 'greeting' ? compareGreetings : compareCertificates)(mine as string[], other as string[]);
    return { same, by, ...texts };
  }
  // A service that says nothing, here and perhaps there.
  return { same: 'unclear', by: 'greeting', ...texts };
}

/** Does the gateway itself serve the same thing at its own address? Certain sameness only. */
export function isTheGateways(through: ServicePrints, gateway: ServicePrints): boolean {
  return gateway.length > 0 && compareServices([...gateway, ...gateway], through)?.same === 'yes';
}
