/*
 * The REPL of a board with Espruino, as a program uses it: evaluates expressions, reads and writes Storage files, in
 * packets that are acknowledged. Who is at the other end, and how to get a quiet REPL there, is enter's business; what
 * the files are is upload's.
 *
 * Ctrl-C is never sent: it would end the timers of a router that runs, and the Linux build altogether. A half-typed
 * line is cleared by ESC [ 2 H instead; a packet that the board still waits for ends by itself.
 */
import { crc32 } from 'node:zlib';
import { UserError } from '../../cli/user-error.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, realTime } from '../serial/time.ts';
import { Conversation } from './conversation.ts';
import { decodeString } from './js-text.ts';
import { PacketType, actedUpon, blockLength, longestData, packetOf, textPacket } from './packets.ts';

/** Bytes of a file in one packet. */
export const blockBytes = 1024;
/** A board gives up a packet that does not come to its end, ms (src/jsinteractive.c, jsiPacketStart). */
const packetLimit = 5000;
/** An answer takes at most so long, ms: longer than the packet limit, whose NAK is an answer. */
const answerWithin = 6000;
/** The name, asked for on an empty line, ms. */
const nameWithin = 1000;
/** Nothing said for so long: what was being said has come to its end; ms. */
const quietFor = 150;
/** A question or a file is tried so often before the line is called bad. */
const tries = 3;
/** ESC [ 2 H clears the line that is being typed (src/jsinteractive.c, jsiHandleConsoleChar); ENQ asks for the name. */
const clearLine = '\x1b[2H';
const askName = '\x05';
/** "Espruino 2v29 ESP32". */
const nameAnswer = /Espruino (\S+) (\S+)\r?\n/;

/** Size in bytes and CRC-32 (that of zlib) of a file. */
export interface FileDigest {
  size: number;
  crc: number;
}

/** The board evaluated what it was given, and that threw. */
export class ReplError extends UserError {
  /** @param said the board's own words, from `Uncaught` on */
  constructor(readonly said: string) {
    super(`The board answered: ${said.split(/\r?\n/)[0]}`);
    this.name = 'ReplError';
  }
}

/** Bytes were lost or changed on their way; a second attempt may succeed. */
class Garbled extends Error {
  /** @param refused the board has done nothing of what it was asked */
  constructor(
    message: string,
    readonly refused = false,
  ) {
    super(message);
  }
}

export class Repl {
  private readonly talk: Conversation;

  /** `line` has a REPL at its other end; it is listened to until `end`. */
  constructor(
    readonly line: ByteLine,
    readonly time: Time = realTime,
  ) {
    this.talk = new Conversation(line, time);
  }

  /** Stops listening; the line stays open. */
  end(): void {
    this.talk.end();
  }

  /**
   * Gets the REPL to an empty line, whatever was typed or sent before.
   * @returns version and board, as ["2v29", "ESP32"]
   * @throws UserError when nothing answers
   */
  async settle(): Promise<[version: string, board: string]> {
    for (let turn = 0; turn < tries; turn++) {
      if (turn > 0) await this.talk.quiet(packetLimit, answerWithin);
      const name = await this.nameNow();
      if (name) return name;
    }
    throw new UserError(
      `Espruino at ${this.line.path} does not answer any more: it may be busy with a program of its own. Tap EN on the board, and try again.`,
    );
  }

  /** Whether it answers at once, on an empty line then: a board that is starting does not yet. */
  async isThere(): Promise<boolean> {
    return (await this.nameNow()) !== null;
  }

  private async nameNow(): Promise<[version: string, board: string] | null> {
    this.talk.forget();
    await this.talk.sayText(clearLine + askName);
    const name = await this.talk.said(nameAnswer, nameWithin);
    if (!name) return null;
    await this.talk.quiet(quietFor, nameWithin);
    this.talk.forget();
    return [name[1], name[2]];
  }

  /**
   * Evaluates one expression - statements go into a function that is called - and returns its value as Espruino writes
   * it (E.toJS; undefined is `null`). At most 8191 characters of ASCII, and as many come back. What the board may
   * have evaluated already is not sent again.
   * @param withinMs how long the evaluation may take
   * @throws ReplError with what the board said, if it threw
   */
  async evaluate(expression: string, withinMs = answerWithin): Promise<string> {
    return this.again(
      () => this.evaluateOnce(expression, withinMs),
      (error) => error instanceof Garbled && error.refused,
    );
  }

  /** Has an expression evaluated after which nothing answers: a restart. @throws LineLost */
  async send(expression: string): Promise<void> {
    await this.talk.say(textPacket(PacketType.eval, expression));
  }

  /** The value of a question: an expression that gives a string and changes nothing, so that it can be asked again. */
  async ask(question: string, withinMs = answerWithin): Promise<string> {
    return decodeString(await this.again(() => this.evaluateOnce(question, withinMs)));
  }

  /** Null if there is no such file. */
  async crcOf(name: string): Promise<FileDigest | null> {
    const answer = await this.ask(
      `(function(f){return f===undefined?"":JSON.stringify([f.length,E.CRC32(f)]);})(require("Storage").read(${quoted(name)}))`,
    );
    if (answer === '') return null;
    const [size, crc] = JSON.parse(answer) as [number, number];
    return { size, crc };
  }

