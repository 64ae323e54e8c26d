/**
 * The guard in front of the firmware, and the console on the serial line: what people and programs type, in pieces, too
 * much of it, and the ways to leave.
 */
import assert from 'node:assert/strict';
import { tcp } from '../../wire/packets.ts';
import type { Router } from './router.ts';
import type { Stage, Subject } from './subject.ts';

function people(router: Router): void {
  assert.match(router.type('\r'), /^\r\nhairpin> $/);
  assert.match(router.type('help\r\n'), /show status/);
  for (const request of [
    'status',
    'counters',
    'config',
    'forwards',
    'neighbours',
    'version',
    'memory',
    'trace read',
  ])
    assert.match(router.type(`show ${request}\r`, 2), /hairpin> $/, request);
  assert.match(router.type('nonsense\r'), /Unknown request "nonsense"/);
  assert.equal(router.type('\x7f'), '');
  assert.match(
    ['sho', 'x', '\b', '\x1b[A', 'w version', '\r', '\n'].map((key) => router.type(key)).join(''),
    /version +\d/,
  );
  assert.match(
    router.type('x'.repeat(250)) + router.type('still') + router.type('more\r'),
    /longer than 240 characters/,
  );
  assert.match(router.type('reboot\x03'), /hairpin> $/);
}

function programs(router: Router): void {
  assert.match(router.type('\x10version\n'), /^\r\n\{.*\}\r\n$/);
  assert.equal(router.type('\x10version\n\x10version\n').match(/"version"/g)?.length, 2);
  assert.match(router.type('\x10reboot there\n'), /"ok":false/);
  // With the checksum of request and answer, small and large ones.
  for (let slot = 1; slot < 6; slot++)
    assert.match(router.type(`\x10#flows ${slot}\n`), /^\r\n#\d+ \{.*\}\r\n$/);
  // Lines that come while an answer goes out wait for its end.
  const { board } = router.world;
  for (const line of ['config', 'version', 'version']) {
    board.line.receive(`\x10${line}\n`);
    router.world.run(30_000);
  }
  assert.equal(router.type('').match(/"version"/g)?.length, 2);
  // An answer in many pieces, cut off; and one of several parts, with flows enough.
  router.world.board.line.receive('\x10config\n');
  router.world.run(60_000);
  router.type('\x03');
  for (let port = 1; port < 12; port++) router.lan(tcp(`C:${port}`, 'P:25', 'S'));
  assert.equal(router.type('show flows\r', 4).match(/tcp/g)?.length, 11);
}

function restart(router: Router): void {
  router.world.board.bite();
  router.boot();
}

function guard(stage: Stage): void {
  const failing = stage.router();
  failing.leap(29);
  failing.leap(1);
  for (let start = 0; start < 4; start++) restart(failing);
  assert.match(failing.refused('version'), /starts did not last/);
  restart(failing);
  failing.ask('version');

  const asked = stage.router();
  asked.type('\x10reboot\n');
  asked.boot();
  asked.type('\x10reboot repl\n');
  asked.boot();
  assert.match(asked.refused('version'), /restart without it/);

  // The requests themselves are seen at boards that do not come back.
  stage.router().type('\x10reboot\n');
  stage.router().type('\x10reboot repl\n');

  const held = stage.router();
  held.world.board.bootHeld = true;
  restart(held);
  assert.match(held.refused('version'), /BOOT button/);
}

export const console: Subject = {
  title: 'console',
  play(stage) {
    const router = stage.router();
    people(router);
    programs(router);
    router.type('re\x10\x05');
    router.ask('status');
    const other = stage.router();
    other.type('repl\r');
    other.ask('status');
    stage.boot({ config: '{' }).type('show status\r');
    guard(stage);
  },
};
