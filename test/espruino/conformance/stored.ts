/**
 * The stored config: saved, edited, pushed and read through the seam, chosen at the next start, damaged and cut short.
 */
import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { tcp } from '../../wire/packets.ts';
import { configText } from './configs.ts';
import type { Router } from './router.ts';
import type { Subject } from './subject.ts';

const refusals = [
  ['set nat.timeouts.udp 5', 'RFC 4787'],
  ['set nat.colour red', 'one of the keys'],
  ['set dmz', 'one value behind dmz'],
  ['set wan.mtu large', 'expected a number of bytes'],
  ['forward add late tcp 2222', 'forward: expected'],
  ['forward add smtp tcp 2222 192.168.0.2', 'already'],
  ['forward add late tcp 2222 192.168.0.2 via x', '"from SUBNET" or "hairpin MODE"'],
  ['forward add late tcp 2222 10.0.0.1', 'on the LAN'],
  ['forward remove late', 'Known: smtp'],
  ['stored read x', 'an offset from 0'],
  ['stored write 0 5 0 x', 'as a JSON string'],
  ['stored write 60 500 00000000 "x"', 'Begin at offset 0 again'],
  ['stored write 0 1 00000000 "x"', 'not 00000000'],
  ['stored write 0 1 8cdc1683 "x"', 'expected a value'],
  ['stored elsewhere', 'expected "stored"'],
  ['factory-reset', 'factory-reset yes'],
];

function push(router: Router, text: string): void {
  const crc = crc32(text).toString(16).padStart(8, '0');
  for (let at = 0; at < text.length; at += 100)
    router.ask(`stored write ${at} ${text.length} ${crc} ${JSON.stringify(text.slice(at, at + 100))}`);
}

/** A restart. @returns what the console says */
function again(router: Router): string {
  router.ask('reboot');
  router.turns(20);
  router.console.length = 0;
  router.boot();
  return router.console.join('\n');
}

/** Changes a letter of the newest copy that holds a text. @returns whether there was one */
function damage(router: Router, text: string): boolean {
  const { bytes } = router.world.board.storage.flash;
  const at = Buffer.from(bytes.buffer).lastIndexOf(text);
  if (at >= 0) bytes[at + 1] ^= 1;
  return at >= 0;
}

/** Leaves no room for another file, nor in the one that is used. */
function fill(router: Router): void {
  const { storage } = router.world.board;
  storage.write('big', 'x', 0, storage.getFree() - 1000);
  const content = storage.read('config.a') as string;
  let at = content.length;
  while (content[at - 1] === '\xff') at--;
  storage.write('config.a', 'x'.repeat(content.length - at), at);
}

const wan = '{ "wan": { "address": "12.0.0.1/24", "gateway": "12.0.0.254", "mac": "02:00:00:00:0c:01" },';
const lan = '  "lan": { "address": "192.168.0.1/24", "mac": "02:00:00:00:a8:01" }';
/** As little as can be. */
const bare = `${wan}\n${lan},\n  "dmz": "192.168.0.2" }`;
/** Laid out by a person, with a forward called by the name of a key. */
const laidOut = `${wan}\n${lan},\n  "forwards": [\n    { "name": "hairpin", "proto": "tcp", "port": 25, "to": "192.168.0.2" }\n  ]\n}\n`;

function layout(router: Router): void {
  router.ask('forward add mail tcp 26 192.168.0.2');
  router.ask('set forward hairpin hairpin lan');
  router.ask('forward remove hairpin');
}

/** Somebody has put another plain file there. */
function changed(router: Router): void {
  router.store('config.json', bare);
  for (const line of [
    'set nat.hairpinDynamic true',
    'set wan.address dhcp',
    'forward remove smtp',
    'set forward smtp hairpin lan',
  ])
    assert.ok(router.refused(line).includes('changed since'), line);
}

/** The WAN's address with its gateway or without, keys that "none" takes out, and one whose objects are not there yet. */
function wanAndNone(router: Router): void {
  const stored = () => {
    const { piece, next } = router.ask('stored read 0');
    return `${String(piece)}${next === null ? '' : String(router.ask(`stored read ${String(next)}`).piece)}`;
  };
  for (const rest of ['', ' dhcp gateway', ' 12.0.0.2/24 via 12.0.0.254'])
    assert.ok(router.refused(`set wan.address${rest}`).includes('"set wan.address ADDRESS/PREFIX"'), rest);
  router.ask('set wan.address 12.0.0.2/24');
  assert.ok(stored().startsWith('{ "wan": { "address": "12.0.0.2/24", "gateway": "12.0.0.254"'));
  router.ask('set wan.address dhcp');
  assert.ok(stored().startsWith('{ "wan": { "address": "dhcp", "mac"'));
  router.ask('set wan.address 12.0.0.1/24 gateway 12.0.0.253');
  assert.match(stored(), /"gateway": ?"12\.0\.0\.253"/);
  router.ask('set lan.dhcp.lease 600');
  assert.match(stored(), /"dhcp":\{"lease":600\}/);
  router.ask('set log.syslog 192.168.0.2');
  router.ask('set log.syslog none');
  for (let i = 0; i < 2; i++) assert.equal(router.ask('set dmz none').value, null);
  assert.doesNotMatch(stored(), /dmz|syslog/);
}

