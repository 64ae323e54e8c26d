/* The monitor: what the board says is shown, what is typed is sent, a pulled cable is waited for, a text is expected. */
import test from 'ava';
import { Expectation } from '../../host-tools/device/monitor/expectation.ts';
import { type MonitorEnd, type MonitorEnds, watchBoard } from '../../host-tools/device/monitor/watch.ts';
import { pause } from '../../host-tools/device/serial/time.ts';
import { type LinePair, linePair } from './board/memory-line.ts';
import { VirtualTime } from './board/virtual-time.ts';

class Stage {
  readonly time = new VirtualTime();
  pair: LinePair | null = null;
  shown = '';
  said: string[] = [];
  heardByBoard = '';
  attempts = 0;
  type = (_: string): void => {};

  plugIn(): void {
    this.pair = linePair('/dev/ttyUSB0', this.time);
    this.pair.board.onBytes((bytes) => (this.heardByBoard += Buffer.from(bytes).toString('latin1')));
  }

  pull(): void {
    this.pair?.unplug();
    this.pair = null;
  }

  async sayFromBoard(text: string): Promise<void> {
    await this.pair!.board.write(Buffer.from(text, 'latin1'));
    await pause(this.time, 50);
  }

  start(expected?: MonitorEnds['expected']): Promise<MonitorEnd> {
    return watchBoard({
      open: () => {
        this.attempts++;
        return this.pair ? Promise.resolve(this.pair.host) : Promise.reject(new Error('not there'));
      },
      show: (bytes) => (this.shown += Buffer.from(bytes).toString('latin1')),
      say: (sentence) => void this.said.push(sentence),
      onTyped: (listener) => {
        this.type = (text) => listener(Buffer.from(text, 'latin1'));
        return () => (this.type = () => {});
      },
      time: this.time,
      expected,
    });
  }
}

test('shows what comes, sends what is typed, Ctrl-C too, and ends with Ctrl-]', async (t) => {
  const stage = new Stage();
  stage.plugIn();
  const ended = stage.start();
  await stage.sayFromBoard('hairpin> \xff\x00');
  stage.type('show ');
  stage.type('status\r\x03');
  stage.type('x');
  await pause(stage.time, 50);
  stage.type('\x1dnever sent');
  t.is(await ended, 'quit');
  t.is(stage.shown, 'hairpin> \xff\x00');
  await pause(stage.time, 50);
  t.is(stage.heardByBoard, 'show status\r\x03x');
  await t.throwsAsync(stage.pair!.host.write(Buffer.from('x')), undefined, 'the line is closed');
});

test('a port that is not there at the start is an error, not a wait', async (t) => {
  const stage = new Stage();
  await t.throwsAsync(stage.start(), { message: 'not there' });
});

test('a pulled cable is waited for, and everything goes on', async (t) => {
  const stage = new Stage();
  stage.plugIn();
  const ended = stage.start();
  await stage.sayFromBoard('before ');
  stage.pull();
  await pause(stage.time, 3000);
  stage.type('lost');
  t.true(stage.attempts > 4, 'it is tried again and again');
  stage.plugIn();
  await pause(stage.time, 1000);
  await stage.sayFromBoard('after');
  stage.type('heard');
  await pause(stage.time, 50);
  stage.type('\x1d');
  t.is(await ended, 'quit');
  t.is(stage.shown, 'before after');
  t.is(stage.heardByBoard, 'heard');
  t.deepEqual(stage.said, [
    '/dev/ttyUSB0 is gone; waiting for it to come back.',
    '/dev/ttyUSB0 is there again.',
  ]);
});

test('a line that fails otherwise than by a pulled cable ends nothing', async (t) => {
  const stage = new Stage();
  stage.plugIn();
  stage.pair!.host.write = () => Promise.reject(new Error('EIO: i/o error, write'));
  const ended = stage.start();
  await pause(stage.time, 10);
  stage.type('x');
  await pause(stage.time, 10);
  stage.type('y\x1d');
  t.is(await ended, 'quit');
});

test('the key also ends the wait for a cable', async (t) => {
  const stage = new Stage();
  stage.plugIn();
  const ended = stage.start();
  await pause(stage.time, 10);
  stage.pull();
  await pause(stage.time, 1200);
  stage.type('\x1d');
  t.is(await ended, 'quit');
});

test('an expected text ends it, also in pieces and over a pulled cable', async (t) => {
  const stage = new Stage();
  stage.plugIn();
  const ended = stage.start({ text: 'link up', withinMs: 10_000 });
  await stage.sayFromBoard('wan: lin');
  await stage.sayFromBoard('k do');
  stage.pull();
  await pause(stage.time, 2000);
  stage.plugIn();
  await pause(stage.time, 1000);
  await stage.sayFromBoard('li');
  await stage.sayFromBoard('nk up and more');
  t.is(await ended, 'found');
  t.true(stage.time.now() < 5000);
});

test('an expected text that does not come ends it in time, board or not', async (t) => {
  for (const pulled of [false, true]) {
    const stage = new Stage();
    stage.plugIn();
    const ended = stage.start({ text: 'link up', withinMs: 10_000 });
    await stage.sayFromBoard('link down');
    if (pulled) stage.pull();
    t.is(await ended, 'late');
    t.is(Math.floor(stage.time.now() / 1000), 10);
  }
});

test('a text is found however it is cut', (t) => {
  for (const text of ['a', 'aab', 'abcabd']) {
    for (const size of [1, 2, 3, 5, 100]) {
      const said = `aaaababcabcab${text}`;
      const expectation = new Expectation(text);
      const pieces = said.match(new RegExp(`.{1,${size}}`, 'g'))!;
      const found = pieces.findIndex((piece) => expectation.meets(piece));
      const end = said.indexOf(text) + text.length;
      t.is(found, Math.ceil(end / size) - 1, `${text} in pieces of ${size}`);
    }
  }
});
