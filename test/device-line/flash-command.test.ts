/* `hairpin flash` as somebody types it, over a pseudo-terminal, in real time: a bare board becomes a router. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readRelease } from '../../host-tools/device/flash/release.ts';
import { realTime } from '../../host-tools/device/serial/time.ts';
import { hairpin } from '../cli/command.ts';
import { fakeRelease, writeFiles } from '../device/board/fake-release.ts';
import { openPty } from '../device/board/pty.ts';
import { SoftChip, type SoftChipOptions } from '../device/flash/soft-chip.ts';
import { softEspruino } from '../device/flash/soft-espruino.ts';

const root = mkdtempSync(join(tmpdir(), 'hairpin-flash-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
const folder = writeFiles(join(root, 'espruino_2v29_esp32'), fakeRelease());
const config = 'hairpin.example.json';

interface Report {
  schema: string;
  release: { images: { outcome: string }[] };
  bluetooth: string;
  files: { name: string; written: boolean }[];
  status: { ok: boolean };
}

/** A chip behind a pseudo-terminal, without reset lines. */
function plugIn(options: SoftChipOptions) {
  const pty = openPty();
  const application = softEspruino({ release: readRelease(folder), time: realTime, startTime: 100 });
  const soft = new SoftChip({ ...options, lines: false, anySpeed: true, application });
  soft.line.onBytes((bytes) => pty.write(bytes));
  // A port closed in the middle leaves a chip that is not there any more.
  pty.onBytes((bytes) => void soft.line.write(bytes).catch(() => {}));
  const unplug = () => {
    soft.unplug();
    pty.close();
  };
  return { path: pty.path, soft, unplug };
}

test.serial('a bare board, with BOOT held: --json tells what was done, and is all there is', async (t) => {
  const { path, unplug } = plugIn({ bootHeld: true });
  t.teardown(unplug);
  const { exitCode, out, err } = await hairpin([
    'flash',
    ...['--espruino', folder, '--config', config, '--port', path, '--json'],
  ]);
  t.is(err, '');
  t.is(exitCode, 0);
  const report = JSON.parse(out) as Report;
  t.is(report.schema, 'hairpin.flash/1');
  t.deepEqual(
    report.release.images.map(({ outcome }) => outcome),
    ['written', 'written', 'written'],
  );
  t.is(report.bluetooth, 'switched off');
  t.deepEqual(
    report.files.map(({ name }) => name),
    ['board.json', 'config.a', '.boot0'],
  );
  t.true(report.status.ok);
});

test.serial('what is wrong in what was named is said before the port is opened', async (t) => {
  const wrong = join(root, 'wrong.json');
  writeFileSync(wrong, '{ "wan": 1 }');
  const nowhere = ['--port', '/dev/there-is-no-board'];
  for (const [words, sentence] of [
    [['--config', wrong], /wrong\.json/],
    [['--erase'], /--erase takes Espruino off .* --espruino PATH/],
    [['--baud', '9600'], /--baud 9600: expected a speed/],
    [['--board', 'esp8266'], /There is no board 'esp8266'/],
    [['--espruino', root + '/nowhere'], /There is no release of Espruino/],
    [[], /\/dev\/there-is-no-board cannot be opened/],
  ] as const) {
    const { exitCode, out, err } = await hairpin(['flash', ...words, ...nowhere]);
    t.is(exitCode, 2);
    t.is(out, '');
    t.regex(err, sentence);
  }
});
