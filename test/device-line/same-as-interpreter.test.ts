/*
 * The REPL stand-in answers as the real interpreter does: one list of steps is run against both, byte for byte what is
 * sent, and what comes back must be the same but for what tells nothing (where in the code an error happened, the
 * prompt being taken back). Without a real one (ESPRUINO) the stand-in's own answers are held against the ones stored
 * here, which came from 2v29.
 */
import { setTimeout as delay } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { PacketType, packetOf, textPacket } from '../../host-tools/device/repl/packets.ts';
import { Repl, ReplError } from '../../host-tools/device/repl/repl.ts';
import { configFile } from '../../host-tools/device/upload/config-copy.ts';
import type { ByteLine } from '../../host-tools/device/serial/byte-line.ts';
import { bareBoard } from '../device/board/bare.ts';
import { startInterpreter } from '../device/board/interpreter.ts';
import { lineOnPty } from '../device/board/pty-line.ts';
import { openPty } from '../device/board/pty.ts';
import { FILE_RECV, ReplStandIn } from '../device/board/repl.ts';
import { findInterpreters } from '../espruino/interpreters.ts';

/** Who answers: a line with it at the other end, and its tidying up. */
interface Other {
  name: string;
  start(): { line: ByteLine; close(): Promise<void> };
}

const { found, reason } = findInterpreters();
const others: Other[] = [
  { name: 'the stand-in', start: startStandIn },
  ...found.map((binary) => ({ name: binary, start: () => startInterpreter(binary) })),
];

function startStandIn(): { line: ByteLine; close(): Promise<void> } {
  const pty = openPty();
  const board = bareBoard();
  const repl = new ReplStandIn(board, (bytes) => heard.forEach((listener) => listener(bytes)));
  board.global.print = (text: string) => repl.print(`${text}\n`);
  const heard = new Set<(bytes: Uint8Array) => void>();
  const line = lineOnPty(pty);
  repl.start();
  return {
    line: {
      ...line,
      write: (bytes) => {
        repl.receive(bytes);
        return Promise.resolve();
      },
      onBytes: (listener) => {
        heard.add(listener);
        return () => void heard.delete(listener);
      },
    },
    close: () => {
      repl.end();
      return line.close();
    },
  };
}

const packet = (type: number, text: string): string => Buffer.from(textPacket(type, text)).toString('latin1');
const data = (text: string): string =>
  Buffer.from(packetOf(PacketType.data, Buffer.from(text, 'latin1'))).toString('latin1');

/** What is sent, and what 2v29 answered. */
const steps: readonly (readonly [what: string, sent: string, answer: string])[] = [
  ['ENQ', '\x05', 'Espruino VERSION\r\n'],
  ['DLE ENQ', '\x10\x05', 'Espruino VERSION\r\n'],
  ['DLE line of an unknown name', '\x10status\n', 'Uncaught ReferenceError: status\r\n>'],
  ['typed line', '1+2\n', '1+2\r\n=3\r\n>'],
  ['typed line ended by CR LF', '1+2\r\n', '1+2\r\n=3\r\n>'],
  ['DLE line that prints', '\x10print("x")\n', 'x\r\n>'],
  ['DLE line with a value', '\x1042\n', ''],
  ['DLE and nothing', '\x10\n', ''],
  ['half a line', 'foo(', 'foo('],
  ['ENTER inside brackets', '\n', '\r\n:'],
  ['the line cleared, then ENQ', '\x1b[2H\x05', 'Espruino VERSION\r\n>'],
  ['the empty line cleared', '\x1b[2H', ''],
  ['backspace', 'ab\b\n', 'ab\b \b\r\nUncaught ReferenceError: a\r\n>'],
  ['EVAL', packet(PacketType.eval, '40+2'), '\x06\x10\x01\x00\x0242'],
  [
    'EVAL of a string',
    packet(PacketType.eval, '"a\\n\\x01\\xff\'\\"b"'),
    '\x06\x10\x01\x00\x0f"a\\n\\1\\xFF\'\\"b"',
  ],
  [
    'EVAL of an object',
    packet(PacketType.eval, '["a",1,{b:2,"c d":true}]'),
    '\x06\x10\x01\x00\x18["a",1,{b:2,"c d":true}]',
  ],
  ['EVAL of nothing', packet(PacketType.eval, 'undefined'), '\x06\x10\x01\x00\x04null'],
  ['EVAL that prints', packet(PacketType.eval, 'print("hi")'), 'hi\r\n\x06\x10\x01\x00\x04null>'],
  ['EVAL of an unknown name', packet(PacketType.eval, 'foo()'), '\x15Uncaught ReferenceError: foo\r\n>'],
  [
    'EVAL that throws',
    packet(PacketType.eval, '(function(){throw new Error("bad");})()'),
    '\x15Uncaught Error: bad\r\n>',
  ],
  [
    'EVAL that throws a string',
    packet(PacketType.eval, '(function(){throw "bad";})()'),
    '\x15Uncaught bad\r\n>',
  ],
  ['EVAL of a statement', packet(PacketType.eval, 'var x=5'), '\x15Uncaught SyntaxError\r\n>'],
  ['EVAL of half an expression', packet(PacketType.eval, '1+('), '\x15Uncaught SyntaxError\r\n>'],
  ['EVAL while a line is typed', `abc${packet(PacketType.eval, '7')}`, 'abc\x06\x10\x01\x00\x017'],
  ['and the line cleared', '\x1b[2H', '>'],
  ['FILE_SEND', packet(PacketType.fileSend, '{"fn":"a.txt","s":10}'), '\x06'],
  ['its first DATA', data('hello'), '\x06'],
  ['its last', data('world'), '\x06'],
  ['DATA too many', data('again'), '\x15'],
  ['FILE_RECV', packet(FILE_RECV, '{"fn":"a.txt"}'), '\x06\x10\x01\x80\x0ahelloworld\x10\x01\x80\x00'],
  ['FILE_RECV of no file', packet(FILE_RECV, '{"fn":"none"}'), '\x15'],
  ['FILE_SEND of no bytes', packet(PacketType.fileSend, '{"fn":"a.txt","s":0}'), '\x15'],
  ['FILE_SEND of five', packet(PacketType.fileSend, '{"fn":"b.txt","s":5}'), '\x06'],
  ['DATA too long for it', data('hello world'), '\x06Uncaught Error: Too much data for file size\r\n>'],
  ['FILE_SEND of too many', packet(PacketType.fileSend, '{"fn":"c.txt","s":9000000}'), '\x06'],
  ['DATA of it', data('hello'), '\x06Uncaught Error: Unable to find or create file\r\n>'],
  [
    'CRC',
    packet(PacketType.eval, 'E.CRC32(require("Storage").read("a.txt"))'),
    '\x06\x10\x01\x00\x0a4192936109',
  ],
  ['an unknown type', packet(0xc000, 'x'), '\x15'],
  ['a response', packet(PacketType.response, 'x'), '\x15'],
];

