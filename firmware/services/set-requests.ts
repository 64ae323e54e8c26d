/**
 * `set KEY VALUE` and `set forward NAME hairpin MODE`: checked as part of the whole config, saved, and in force at once
 * where the router can change while it runs.
 */
import { forwardMode, policySwitch, policyWanDhcp, switches } from '../layout/arena.ts';
import { hairpinNames } from '../layout/ports.ts';
import { editForwardMode, editRemove, editValue, editWan } from '../config/edit.ts';
import type { Edit } from '../config/edit.ts';
import { ruleCount } from '../control/forwards.ts';
import { setPolicy } from '../control/policy.ts';
import { endFlowsOf } from '../control/sweep.ts';
import { changedSince, usedPlace, usedText } from './chosen-config.ts';
import { plainPlace } from './config-store.ts';
import { failure, success } from './replies.ts';
import { forwardNames } from './running.ts';
import { saveEdited } from './save.ts';

/** Keys whose value is text in the config. */
const textKeys = [
  'wan.address',
  'wan.gateway',
  'wan.mac',
  'lan.address',
  'lan.mac',
  'lan.domain',
  'lan.dhcp.first',
  'lan.dhcp.last',
  'nat.filterUdp',
  'nat.filterTcp',
  'dmz',
  'log.syslog',
];
/** Those of them that "none" takes out. */
const removableKeys = ['dmz', 'log.syslog'];
/** Keys whose value is a number, true or false. */
const plainKeys = [
  'wan.mtu',
  'lan.dhcp.lease',
  'nat.hairpinDynamic',
  'nat.wanIcmpErrors',
  'nat.natPmp',
  'nat.timeouts.udp',
  'nat.timeouts.tcpEstablished',
  'nat.timeouts.tcpTransitory',
  'nat.timeouts.icmp',
];

/** The answer to `set ...`. */
export function setText(words: string[]): string {
  if (words[1] == 'forward') return setForwardMode(words);
  const key = words[1];
  const isText = textKeys.indexOf(key) >= 0;
  if (!isText && plainKeys.indexOf(key) < 0)
    return failure(
      'set: expected "set forward NAME hairpin MODE", or "set KEY VALUE" with one of the keys ' +
        textKeys.join(', ') +
        ', ' +
        plainKeys.join(', ') +
        '.',
    );
  if (key == 'wan.address') return setWan(words);
  const value = words[2];
  if (!value || words[3]) return failure('set: expected one value behind ' + key + '.');
  return setKey(key, isText || !isPlain(value) ? JSON.stringify(value) : value);
}

/** The address and, unless it is the ISP who tells it, the gateway: neither may stay without the other being right. */
function setWan(words: string[]): string {
  const address = words[2];
  const gateway = words[4];
  const count = words.length;
  const isSubnet = !!address && address.indexOf('/') > 0;
  if ((!isSubnet && address != 'dhcp') || (count > 3 && (count != 5 || words[3] != 'gateway' || !gateway)))
    return failure(
      'set: expected "set wan.address ADDRESS/PREFIX", with "gateway ADDRESS" behind it, or "dhcp".',
    );
  if (!gateway && address != 'dhcp' && switches[policySwitch] & policyWanDhcp)
    return failure(
      'set: expected "set wan.address ' +
        address +
        ' gateway ADDRESS", because so far the ISP tells the gateway.',
    );
  const text = usedText();
  if (!text) return failure(changedSince());
  const value = JSON.stringify(address);
  const isBoth = gateway || address == 'dhcp';
  const edit = isBoth ? editWan(text, address, gateway || '') : editValue(text, 'wan.address', value);
  return saveKey(text, edit, 'wan.address', value);
}

/** A number, true or false, as JSON has them. */
function isPlain(value: string): boolean {
  return value == 'true' || value == 'false' || '' + parseInt(value, 10) == value;
}

function setKey(key: string, value: string): string {
  const text = usedText();
  if (!text) return failure(changedSince());
  if (value == '"none"' && removableKeys.indexOf(key) >= 0)
    return saveKey(text, editRemove(text, key), key, 'null');
  return saveKey(text, editValue(text, key, value), key, value);
}

/** @param value as JSON has it, for the answer */
function saveKey(text: string, edit: Edit, key: string, value: string): string {
  const saved = saveEdited(text, edit, 'set');
  if (typeof saved == 'string') return failure(saved);
  const now = key.indexOf('nat.') == 0;
  if (now) setPolicy(saved.config.nat);
  return success({ set: key, value: JSON.parse(value), restart: !now });
}

/** Saved when the config is a stored one; with a plain `config.json` until the next start, and `saved` says so. */
function setForwardMode(words: string[]): string {
  if (words[3] != 'hairpin') return failure('set: expected "set forward NAME hairpin MODE".');
  const names = forwardNames();
  if (typeof names == 'string') return failure(names);
  const rule = names.indexOf(words[2]);
  const mode = hairpinNames.indexOf(words[4]);
  if (rule < 0)
    return failure('set: no forward is named "' + words[2] + '". Known: ' + names.join(', ') + '.');
  if (mode < 0)
    return failure('set: expected one of ' + hairpinNames.join(', ') + ', but got "' + words[4] + '".');
  const isStored = usedPlace() != plainPlace;
  if (isStored) {
    const text = usedText();
    const saved = saveEdited(text, editForwardMode(text, rule, words[4]), 'set');
    if (typeof saved == 'string') return failure(saved);
  }
  // One that was added for addresses to come is no rule yet.
  if (rule < ruleCount()) {
    forwardMode[rule] = mode;
    endFlowsOf(rule);
  }
  return success({ forward: words[2], hairpin: words[4], saved: isStored });
}
