// The recording as a file that the interpreter can read piece by piece with a few native calls: no parsing, no
// memory beyond one event. Pure: makes bytes and reads none.
import type { RecordedEvent } from '../../host-tools/emulator/recording.ts';

/**
 * Per event a header of 7 bytes - kind letter, then the lengths of two texts as 3 bytes each, low byte first - and the
 * texts. `text` is what the firmware must say (or what is done to it), `back` what it is given. Kinds: B boot, s SPI,
 * c other call, t timer runs, w watch runs, d characters came, x ended with an exception, r request, a answer.
 */
export function toRecordingFile(events: readonly RecordedEvent[]): Buffer {
  return Buffer.concat(events.map((event) => encode(event)));
}

/** The event as the interpreter sees it, for messages. */
export function describeEvent(event: RecordedEvent): string {
  if (event.kind === 'spi') return `${event.call} ${event.select} ${event.mosi}`;
  if (event.kind === 'call') return `${event.call} ${event.args}`;
  if (event.kind === 'request') return `request ${event.line}`;
  if (event.kind === 'answer') return `answer ${event.line}`;
  if (event.kind === 'timer' || event.kind === 'watch') return `${event.kind} ${event.id} runs`;
  if (event.kind === 'data') return `${event.device} hears ${JSON.stringify(event.text)}`;
  return event.kind === 'threw' ? `exception ${event.error}` : 'boot';
}

function encode(event: RecordedEvent): Buffer {
  switch (event.kind) {
    case 'boot':
      return pack('B', '', '');
    case 'spi': {
      const said = Buffer.concat([
        Buffer.from(`${event.call} ${event.select} `),
        Buffer.from(event.mosi, 'hex'),
      ]);
      return pack('s', said, Buffer.from(event.miso, 'hex'));
    }
    case 'call':
      return pack('c', `${event.call} ${event.args}`, resultBytes(event.call, event.result));
    case 'timer':
      return pack('t', String(event.id), '');
    case 'watch': {
      const { state, time, lastTime } = event;
      return pack('w', String(event.id), JSON.stringify({ state, time, lastTime }));
    }
    case 'data':
      return pack('d', event.device, event.text);
    case 'threw':
      return pack('x', '', '');
    case 'request':
      return pack('r', event.line, '');
    case 'answer':
      return pack('a', event.line, '');
  }
}

/**
 * JSON, empty for undefined; behind an exclamation mark the message of what was thrown; a time as its 8 bytes, because
 * the interpreter's own parser keeps 12 digits only.
 */
function resultBytes(call: string, result: unknown): Buffer | string {
  if (result instanceof Error) return `!${result.message}`;
  if (call !== 'getTime') return result === undefined ? '' : JSON.stringify(result);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(result as number);
  return bytes;
}

function pack(kind: string, text: Buffer | string, back: Buffer | string): Buffer {
  const texts = [text, back].map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part));
  const header = Buffer.alloc(7);
  header.write(kind, 0, 'latin1');
  header.writeUIntLE(texts[0].length, 1, 3);
  header.writeUIntLE(texts[1].length, 4, 3);
  return Buffer.concat([header, ...texts]);
}
