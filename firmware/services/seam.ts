/**
 * The seam: one request line in, one JSON line out. Everything a host tool knows about a running router comes
 * through here. Answers are `{"ok":true,...}` or `{"ok":false,"error":"sentence"}`.
 */
import {
  clock,
  counter,
  flowCount,
  flowState,
  forwardMode,
  hopSlots,
  linkLan,
  linkWan,
  neighbourAddress,
  neighbourMacs,
  neighbourSeen,
  neighbourState,
  neighbourTries,
  rowHop,
  rowPorts,
  rowSource,
  switches,
  chipLan,
  chipWan,
} from '../layout/arena.ts';
import { hairpinNames, wanPort } from '../layout/ports.ts';
import { counterNames, fastForwarded, looked, receivedLan, receivedWan } from '../layout/reasons.ts';
import { version } from '../layout/version.ts';
import type { Config } from '../config/schema.ts';
import { describeConfig } from '../config/describe.ts';
import { endpointsInUse } from '../control/endpoints.ts';
import { flowsInUse, originalRow, partnerOf, targetOf } from '../control/flows.ts';
import { forwardNamed, forwardNames } from '../control/forwards.ts';
import { portOf } from '../control/hops.ts';
import { ages, heldNow } from '../control/neighbours.ts';
import { protocolOf, stateMask, stateNames } from '../control/states.ts';
import { endFlowsOf, idleSeconds } from '../control/sweep.ts';
import { setTrace } from '../control/trace.ts';
import { traceEntries } from './trace-text.ts';
import { macText, numberText, tupleText, addressText } from './text.ts';

/** Flows listed in one answer, some 150 characters each: a long line costs memory that a busy board may not have. */
const flowsPerAnswer = 8;

let config: Config | undefined;
/** Why there is no config; empty when there is one. */
let reason = '';
let uptime: () => number;
let traceChanged: (on: boolean) => void;
let countReceived: () => void;

/**
 * Hands over what the answers need from rooms this one may not know.
 * @param given the config that the router runs with, or the sentence that says why it does not run
 * @param tracing told when the trace is switched
 * @param counting brings the counters of received frames up to date
 */
export function openSeam(
  given: Config | string,
  seconds: () => number,
  tracing: (on: boolean) => void,
  counting: () => void,
): void {
  config = typeof given == 'string' ? undefined : given;
  reason = typeof given == 'string' ? given : '';
  uptime = seconds;
  traceChanged = tracing;
  countReceived = counting;
}

type Answer = { [key: string]: unknown };

/** Answers one request line. Never throws. */
export function answer(line: string): string {
  const words = line.split(' ');
  const known = Object.keys(requests);
  // Not a plain lookup: every object has a `toString`.
  if (known.indexOf(words[0]) < 0)
    return failure('Unknown request "' + words[0] + '". Known: ' + known.join(', ') + '.');
  return requests[words[0]](words);
}

function success(result: Answer): string {
  result.ok = true;
  return JSON.stringify(result);
}

function failure(sentence: string): string {
  return JSON.stringify({ ok: false, error: sentence });
}

function standstill(): string {
  return failure('The router is not running. ' + reason);
}

function side(address: number, chip: number, link: number): Answer {
  return { address: numberText(address), chip: switches[chip] == 1, link: !!switches[link] };
}

function status(): string {
  if (!config) return standstill();
  return success({
    version: version,
    uptime: uptime(),
    wan: side(config.wan.address, chipWan, linkWan),
    lan: side(config.lan.address, chipLan, linkLan),
    flows: flowsInUse,
    endpoints: endpointsInUse,
    held: heldNow(),
  });
}

function counters(): string {
  const result: Answer = {};
  countReceived();
  counter[fastForwarded] = counter[receivedWan] + counter[receivedLan] - counter[looked];
  for (let i = 0; i < counterNames.length; i++) if (counterNames[i]) result[counterNames[i]] = counter[i];
  return success({ counters: result });
}

function flowText(flow: number): Answer {
  const state = flowState[flow] & stateMask;
  const row = originalRow(flow);
  const reply = partnerOf(row);
  const protocol = protocolOf(state);
  return {
    proto: protocol == 6 ? 'tcp' : protocol == 17 ? 'udp' : 'icmp',
    original: tupleText(rowSource[row], targetOf(row), rowPorts[row]),
    reply: tupleText(rowSource[reply], targetOf(reply), rowPorts[reply]),
    state: stateNames[state],
    settled: rowHop[row] != 0 && rowHop[reply] != 0,
    idle: idleSeconds(flow),
  };
}

/** `flows [from]`: at most so many from that slot on, and where to go on. */
function flows(words: string[]): string {
  let flow = Number(words[1] || 1);
  let list = '';
  let listed = 0;
  if (!(flow >= 1 && flow <= flowCount && flow == Math.floor(flow)))
    return failure('flows: expected a slot from 1 to ' + flowCount + '.');
  while (flow <= flowCount && listed < flowsPerAnswer) {
    if (flowState[flow]) {
      list += (listed ? ',' : '') + JSON.stringify(flowText(flow));
      listed++;
    }
    flow++;
  }
  return '{"flows":[' + list + '],"next":' + (flow <= flowCount ? flow : null) + ',"ok":true}';
}

const neighbourStates = ['unused', 'asking', 'reachable', 'silent'];

function neighbours(): string {
  const list: Answer[] = [];
  for (let hop = 1; hop < hopSlots; hop++) {
    if (!ages(hop) || !neighbourState[hop]) continue;
    list.push({
      side: portOf(hop) == wanPort ? 'wan' : 'lan',
      address: addressText(neighbourAddress[hop]),
      mac: macText(neighbourMacs, 12 * hop),
      state: neighbourStates[neighbourState[hop]],
      age: (clock[0] - neighbourSeen[hop]) & 65535,
      tries: neighbourTries[hop],
    });
  }
  return success({ neighbours: list });
}

function showConfig(): string {
  if (!config) return standstill();
  return '{"ok":true,"config":' + describeConfig(config) + '}';
}

function trace(words: string[]): string {
  if (words[1] == 'read') return success({ trace: traceEntries() });
  if (words[1] != 'on' && words[1] != 'off') return failure('trace: expected on, off or read.');
  setTrace(words[1] == 'on');
  traceChanged(words[1] == 'on');
  return success({ trace: words[1] });
}

/** `set forward NAME hairpin MODE`: until the next boot. */
function set(words: string[]): string {
  const rule = forwardNamed(words[2]);
  const mode = hairpinNames.indexOf(words[4]);
  if (words[1] != 'forward' || words[3] != 'hairpin')
    return failure('set: expected "set forward NAME hairpin MODE".');
  if (rule < 0)
    return failure('set: no forward is named "' + words[2] + '". Known: ' + forwardNames.join(', ') + '.');
  if (mode < 0)
    return failure('set: expected one of ' + hairpinNames.join(', ') + ', but got "' + words[4] + '".');
  forwardMode[rule] = mode;
  if (config) config.forwards[rule].hairpin = hairpinNames[mode] as Config['forwards'][0]['hairpin'];
  endFlowsOf(rule);
  return success({ forward: words[2], hairpin: words[4] });
}

const requests: { [name: string]: (words: string[]) => string } = {
  status: status,
  counters: counters,
  flows: flows,
  neighbours: neighbours,
  config: showConfig,
  trace: trace,
  set: set,
  version: function () {
    return success({ version: version });
  },
};
