/**
 * Every request of the seam, and every sentence with which one is refused.
 */
import assert from 'node:assert/strict';
import { macOf } from '../../control/table.ts';
import { ping, tcp, udp } from '../../wire/packets.ts';
import { configText } from './configs.ts';
import type { Subject } from './subject.ts';

const refusals = [
  ['', 'Unknown request'],
  ['nonsense', 'Known: status, counters'],
  ['toString', 'Unknown request'],
  ['flows 0', 'expected a slot'],
  ['flows 513', 'expected a slot'],
  ['flows 1.5', 'expected a slot'],
  ['flows x', 'expected a slot'],
  ['trace', 'expected on, off or read'],
  ['trace maybe', 'expected on, off or read'],
  ['set', 'set forward NAME'],
  ['set hairpin', 'set forward NAME'],
  ['set forward smtp mode none', 'set forward NAME'],
  ['set forward ftp hairpin none', 'Known: smtp, mail'],
  ['set forward smtp hairpin sideways', 'external, lan, dnat-only, none'],
];

export const seam: Subject = {
  title: 'seam',
  play(stage) {
    const router = stage.router();
    for (const [line, sentence] of refusals) assert.ok(router.refused(line).includes(sentence), line);
    router.lan(tcp('C:1', 'I:80', 'S'));
    router.lan(udp('C:65535', 'I:53'));
    router.lan(ping('C', 'I', 0x1234));
    for (let i = 0; i < 70; i++) router.lan(udp(`C:${1100 + i}`, 'I:53'));
    const requests = [
      'status',
      'counters',
      'flows',
      'flows 65',
      'flows 2',
      'forwards',
      'neighbours',
      'config',
      'version',
    ];
    for (const line of requests) router.ask(line);
    assert.equal(router.flows().length, 73, 'in several answers');
    router.leap(100_000);
    const { uptime } = router.ask('status');
    router.leap(0.6);
    assert.equal(router.ask('status').uptime, uptime, 'only whole seconds count');
    // A fault of the firmware's own: the frame is dropped, the router lives, the console says it once.
    router.lan(udp('S:1100', 'I:53', { ttl: 9 }));
    router.count();
    router.fail('E.hwRand');
    for (let i = 0; i < 2; i++) router.lan(udp('192.168.0.9:1100', 'I:53'), macOf('C'));
    router.counts('drop-exception', 'drop-exception');
    assert.equal(router.console.length, 1);
    assert.match(router.console[0], /please report it: Error: out of order/);
    router.fail('');
    router.lan(udp('192.168.0.9:1100', 'I:53'), macOf('C'));

    router.store('config.json', configText({ mtu: 1400 }));
    for (const line of ['config', 'forwards', 'set forward smtp hairpin none'])
      assert.ok(router.refused(line).includes('was changed'), line);
    router.store('config.json', configText());
    router.ask('config');

    const silent = stage.boot({ config: null });
    for (const line of ['status', 'config', 'forwards']) silent.refused(line);
    for (const line of ['counters', 'flows', 'neighbours', 'version', 'trace on', 'trace read'])
      silent.ask(line);
    silent.refused('set forward smtp hairpin none');
  },
};
