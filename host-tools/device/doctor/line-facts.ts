/*
 * Who is at the other end of the line, as the doctor has found it, and the findings that follow. Pure.
 */
import { garbageShare, readBootText } from '../repl/boot-text.ts';
import type { Finding } from './findings.ts';

/** What answers: the router's console, Espruino's prompt, or none of them. */
export type Answering = 'console' | 'repl' | 'none';

export interface LineFacts {
  port: string;
  answering: Answering;
  /** Everything that arrived while nobody or somebody answered, one character a byte. */
  heard: string;
  /** In the REPL: the sentence why the router was skipped at this start; undefined if there is no firmware. */
  skipped?: string;
}

/** More of it than this is no text, from so many bytes on. */
const garbageFrom = 0.25;
const fewBytes = 8;

/** Step `answer`: one finding. */
export function judgeLine({ port, answering, heard, skipped }: LineFacts): Finding {
  const step = 'answer' as const;
  if (answering === 'console')
    return { step, verdict: 'ok', sentence: `The router's console answers at ${port}.` };
  if (answering === 'repl') {
    if (skipped === undefined)
      return { step, verdict: 'ok', sentence: `Espruino's prompt answers at ${port}.` };
    return {
      step,
      verdict: 'warn',
      id: 'skipped',
      sentence: `Espruino's prompt answers at ${port}: ${skipped}`,
      cause: 'The start of the router was skipped.',
      remedy: 'Tap EN. If it is skipped again, what its console says meanwhile tells why: hairpin monitor.',
    };
  }
  const signs = readBootText(heard);
  if (signs.trouble)
    return {
      step,
      verdict: 'bad',
      id: signs.trouble.id,
      sentence: `${signs.starts > 1 ? `The board starts again and again (${signs.starts} times while we listened). ` : ''}${signs.trouble.sentence}`,
      cause: signs.trouble.cause,
      remedy: signs.trouble.remedy,
    };
  if (signs.starts > 2)
    return {
      step,
      verdict: 'bad',
      id: 'boot-loop',
      sentence: `The board starts again and again; the last reset was ${signs.reset}.`,
      cause: 'The start crashes, or the supply is too weak.',
      remedy: 'Try another cable and port with the modules pulled off. If it goes on: hairpin flash.',
    };
  if (signs.inBootLoader)
    return {
      step,
      verdict: 'bad',
      id: 'boot-loader',
      sentence: 'The board waits in its boot loader for a download.',
      cause: 'D0 (the BOOT button) was low when it started.',
      remedy: 'Let go of BOOT, see that nothing is connected to D0, and press EN.',
    };
  if (/espruino\.com|\(c\) \d+ G\.Williams/.test(heard))
    return {
      step,
      verdict: 'bad',
      id: 'busy',
      sentence: `Espruino starts at ${port}, but does not answer what it is asked.`,
      cause: 'A program that is saved on it keeps it busy, or has taken the serial line.',
      remedy:
        'Tap EN, and right after that hold BOOT for three seconds: a router is then left out. If it stays like that: hairpin flash.',
    };
  return judgeStranger(port, heard);
}

function judgeStranger(port: string, heard: string): Finding {
  const step = 'answer' as const;
  const bytes = Buffer.from(heard, 'latin1');
  if (bytes.length >= fewBytes && garbageShare(bytes) > garbageFrom)
    return {
      step,
      verdict: 'bad',
      id: 'garbage',
      sentence: `What arrives at ${port} is not text (${bytes.length} bytes).`,
      cause:
        'The board speaks at another rate than 115200 bits per second, or ground is missing between it and the adapter.',
      remedy:
        'Whatever else runs on it: hairpin flash replaces it. With an adapter of your own, connect GND, TX to RX and RX to TX.',
    };
  const line = heard
    .split(/[\r\n]+/)
    .map((text) => text.trim())
    .find((text) => text.length > 3);
  if (line !== undefined)
    return {
      step,
      verdict: 'bad',
      id: 'stranger',
      sentence: `Something answers at ${port}, but it is not Espruino: "${line.slice(0, 60)}".`,
      cause: 'Another program is on this board.',
      remedy: 'hairpin flash replaces it; what is there is lost.',
    };
  return {
    step,
    verdict: 'bad',
    id: 'silence',
    sentence: `Nothing answers at ${port}.`,
    cause: 'The board is off or held in reset, has an empty flash, or this is not its port.',
    remedy:
      'Tap EN on the board and run this again. If it stays silent: hairpin flash, which works without any program on it.',
  };
}
