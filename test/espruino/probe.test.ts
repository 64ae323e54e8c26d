// The doctor's probe (dist/probe.js) in the real interpreter: what it asks of pins and chips on a whole board and on
// broken ones, recorded on the emulated board and replayed byte for byte; and how few variables it needs, in an
// interpreter with a board's. Skipped with the reason where there is none.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'ava';
import { Recorder } from '../../host-tools/emulator/recording.ts';
import type { WireFault } from '../../host-tools/emulator/wiring-faults.ts';
import { gather } from '../../host-tools/device/doctor/gather.ts';
import { boardTexts, probeWorld, wiringFrom } from '../device/doctor/rig.ts';
import { findInterpreters } from './interpreters.ts';
import { replay } from './replay.ts';

const { found, reason, small, smallReason } = findInterpreters();
const probe = readFileSync('dist/probe.js', 'utf8');
/** The replay asks for what the firmware's global is called. */
const renamed = `${probe}var hairpin=probe;`;

const boards: Record<string, [wire: string, fault: WireFault][]> = {
  'a whole board': [],
  'MISO of the WAN module open': [['wan.miso', 'open']],
};

if (found.length === 0) test.skip(`SKIPPED, real interpreter: ${reason}`, () => {});

for (const [index, interpreter] of found.entries()) {
  for (const [name, breaks] of Object.entries(boards)) {
    test(`${basename(interpreter)} ${index + 1}: ${name}, byte for byte`, async (t) => {
      const recorder = new Recorder();
      const world = probeWorld(boardTexts.shared, { bundle: renamed, recorder });
      for (const [wire, fault] of breaks) world.board.breakWire(wire, fault);
      let answers = 0;
      const ask = async (request: string): Promise<unknown> => {
        // Only the interpreter itself can say what it is.
        if (request === 'identity') return { ok: true };
        answers++;
        return JSON.parse(world.board.hairpin(request));
      };
      await gather(ask, { wiring: wiringFrom(boardTexts.shared), pause: async (ms) => world.run(ms * 1000) });
      const result = await replay(interpreter, renamed, recorder.events);
      t.is(result.difference, '');
      t.is(result.answers, answers);
      t.true(answers > 20);
    });
  }

  test(`${basename(interpreter)} ${index + 1}: it says what the interpreter is`, (t) => {
    const answer = evaluate(interpreter, `${probe}print('IDENTITY '+probe('identity'));quit();`);
    const { ok, version, free, total } = JSON.parse(/IDENTITY (.*)/.exec(answer)![1]);
    t.true(ok);
    t.regex(version, /^2v\d+/);
    t.true(free > 0 && total > free);
  });
}

/** Free variables of a stock build with Bluetooth on, or less (docs/doctor.md). */
const stock = 2500;

if (small.length === 0) test.skip(`SKIPPED, interpreter with a board's variables: ${smallReason}`, () => {});

for (const [index, interpreter] of small.entries()) {
  test(`${basename(interpreter)} ${index + 1}: with ${stock} free variables it comes, answers everything and takes a third`, (t) => {
    const answer = evaluate(
      interpreter,
      `
var stage = { hog: [], text: ${JSON.stringify(probe)} };
Object.defineProperty(global, 'SPI2', { value: {
  setup: function () {},
  send: function (data) { var back = new Uint8Array(data.length); back.fill(4); return back; },
  write: function () {},
} });
Pin = function () { this.mode = function () {}; this.read = function () { return 1; }; this.write = function () {}; };
process.memory();
// Texts, because numbers would be packed; as many as leave what a board has, and the packet beside it.
while (process.memory(false).free > ${stock}) stage.hog.push('0123456789'.substr(0, 9));
stage.before = process.memory().free;
eval(stage.text);
stage.text = undefined;
stage.least = process.memory().free;
['use wan SPI2 D18 D19 D23 1000000 D25 D26 D13', 'use lan SPI2 D18 D19 D23 1000000 D32 D33 D14', 'identity',
 'lines wan', 'chip wan', 'miso lan', 'ladder wan 20000000', 'reset lan', 'interrupt wan', 'link lan'].forEach(function (request) {
  var answer = probe(request);
  if (answer.indexOf('{"ok":true') != 0) print('REFUSED ' + request + ' ' + answer);
});
print('MEMORY ' + JSON.stringify({ before: stage.before, least: stage.least, flags: E.getErrorFlags() }));
quit();`,
    );
    t.false(/REFUSED|OUT OF MEMORY/i.test(answer), answer.slice(-500));
    const { before, least, flags } = JSON.parse(/MEMORY (.*)/.exec(answer)![1]);
    t.deepEqual(flags, []);
    t.true(before <= stock && before > 1000, `${before} free at first`);
    t.true(before - least < stock / 3, `${before - least} variables`);
  });
}

/** Runs a script in the interpreter. @returns everything on the console */
function evaluate(interpreter: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hairpin-probe-'));
  try {
    writeFileSync(join(folder, 'script.js'), script);
    const { stdout, error } = spawnSync(interpreter, ['script.js'], {
      cwd: folder,
      encoding: 'latin1',
      timeout: 60_000,
    });
    if (error) throw new Error(`${interpreter} could not be run: ${error.message}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
