// A board in software with the bundle on it, and somebody at its serial line. Virtual time.
import { readFileSync } from 'node:fs';
import { World } from '../../host-tools/emulator/world.ts';
import { configText } from '../scenes/cast.ts';

const bundle = readFileSync('dist/firmware.js', 'utf8');
const board = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

export class Terminal {
  readonly world: World;
  /** What the board sent since `take`. */
  sent = '';
  /** Characters of each piece that the board sent, and when, us. */
  readonly pieces: { at: number; characters: number }[] = [];

  constructor(files: Record<string, string> = {}) {
    this.world = new World({
      bundle,
      files: { 'board.json': board, 'config.json': configText('external'), ...files },
      print: () => {},
    });
    this.boot();
  }

  boot(): void {
    this.world.board.boot();
    this.world.board.line.onSent = (text) => {
      this.pieces.push({ at: this.world.clock.now(), characters: text.length });
      this.sent += text;
    };
  }

  /** Types, waits, and takes what came. */
  type(text: string, seconds = 2): string {
    this.world.board.line.receive(text);
    this.world.run(seconds * 1e6);
    return this.take();
  }

  take(): string {
    const text = this.sent;
    this.sent = '';
    return text;
  }

  /** A program's request. */
  ask(request: string): Record<string, unknown> {
    const line = this.type(`\x10${request}\n`)
      .split('\r\n')
      .find((text) => text.startsWith('{'));
    return JSON.parse(line ?? 'null') as Record<string, unknown>;
  }
}
