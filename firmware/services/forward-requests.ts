/**
 * `forward add ...` and `forward remove NAME`: checked as part of the whole config, saved, and in force at once. Flows of
 * other rules go on; those of a removed rule end.
 */
import { configuredLan, policySwitch, policyWanDhcp, served, switches } from '../layout/arena.ts';
import { maskOf } from '../config/address.ts';
import { editAddForward, editRemoveForward } from '../config/edit.ts';
import type { Config } from '../config/schema.ts';
import { lanHostMask, publicAddress } from '../control/addresses.ts';
import { addForward, removeForward } from '../control/forward-changes.ts';
import { ruleCount } from '../control/forwards.ts';
import { movedBy } from '../control/policy.ts';
import { swap32 } from '../wire/order.ts';
import { changedSince, usedText } from './chosen-config.ts';
import { failure, success } from './replies.ts';
import { forwardNames } from './running.ts';
import { saveEdited } from './save.ts';
import type { Saved } from './save.ts';

/** The answer to `forward ...`. */
export function forwardText(words: string[]): string {
  const names = forwardNames();
  const text = usedText();
  if (typeof names == 'string' || !text) return failure(changedSince());
  if (words[1] == 'add' && words.length >= 6) return add(words, names, text);
  if (words[1] == 'remove' && words.length == 3) return remove(words[2], names, text);
  return failure(
    'forward: expected "forward add NAME tcp|udp|both PORT TO [from SUBNET] [hairpin MODE]" or "forward remove NAME".',
  );
}

function add(words: string[], names: string[], text: string): string {
  const name = words[2];
  if (names.indexOf(name) >= 0)
    return failure(
      'forward add: there is a forward named "' + name + '" already. Remove it first, or take another name.',
    );
  const entry = entryOf(words);
  if (!entry)
    return failure('forward add: expected "from SUBNET" or "hairpin MODE" behind ' + words[5] + '.');
  const saved = saveEdited(text, editAddForward(text, names.length, entry), 'forward add');
  if (typeof saved == 'string') return failure(saved);
  // Not in front of one that waits for a restart: names and rules go by the same numbers.
  const now = isForHere(saved.config) && ruleCount() == names.length;
  if (now) {
    const rule = saved.config.forwards[names.length];
    rule.to = swap32(swap32(rule.to) ^ movedBy());
    addForward(rule);
  }
  return done(name, saved, now);
}

function remove(name: string, names: string[], text: string): string {
  const rule = names.indexOf(name);
  if (rule < 0)
    return failure('forward remove: no forward is named "' + name + '". Known: ' + names.join(', ') + '.');
  const saved = saveEdited(text, editRemoveForward(text, names.length, rule), 'forward remove');
  if (typeof saved == 'string') return failure(saved);
  // One that was added for addresses to come is no rule yet.
  if (rule < ruleCount()) removeForward(rule);
  return done(name, saved, true);
}

function done(name: string, saved: Saved, now: boolean): string {
  return success({
    forward: name,
    forwards: saved.config.forwards.length,
    restart: !now,
    warnings: saved.warnings,
  });
}

/** The forward as JSON, or empty. A port is a number if it can be. */
function entryOf(words: string[]): string {
  const port = words[4];
  const count = words.length;
  let entry =
    '{"name":' +
    JSON.stringify(words[2]) +
    ',"proto":' +
    JSON.stringify(words[3]) +
    ',"port":' +
    ('' + parseInt(port, 10) == port ? port : JSON.stringify(port)) +
    ',"to":' +
    JSON.stringify(words[5]);
  for (let i = 6; i < count; i += 2) {
    if ((words[i] != 'from' && words[i] != 'hairpin') || !words[i + 1]) return '';
    entry += ',"' + words[i] + '":' + JSON.stringify(words[i + 1]);
  }
  return entry + '}';
}

/** Whether a config has the addresses that the router started with: others were set, and wait for a restart. */
function isForHere(config: Config): boolean {
  const isLeased = (switches[policySwitch] & policyWanDhcp) != 0;
  return (
    config.wan.dhcp == isLeased &&
    (isLeased || config.wan.address == swap32(publicAddress)) &&
    config.lan.address == swap32(served[configuredLan]) &&
    maskOf(config.lan.prefix) == ~lanHostMask >>> 0
  );
}
