/**
 * The rules of `nat`: filters, switches and timeouts. Part of validate.ts; knows nothing of the rest of a config.
 */
import { member, readChoice, readNumber, readObject, readSwitch } from './expect.ts';
import type { Check } from './expect.ts';
import type { JsonValue } from './json.ts';
import { filterModes, maxTimeout, natKeys, timeoutRules } from './schema.ts';
import type { FilterMode, NatConfig, Timeouts } from './schema.ts';

function readTimeouts(check: Check, value: JsonValue | undefined): Timeouts {
  const keys: string[] = [];
  for (let i = 0; i < timeoutRules.length; i++) keys.push(timeoutRules[i].key);
  const object = readObject(check, 'nat.timeouts', value, '', keys);
  const timeouts: Timeouts = { udp: 0, tcpEstablished: 0, tcpTransitory: 0, icmp: 0 };
  for (let i = 0; i < timeoutRules.length; i++) {
    const rule = timeoutRules[i];
    const expected =
      'a number of seconds from ' + rule.least + ' (' + rule.source + ' asks for no less) to ' + maxTimeout;
    const path = 'nat.timeouts.' + rule.key;
    timeouts[rule.key] = readNumber(
      check,
      path,
      member(object, rule.key),
      expected,
      rule.least,
      maxTimeout,
      rule.initial,
    );
  }
  return timeouts;
}

function readFilter(check: Check, path: string, value: JsonValue | undefined): FilterMode {
  return readChoice(check, path, value, filterModes, filterModes[0]);
}

/** Reads the object; a config without one has the defaults. @overlay */
export function readNat(check: Check, value: JsonValue | undefined): NatConfig {
  const object = readObject(check, 'nat', value, '', natKeys);
  return {
    filterUdp: readFilter(check, 'nat.filterUdp', member(object, 'filterUdp')),
    filterTcp: readFilter(check, 'nat.filterTcp', member(object, 'filterTcp')),
    hairpinDynamic: readSwitch(check, 'nat.hairpinDynamic', member(object, 'hairpinDynamic'), true),
    wanIcmpErrors: readSwitch(check, 'nat.wanIcmpErrors', member(object, 'wanIcmpErrors'), false),
    natPmp: readSwitch(check, 'nat.natPmp', member(object, 'natPmp'), false),
    timeouts: readTimeouts(check, member(object, 'timeouts')),
  };
}