  async listFiles(): Promise<string[]> {
    return JSON.parse(await this.ask('JSON.stringify(require("Storage").list())')) as string[];
  }

  /** Bytes left in Storage for headers (32 each) and files, without compaction. */
  async free(): Promise<number> {
    return Number(await this.ask('""+require("Storage").getFree()'));
  }

  /** Bytes of Storage, with all that is in it. */
  async storageBytes(): Promise<number> {
    return Number(await this.ask('""+require("Storage").getStats().totalBytes'));
  }

  /**
   * Null if there is no such file. Asked for piece by piece: of a file that is sent whole (FILE_RECV) every LF comes
   * as CR LF, with a length that does not count them (2v29 and master, jsiConsolePrintStringVar).
   */
  async readFile(name: string): Promise<Uint8Array | null> {
    const digest = await this.crcOf(name);
    if (!digest) return null;
    const pieces: string[] = [];
    for (let at = 0; at < digest.size; at += blockBytes)
      pieces.push(await this.ask(`require("Storage").read(${quoted(name)},${at},${blockBytes})`));
    const bytes = Buffer.from(pieces.join(''), 'latin1');
    if (bytes.length !== digest.size || crc32(bytes) !== digest.crc)
      throw this.verdict(new Garbled(`${name} arrived changed`), 1);
    return bytes;
  }

  /**
   * Replaces a file and holds what is then there against `bytes`. Until that has succeeded the old file is gone.
   * @param onProgress told how many bytes are there, after each block
   * @throws UserError when the board has no room, or the line loses too much
   */
  async writeFile(name: string, bytes: Uint8Array, onProgress?: (done: number) => void): Promise<void> {
    const bad = bytes.findIndex((byte) => actedUpon.includes(byte));
    if (bad >= 0)
      throw new UserError(
        `${name} cannot be sent: it has a control character (${bytes[bad]}) at offset ${bad}, which a board would act upon. Only text can be sent.`,
      );
    await this.again(async () => {
      await this.sendFile(name, bytes, onProgress);
      const there = await this.crcOf(name);
      if (there?.size !== bytes.length || there.crc !== crc32(bytes))
        throw new Garbled(`${name} arrived changed`);
    });
  }

  private async sendFile(
    name: string,
    bytes: Uint8Array,
    onProgress?: (done: number) => void,
  ): Promise<void> {
    const header = `{"fn":${quoted(name)},"s":${bytes.length}}`;
    await this.acknowledged(textPacket(PacketType.fileSend, header));
    for (let at = 0; at < bytes.length;) {
      const length = blockLength(bytes.length - at, blockBytes);
      await this.acknowledged(packetOf(PacketType.data, bytes.subarray(at, at + length)));
      at += length;
      onProgress?.(at);
    }
  }

  private async evaluateOnce(expression: string, withinMs: number): Promise<string> {
    if (expression.length > longestData) throw new Error('This is too long for one packet.');
    await this.acknowledged(textPacket(PacketType.eval, expression), withinMs);
    const answer = await this.talk.sign(answerWithin);
    if (answer?.kind === 'packet' && answer.type === PacketType.response)
      return Buffer.from(answer.data).toString('latin1');
    throw new Garbled('no answer');
  }

  /** Sends a packet that is answered by ACK. @throws ReplError, Garbled */
  private async acknowledged(packet: Uint8Array, withinMs = answerWithin): Promise<void> {
    this.complain(this.talk.takeText());
    await this.talk.say(packet);
    const sign = await this.talk.sign(withinMs);
    if (sign?.kind === 'ack') return;
    if (sign?.kind === 'nak') {
      await this.talk.quiet(quietFor, answerWithin);
      this.complain(this.talk.takeText());
      throw new Garbled('the board refused a packet', true);
    }
    throw new Garbled('no answer');
  }

  /** An error that the board printed: Storage acknowledges a block that it could not write, and says why. */
  private complain(said: string): void {
    const at = said.indexOf('Uncaught');
    if (at >= 0) throw new ReplError(said.slice(at));
  }

  /**
   * Does it once more, from an empty line, when bytes were lost and `may` says so. An error of the board's counts when
   * it comes twice: the rest of a packet whose beginning was lost is taken for a typed line, and that has errors too.
   */
  private async again<T>(attempt: () => Promise<T>, may = (_: Failure): boolean => true): Promise<T> {
    let said = '';
    for (let turn = 1; ; turn++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Garbled || error instanceof ReplError)) throw error;
        if (turn === tries || !may(error) || error.message === said) throw this.verdict(error, turn);
        if (error instanceof ReplError) said = error.message;
        await this.settle();
      }
    }
  }

  private verdict(error: Failure, turns: number): UserError {
    if (error instanceof ReplError) return error;
    return new UserError(
      `The line at ${this.line.path} loses bytes (${error.message}${turns > 1 ? `, ${turns} times` : ''}). Try another cable or another USB port, without a hub.`,
    );
  }
}

type Failure = Garbled | ReplError;

/** A name as it stands in the board's code. */
function quoted(name: string): string {
  return JSON.stringify(name);
}
