/** A whole examination, from the port to the cables, of boards in software. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { type ExamineOptions, Examiner } from '../../../host-tools/device/doctor/examine.ts';
import { exitCodeOf } from '../../../host-tools/device/doctor/findings.ts';
import { type Examination, reportText } from '../../../host-tools/device/doctor/report.ts';
import { pause } from '../../../host-tools/device/serial/time.ts';
import { VirtualTime } from '../board/virtual-time.ts';
import { causes } from './rig.ts';
import { type SoftBoard, type SoftBoardOptions, softBoard, usualFiles } from './soft-board.ts';

const probe = readFileSync('dist/probe.js', 'utf8');
const firmware = readFileSync('dist/firmware.js', 'utf8');
const config = readFileSync('hairpin.example.json', 'utf8');
const nothing: ExamineOptions = { port: undefined, probe: false, board: undefined };
const bare: SoftBoardOptions = { files: usualFiles };
const router: SoftBoardOptions = { files: { ...usualFiles, 'config.json': config }, bundle: firmware };

async function examine(board: SoftBoard, options: Partial<ExamineOptions> = {}): Promise<Examination> {
  const examiner = new Examiner(
    { ...nothing, ...options },
    { open: async () => board.line, time: board.time, probeCode: async () => probe, say: () => {} },
  );
  try {
    await examiner.run();
    await examiner.tidy();
  } finally {
    board.stop();
  }
  return examiner.result;
}

const steps = ({ findings }: Examination) => [...new Set(findings.map(({ step }) => step))];
const afterProbe = ['memory', 'radios', 'chips', 'clock', 'reset', 'interrupt', 'links'];

test('a bare board, well wired: every step is ok, and it is restarted', async (t) => {
  const board = softBoard(bare);
  const result = await examine(board);
  t.deepEqual(causes(result.findings), [], reportText(result));
  t.is(exitCodeOf(result.findings), 0);
  t.deepEqual(steps(result), ['port', 'answer', 'interpreter', 'board file', ...afterProbe]);
  t.deepEqual(board.world.board.restarts, ['reboot']);
});

test('a bare board with a broken wire: that is what is wrong', async (t) => {
  const board = softBoard(bare);
  board.world.board.breakWire('lan.select', 'open');
  const result = await examine(board);
  t.deepEqual(causes(result.findings), ['select-open lan'], reportText(result));
  t.is(exitCodeOf(result.findings), 1);
});

test('a router that runs is asked and goes on running', async (t) => {
  const board = softBoard(router);
  const result = await examine(board);
  t.deepEqual(causes(result.findings), [], reportText(result));
  t.is(result.line?.answering, 'console');
  t.is((result.router?.status as { version?: string }).version, '0.1.0');
  t.truthy(result.router?.counters?.counters);
  t.is(result.probe, undefined);
  t.deepEqual(board.world.board.restarts, []);
});

test('with --probe it is restarted into the probe, and into the router again', async (t) => {
  const board = softBoard(router);
  board.world.board.breakWire('wan.interrupt', 'open');
  const result = await examine(board, { probe: true });
  t.deepEqual(causes(result.findings), ['interrupt-open wan'], reportText(result));
  t.deepEqual(board.world.board.restarts, ['reboot', 'reboot']);
  t.is(result.findings.at(-1)!.sentence, 'The router runs again.');
});

for (const after of [0, 300, 1500]) {
  test(`Ctrl-C ${after} ms after the router was asked to step aside: it runs again`, async (t) => {
    const board = softBoard(router);
    let asked = (): void => {};
    const stepsAside = new Promise<void>((resolve) => (asked = resolve));
    const examiner = new Examiner(
      { ...nothing, probe: true },
      {
        open: async () => board.line,
        time: board.time,
        probeCode: async () => probe,
        say: (sentence) => sentence.includes('without its router') && asked(),
      },
    );
    try {
      const run = examiner.run().catch(() => {});
      await stepsAside;
      await pause(board.time, after);
      await examiner.tidy();
      await run;
    } finally {
      board.stop();
    }
    // What was under way may still find its line gone.
    t.true(examiner.result.findings.some(({ sentence }) => sentence === 'The router runs again.'));
    t.deepEqual(board.world.board.restarts, ['reboot', 'reboot']);
  });
}

test('a router whose module is dead says so, and points to the probe', async (t) => {
  const board = softBoard(router);
  board.world.board.breakWire('lan.power', 'open');
  await pause(board.time, 20_000);
  const result = await examine(board);
  t.deepEqual(causes(result.findings), ['chip-down lan'], reportText(result));
  t.regex(reportText(result), /--probe/);
});

test('a router that stands still says why', async (t) => {
  const board = softBoard({ files: usualFiles, bundle: firmware });
  const result = await examine(board);
  t.deepEqual(causes(result.findings), ['standstill'], reportText(result));
  t.regex(reportText(result), /config/);
});

const boards: [name: string, options: SoftBoardOptions, says: string[]][] = [
  ['too little memory', { ...bare, free: 2300 }, ['memory']],
  ['an old interpreter', { ...bare, version: '2v21' }, ['old-interpreter']],
  ['another chip', { ...bare, name: 'ESP32C3' }, ['other-board']],
  ['no board file', { files: { 'board.json': '' } }, ['no-board-file']],
  ['a board file that is refused', { files: { 'board.json': '{"board":"x"}' } }, ['board-file']],
  ['nothing on the line', { ...bare, dead: true }, ['silence']],
  [
    'a start that loops',
    {
      ...bare,
      dead: true,
      startText: 'rst:0x10 (RTCWDT_RTC_RESET),boot:0x33\r\nflash read err, 1000\r\n'.repeat(4),
    },
    ['flash-read'],
  ],
];
for (const [name, options, says] of boards) {
  test(`what else may be wrong: ${name}`, async (t) => {
    const files = options.files['board.json'] === '{"board":"x"}' ? usualFiles : options.files;
    const board = softBoard({ ...options, files: files['board.json'] ? files : usualFiles });
    if (files !== options.files) board.world.board.storage.write('board.json', options.files['board.json']);
    if (!files['board.json']) board.world.board.storage.erase('board.json');
    const result = await examine(board);
    t.deepEqual(causes(result.findings), says, reportText(result));
    for (const finding of result.findings.filter(({ verdict }) => verdict === 'bad')) {
      t.truthy(finding.cause);
      t.truthy(finding.remedy);
    }
  });
}

test('a port that does not open is the first thing wrong', async (t) => {
  const sentence = '/dev/ttyUSB0 cannot be opened: add yourself to group dialout.';
  const examiner = new Examiner(nothing, {
    open: () => Promise.reject(new UserError(sentence)),
    time: new VirtualTime(),
    probeCode: async () => probe,
    say: () => {},
  });
  await examiner.run();
  await examiner.tidy();
  t.deepEqual(examiner.result.findings, [{ step: 'port', verdict: 'bad', id: 'port-trouble', sentence }]);
});

/** Bytes that a whole run sends to a bare board; and the cable pulled at so many places between. */
const places = 24;

test('the cable pulled at any place: it ends, says so, and keeps what was found before', async (t) => {
  const whole = softBoard(bare);
  const all = (await examine(whole)).findings.length;
  const fewer: number[] = [];
  for (let place = 0; place < places; place++) {
    const board = softBoard({ ...bare, pulledAfter: Math.floor((whole.received() * place) / places) });
    const result = await examine(board);
    const pulled = result.findings.filter(({ id }) => id === 'port-trouble');
    t.is(pulled.length, 1, reportText(result));
    t.regex(pulled[0].sentence, /gone/);
    t.is(exitCodeOf(result.findings), 1);
    fewer.push(result.findings.length);
  }
  t.true(fewer[0] < all && fewer.at(-1)! > fewer[0], fewer.join());
});
