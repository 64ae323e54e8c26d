/**
 * The seam: one request line in, one JSON line out. Everything a host tool knows about a running router comes
 * through here. Answers are `{"ok":true,...}` or `{"ok":false,"error":"sentence"}`.
 *
 * Each request is an overlay: its functions and names exist while it is answered. Long answers are built as text,
 * entry by entry: as objects first, all entries together would take some 30 variables each.
 */
import {
  clock,
  counter,
  dmzRule,
  flowCount,
  flowState,
  forwardFlows,
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
  traceSwitch,
  chipLan,
  chipWan,
} from '../layout/arena.ts';
import { wanPort } from '../layout/ports.ts';
import {
  counterNames,
  dropOversize,
  fastForwarded,
  looked,
  receivedLan,
  receivedWan,
} from '../layout/reasons.ts';
import { version } from '../layout/version.ts';
import { parseAddress } from '../config/address.ts';
import { lanAddress, publicAddress } from '../control/addresses.ts';
import { endpointsInUse } from '../control/endpoints.ts';
import { dmzAddress, ruleCount } from '../control/forwards.ts';
import { flowsInUse, originalRow, partnerOf, targetOf } from '../control/flows.ts';
import { portOf } from '../control/hops.ts';
import { heldNow } from '../control/held.ts';
import { ages } from '../control/neighbours.ts';
import { protocolOf, stateMask, stateNames } from '../control/states.ts';
import { idleSeconds } from '../control/sweep.ts';
import { setTrace } from '../control/trace.ts';
import { memoryText, restartSoon } from './board-requests.ts';
import { captureText } from './capture-requests.ts';
import { clientsText } from './client-requests.ts';
import { logText } from './log-requests.ts';
import { beginPing, pingText } from './ping-requests.ts';
import { swap32 } from '../wire/order.ts';
import { configRequest } from './config-requests.ts';
import { leaseAnswer, leaseText } from './lease-requests.ts';
import { failure, success } from './replies.ts';
import type { Answer } from './replies.ts';
import { mappedRules } from './mapped-text.ts';
import { forwardNames, runningConfig } from './running.ts';
import { traceText } from './trace-text.ts';
import { addressText, macText, tupleText } from './text.ts';

/** Flows listed in one answer, some 150 characters each: a long line costs memory that a busy board may not have. */
const flowsPerAnswer = 8;

/** Why the router does not run; empty when it does. */
let reason = '';
let uptime: () => number;
let traceChanged: (on: boolean) => void;
let countReceived: () => void;

/**
 * Hands over what the answers need from rooms this one may not know.
 * @param standstill the sentence that says why the router does not run, or empty
 * @param tracing told whether trace or capture is on when they were switched
 * @param counting brings the counters of received frames up to date
 */
export function openSeam(
  standstill: string,
  seconds: () => number,
  tracing: (on: boolean) => void,
  counting: () => void,
): void {
  reason = standstill;
  uptime = seconds;
  traceChanged = tracing;
  countReceived = counting;
}

const requests = [
  'status',
  'counters',
  'flows',
  'forwards',
  'neighbours',
  'clients',
  'config',
  'log',
  'trace',
  'capture',
  'ping',
  'lease',
  'set',
  'forward',
  'stored',
  'factory-reset',
  'version',
  'memory',
  'reboot',
];

/**
 * Answers one request line. Never throws.
 * @overlay
 */
export function answer(line: string): string {
  const words = line.split(' ');
  const request = words[0];
  if (request == 'status') return status();
  if (request == 'counters') return counters();
  if (request == 'flows') return flows(words);
  if (request == 'forwards') return forwards();
  if (request == 'neighbours') return neighbours();
  if (request == 'clients') return clients(words);
  if (request == 'config') return showConfig();
  if (request == 'log') return log(words);
  if (request == 'trace') return trace(words);
  if (request == 'capture') return capture(words);
  if (request == 'ping') return ping(words);
  if (request == 'lease') return reason ? standstill() : leaseText(words);
  if (request == 'set' || request == 'forward' || request == 'stored' || request == 'factory-reset')
    return configRequest(line, words, reason && standstill());
  if (request == 'version') return success({ version: version });
  if (request == 'memory') return memoryText();
  if (request == 'reboot') return reboot(words);
  return failure('Unknown request "' + request + '". Known: ' + requests.join(', ') + '.');
}

function standstill(): string {
  return failure('The router is not running. ' + reason);
}

function side(address: number, chip: number, link: number): Answer {
  return { address: addressText(address), chip: switches[chip] == 1, link: !!switches[link] };
}

/** @overlay */
function status(): string {
  if (reason) return standstill();
  const wan = side(publicAddress, chipWan, linkWan);
  const lease = leaseAnswer(uptime());
  if (lease) wan.lease = lease;
  return success({
    version: version,
    uptime: uptime(),
    wan: wan,
    lan: side(lanAddress, chipLan, linkLan),
    flows: flowsInUse,
    endpoints: endpointsInUse,
    held: heldNow(),
  });
}