/** The head of the only copy cannot be read any more. */
function headless(router: Router): void {
  router.ask('set nat.timeouts.icmp 77');
  assert.ok(damage(router, '1 0000'));
  assert.match(again(router), /damaged/);
}

/** Storage fails while it is written to. */
function broken(router: Router): void {
  router.fail('Storage.write');
  for (const line of ['set nat.timeouts.icmp 78', 'stored write 0 500 00000000 "{"'])
    assert.match(router.refused(line), /Storage did not take .*out of order/);
  router.fail('');
  router.ask('set nat.timeouts.icmp 78');
}

/** A config that has no room for a character more. */
function full(router: Router): void {
  assert.ok(router.refused('set dmz 192.168.0.200').includes('at most 8192'));
}

/** What is not there yet is put in, and what was put in is taken out. */
function edits(router: Router): void {
  router.ask('set nat.hairpinDynamic false');
  router.ask('set nat.timeouts.udp 200');
  router.ask('set nat.filterTcp endpoint-independent');
  router.wan(tcp('I:1', 'P:2222', 'S'));
  router.ask('forward add first tcp 2222 192.168.0.2:22');
  assert.ok(router.refused('set forward first mode none').includes('set forward NAME'));
  router.ask('set forward first hairpin lan');
  router.ask('forward add second udp 53 192.168.0.2 hairpin external');
  router.ask('forward remove second');
  router.ask('forward add second udp 53 192.168.0.2 hairpin external');
  router.ask('forward remove first');
  router.ask('forward remove second');
  router.ask('forward add third both 99 192.168.0.2');
  assert.ok(router.refused('forward move third').includes('forward: expected'));
  assert.equal((router.ask('forwards').forwards as unknown[]).length, 1);
  router.ask('set wan.mtu 1400');
  router.ask('forward add fourth tcp 98 192.168.0.2');
  router.ask('config');
}

export const stored: Subject = {
  title: 'stored config',
  play(stage) {
    let router = stage.router();
    router.ask('stored');
    router.ask('set forward smtp hairpin lan');
    router.ask('set nat.timeouts.icmp 77');
    for (const [line, sentence] of refusals) assert.ok(router.refused(line).includes(sentence), line);
    router.ask('forward add late tcp 2222 192.168.0.2:22 from 198.51.100.0/24 hairpin none');
    assert.deepEqual(router.wan(tcp('I:1', 'P:2222', 'S')), ['lan S | tcp I:1 > S:22 S']);
    router.ask('set forward late hairpin dnat-only');
    router.ask('forward remove smtp');
    assert.equal(router.ask('set lan.address 192.168.0.254/24').restart, true);
    router.ask('stored read 0');
    const text = configText();
    push(router, text);
    assert.equal(router.ask('stored').running, false);
    for (const line of ['set dmz 192.168.0.7', 'forward remove late', 'set forward late hairpin lan'])
      assert.ok(router.refused(line).includes('changed since'), line);
    router.ask('config');

    again(router);
    router.ask('set forward smtp hairpin none');
    router.ask(`stored write 0 500 00000000 "{"`);
    // Begun anew with another text: the first is given up.
    router.ask(`stored write 0 400 00000000 "{"`);
    assert.match(again(router), /did not come to its end/);

    router = stage.router();
    router.ask('set nat.timeouts.icmp 77');
    router.ask('set forward smtp hairpin none');
    damage(router, '"none"');
    assert.match(again(router), /is damaged\. The one before it/);
    fill(router);
    for (const line of ['set nat.timeouts.icmp 78', 'forward remove smtp', 'set forward smtp hairpin lan'])
      assert.ok(router.refused(line).includes('"hairpin upload" makes room'), line);
    for (const text of ['"external"', '77']) while (damage(router, text));
    assert.match(again(router), /The stored config is damaged \(config\.a\)/);
    assert.ok(router.refused('set dmz 192.168.0.7').includes('not running'));
    edits(stage.boot({ config: bare }));
    layout(stage.boot({ config: laidOut }));
    headless(stage.boot({ config: bare }));
    wanAndNone(stage.boot({ config: bare }));
    broken(stage.boot({ config: bare }));
    assert.match(
      stage
        .boot({ config: bare.replace('"12.0.0.1/24", "gateway": "12.0.0.254"', '"dhcp"') })
        .refused('set wan.address 12.0.0.1/24'),
      /because so far the ISP tells the gateway/,
    );
    changed(stage.router());
    full(stage.boot({ config: bare + ' '.repeat(8192 - bare.length) }));
    assert.ok(stage.boot({ config: null }).refused('stored read 0').includes('there is no stored config'));
    router.ask('factory-reset yes');
    again(router);
    router.ask('status');
  },
};