/** No room in Storage: the emulator's says it in the words of `Storage.write`, which packets do not go through. */
const noRoom = /Not enough free space in Storage/;

/** Without what tells nothing, or is each one's own. */
function essence(text: string): string {
  return text
    .replaceAll(/\r\x1b\[J|\x1b\[[A-D]/g, '')
    .replace(/Espruino (2v\S+) (LINUX|ESP32)/g, 'Espruino VERSION')
    .replace(noRoom, 'Unable to find or create file')
    .replace(/(Uncaught SyntaxError)[^\r]*(?:\r\n)(?:[^>]*\r\n)*/g, '$1\r\n')
    .replace(/(Uncaught ReferenceError: )"?(\w+)"? is not defined\r\n(?:[^>]*\r\n)*/g, '$1$2\r\n')
    .replace(/(Uncaught [^\r]*)\r\n(?:[^>]*\r\n)*/g, '$1\r\n');
}

/** Waits until the answer is as expected, or for a while. */
async function answered(heard: () => string, expected: string): Promise<string> {
  for (let turn = 0; turn < 60 && essence(heard()) !== expected; turn++) await delay(5);
  // And nothing more.
  await delay(10);
  return essence(heard());
}

for (const { name, start } of others) {
  test.serial(`bytes: ${name}`, async (t) => {
    const { line, close } = start();
    let heard = '';
    line.onBytes((bytes) => (heard += Buffer.from(bytes).toString('latin1')));
    try {
      await prompt(line);
      for (const [what, sent, expected] of steps) {
        heard = '';
        await line.write(Buffer.from(sent, 'latin1'));
        t.is(await answered(() => heard, expected), expected, what);
      }
    } finally {
      await close();
    }
  });
}

/** A real one takes a moment to start. */
async function prompt(line: ByteLine): Promise<void> {
  const repl = new Repl(line);
  await repl.settle();
  repl.end();
}

const file = Buffer.from(
  Array.from({ length: 400 }, (_, index) => `/* ${index} */ var a${index}=1;`).join('\n'),
);

/** What a client does, with its results: the same everywhere. */
async function operations(t: ExecutionContext, line: ByteLine): Promise<unknown[]> {
  const repl = new Repl(line);
  const results: unknown[] = [];
  const said = async (work: Promise<unknown>): Promise<string> => {
    const error = await t.throwsAsync(work, { instanceOf: ReplError });
    return error.message.replaceAll('"', '').replace(noRoom, 'Unable to find or create file');
  };
  await line.write(Buffer.from('someone.typed('));
  await repl.settle();
  results.push(await repl.listFiles(), await repl.crcOf('a'), await repl.readFile('a'));
  await repl.writeFile('a', file);
  await repl.writeFile('b', file.subarray(0, 3));
  await repl.writeFile('b', file.subarray(7, 1035));
  results.push(await repl.listFiles(), await repl.crcOf('a'), await repl.crcOf('b'));
  results.push(Buffer.from((await repl.readFile('b'))!).toString());
  results.push(await repl.evaluate('(function(){var o={};o.a=[1,"x"];return o;})()'));
  results.push(await said(repl.evaluate('nothing()')));
  results.push(await said(repl.writeFile('c', Buffer.alloc(950_000, 'x'))));
  results.push((await repl.listFiles()).slice(0, 2), (await repl.free()) > 0);
  for (const text of ['{"one":1}\n', '{"one":1}\n', '{"two":2}\n', '{"three":3}\n']) {
    const copy = await configFile(repl, text);
    results.push(copy?.name, copy?.bytes.toString());
    if (copy) await repl.writeFile(copy.name, copy.bytes);
  }
  repl.end();
  return results;
}

test.serial('client: the same results everywhere', async (t) => {
  const results: unknown[][] = [];
  for (const { start } of others) {
    const { line, close } = start();
    try {
      results.push(await operations(t, line));
    } finally {
      await close();
    }
  }
  for (const [index, { name }] of others.entries()) t.deepEqual(results[index], results[0], name);
});

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});
