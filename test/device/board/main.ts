/*
 * `make soft-board`: a board in software on a pseudo-terminal, for trying the tools without hardware, and a release of
 * Espruino in software as well: three images of noise, good enough for a board that has its own idea of Espruino. Prints
 * what to call, and takes one command a line; ends with its input, or at Ctrl-C.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fakeRelease, writeFiles } from './fake-release.ts';
import { openPty } from './pty.ts';
import { SoftBoard } from './soft-board.ts';

const help = `boot+en              hold BOOT, tap EN: the boot loader, for hairpin flash
en                   tap EN: start what is in flash
power                pull the power and give it back; wires are whole again
break WIRE HOW       break a wire, such as: break lan.miso open
                     (select, interrupt, reset, power, miso, mosi, sck; open, low, high, or another wire's name)
quit`;

const wiring = readFileSync(`boards/${process.argv[2] ?? 'esp32-shared-bus'}/board.json`, 'utf8');
const pty = openPty();
const board = new SoftBoard({ send: (bytes) => pty.write(bytes), wiring, download: true });
pty.onBytes((bytes) => board.receive(bytes));

/** One per command; each says what it did. */
const commands: Record<string, (words: string[]) => string> = {
  'boot+en': () => (board.reset(true), 'in the boot loader'),
  en: () => (board.reset(), 'started'),
  power: () => (board.power(), board.reset(), 'power is back'),
  break: ([wire, how]) => (board.breakWire(wire, how as never), `${wire} is broken (${how})`),
  help: () => help,
};

const release = writeFiles('out/soft-board/espruino_2v29_esp32', fakeRelease());
console.log(`A board in software, in its boot loader, is at ${pty.path}; a release for it is in ${release}:`);
console.log(`  hairpin flash --port ${pty.path} --espruino ${release} --config hairpin.example.json`);
console.log(help);
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const [command, ...words] = line.trim().split(/\s+/);
  if (command === 'quit') input.close();
  else if (command !== '') {
    try {
      console.log(
        commands[command] ? commands[command](words) : `There is no command '${command}'; help lists them.`,
      );
    } catch (error) {
      console.log((error as Error).message);
    }
  }
});
input.on('close', () => {
  board.end();
  pty.close();
  // A pipe that somebody holds open would keep the process.
  process.stdin.destroy();
});
process.on('SIGINT', () => input.close());
process.on('SIGTERM', () => input.close());