/** @overlay */
function counters(): string {
  countReceived();
  counter[fastForwarded] =
    counter[receivedWan] + counter[receivedLan] - counter[looked] - counter[dropOversize];
  let text = '{"counters":{';
  for (let i = 0; i < counterNames.length; i++) {
    if (counterNames[i]) text += (i ? ',"' : '"') + counterNames[i] + '":' + counter[i];
  }
  text += '},"ok":true}';
  return text;
}

function describeFlow(flow: number): Answer {
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

/**
 * `flows [from]`: at most so many from that slot on, and where to go on.
 * @overlay
 */
function flows(words: string[]): string {
  let flow = Number(words[1] || 1);
  let text = '{"flows":[';
  let listed = 0;
  if (!(flow >= 1 && flow <= flowCount && flow == Math.floor(flow)))
    return failure('flows: expected a slot from 1 to ' + flowCount + '.');
  while (flow <= flowCount && listed < flowsPerAnswer) {
    if (flowState[flow]) {
      text += (listed ? ',' : '') + JSON.stringify(describeFlow(flow));
      listed++;
    }
    flow++;
  }
  text += '],"next":' + (flow <= flowCount ? flow : null) + ',"ok":true}';
  return text;
}

/** The forwards and how many flows each has let in since boot; LAN hosts' own, and the DMZ host's, beside them. */
function forwards(): string {
  if (reason) return standstill();
  const names = forwardNames();
  if (typeof names == 'string') return failure(names);
  const list: Answer[] = [];
  const rules = ruleCount();
  for (let i = 0; i < rules; i++) list.push({ name: names[i], flows: forwardFlows[i] });
  return success({ forwards: list, mapped: mappedRules(), dmz: dmzAddress ? forwardFlows[dmzRule] : null });
}

const neighbourStates = ['unused', 'asking', 'reachable', 'silent'];

/** @overlay */
function neighbours(): string {
  let text = '{"neighbours":[';
  let comma = '';
  for (let hop = 1; hop < hopSlots; hop++) {
    if (!ages(hop) || !neighbourState[hop]) continue;
    text += comma + JSON.stringify(describeNeighbour(hop));
    comma = ',';
  }
  text += '],"ok":true}';
  return text;
}

function describeNeighbour(hop: number): Answer {
  return {
    side: portOf(hop) == wanPort ? 'wan' : 'lan',
    address: addressText(neighbourAddress[hop]),
    mac: macText(neighbourMacs, 12 * hop),
    state: neighbourStates[neighbourState[hop]],
    age: (clock[0] - neighbourSeen[hop]) & 65535,
    tries: neighbourTries[hop],
  };
}

/**
 * `clients [FROM]`, `clients count on|off`.
 * @overlay
 */
function clients(words: string[]): string {
  if (reason) return standstill();
  const text = clientsText(words);
  traceChanged(switches[traceSwitch] != 0);
  return text;
}

/** @overlay */
function showConfig(): string {
  if (reason) return standstill();
  const names = forwardNames();
  if (typeof names == 'string') return failure(names);
  return '{"ok":true,"config":' + runningConfig(names) + '}';
}

/** @overlay */
function log(words: string[]): string {
  return reason ? standstill() : logText(words, uptime());
}

/** @overlay */
function trace(words: string[]): string {
  if (words[1] == 'read') return traceText(Number(words[2] || 0));
  if (words[1] != 'on' && words[1] != 'off') return failure('trace: expected on, off or read.');
  const host = words[2] ? parseAddress(words[2]) : 0;
  if (host < 0) return failure('trace: expected the address of a host behind on, such as 192.168.0.2.');
  setTrace(words[1] == 'on', swap32(host));
  traceChanged(switches[traceSwitch] != 0);
  return success(host ? { trace: words[1], host: words[2] } : { trace: words[1] });
}

/**
 * `capture on [SNAP] [HOST]`, `capture read [FROM]`, `capture off`.
 * @overlay
 */
function capture(words: string[]): string {
  if (reason) return standstill();
  const text = captureText(words);
  traceChanged(switches[traceSwitch] != 0);
  return text;
}

/**
 * `ping ADDRESS`, and what came back with `ping read`.
 * @overlay
 */
function ping(words: string[]): string {
  if (reason) return standstill();
  if (words[1] == 'read') return pingText() || failure('ping: nothing was pinged yet.');
  const trouble = beginPing(words[1] || '');
  return trouble ? failure('ping: ' + trouble) : success({ ping: words[1] });
}

function reboot(words: string[]): string {
  if (words.length > 1 && words[1] != 'repl') return failure('reboot: expected nothing or "repl" behind it.');
  restartSoon(words.length > 1);
  return success({ reboot: words.length > 1 ? 'repl' : 'router' });
}
