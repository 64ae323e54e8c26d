/*
 * The board without its modules: version of the interpreter, memory, radios, and the file that says how it is wired.
 * Pure: facts in, findings out.
 */
import type { IdentityFacts } from './facts.ts';
import type { Finding } from './findings.ts';

/** The packet protocol begins here; images older than 2v26 have another partition table; tested with 2v29. */
const usableFrom = [2, 25];
const testedWith = [2, 29];

/** "2v29.277" as [2, 29]; undefined for what is no version. */
function versionOf(text: string): [number, number] | undefined {
  const found = /^(\d+)v(\d+)/.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function isBefore([major, minor]: readonly number[], [otherMajor, otherMinor]: readonly number[]): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

export function judgeInterpreter({ version, board }: Pick<IdentityFacts, 'version' | 'board'>): Finding {
  const step = 'interpreter' as const;
  const remedy = 'Write the release that the router is tested with: hairpin flash.';
  const known = versionOf(version);
  if (board !== 'ESP32')
    return {
      step,
      verdict: 'bad',
      id: 'other-board',
      sentence: `This is Espruino ${version} for ${board}.`,
      cause: 'The router is made for the ESP32 with two cores, whose build is named ESP32.',
      remedy,
    };
  if (!known || isBefore(known, usableFrom))
    return {
      step,
      verdict: 'bad',
      id: 'old-interpreter',
      sentence: `Espruino ${version} is too old: files cannot be sent to it in packets, which came with 2v25.`,
      cause: 'An old release is on the board.',
      remedy,
    };
  if (isBefore(known, testedWith))
    return {
      step,
      verdict: 'warn',
      id: 'older-interpreter',
      sentence: `Espruino ${version} is older than 2v29, with which the router is tested.`,
      cause: 'An older release is on the board.',
      remedy,
    };
  return { step, verdict: 'ok', sentence: `Espruino ${version} for ${board}.` };
}

/** What the router takes with everything in service (docs/memory.md), in variables of 14 bytes. */
const needed = 4500;
/** What the probe itself takes of them. */
const probeTakes = 600;

export function judgeMemory({ free, total, bluetooth }: IdentityFacts): Finding {
  const step = 'memory' as const;
  const left = Math.min(free + probeTakes, total);
  if (left >= needed)
    return {
      step,
      verdict: 'ok',
      sentence: `${total} variables, some ${left} of them free; the router takes ${needed}.`,
    };
  return {
    step,
    verdict: 'bad',
    id: 'memory',
    sentence: `Only some ${left} of ${total} variables are free; the router takes ${needed}.`,
    cause: bluetooth === 'on' ? 'Bluetooth is on and takes memory.' : 'Saved code takes the memory.',
    remedy:
      bluetooth === 'on'
        ? 'hairpin flash switches it off; or type ESP32.enableBLE(false) at the prompt once (hairpin monitor), which restarts. Never ESP32.enableWifi(false): such a board does not start any more.'
        : 'Erase what else is saved on it: hairpin flash.',
  };
}

export function judgeRadios({ wifi, bluetooth }: IdentityFacts): Finding {
  const step = 'radios' as const;
  const on = [
    wifi !== null && wifi !== 'off' ? `Wi-Fi (${wifi})` : '',
    bluetooth === 'on' ? "Bluetooth's console" : '',
  ].filter(Boolean);
  if (on.length === 0) return { step, verdict: 'ok', sentence: 'No radio is on.' };
  return {
    step,
    verdict: 'ok',
    sentence: `${on.join(' and ')} ${on.length > 1 ? 'are' : 'is'} on, as on every new board; the router closes that when it starts.`,
  };
}
