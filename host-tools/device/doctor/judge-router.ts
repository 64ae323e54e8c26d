/*
 * A router that runs, looked at without disturbing it: what its console tells of its chips, links and memory. Pure.
 */
import type { LeaseStatus, SideStatus } from '../console/answers.ts';
import { chipNames, type ChipName } from './facts.ts';
import type { Finding } from './findings.ts';
import { capital, moduleName } from './words.ts';

/** Answers of the console (`firmware/services/seam.ts`), by request; a request may have been refused. */
export interface RouterFacts {
  version?: Record<string, unknown>;
  status?: Record<string, unknown>;
  counters?: Record<string, unknown>;
  memory?: Record<string, unknown>;
  stored?: Record<string, unknown>;
}

/** What to ask, in this order. Nothing in it changes anything. */
export const routerRequests: readonly (keyof RouterFacts)[] = [
  'version',
  'status',
  'counters',
  'memory',
  'stored',
];

/** Counters that tell of trouble on the wires between board and modules, with what they mean. */
export const wireCounters: readonly (readonly [name: string, means: string])[] = [
  ['chip-restarted', 'a module had to be set up anew'],
  ['chip-reset', 'a module had to be reset'],
  ['settings-lost', 'a module had forgotten its settings'],
  ['chip-silent', 'a module did not answer'],
  ['command-timeout', 'a module did not take a command'],
  ['transmit-stuck', 'a module did not finish sending'],
  ['desynchronised', 'a module and the router were out of step'],
];

/** Those that count on while a module is down, which is told by itself. */
const whileDown: readonly string[] = ['chip-reset', 'chip-silent'];

const probeHint =
  'hairpin doctor --probe restarts the board into the probe and looks at the wires one by one.';

export function judgeRouter({ status, counters }: RouterFacts): Finding[] {
  const step = 'router' as const;
  if (!status)
    return [{ step, verdict: 'unknown', sentence: 'The console did not answer what it was asked.' }];
  if (status.ok !== true)
    return [
      {
        step,
        verdict: 'bad',
        id: 'standstill',
        sentence: String(status.error ?? 'The router does not run.'),
        cause: 'The console answers, but the router was not started.',
        remedy:
          'Mend what the sentence names, then restart it: hairpin config push, or hairpin flash for a missing file.',
      },
    ];
  const isDown = chipNames.some((name) => !runs(status, name));
  const left = wireCounters.filter(([name]) => !isDown || !whileDown.includes(name));
  return [
    ...chipNames.map((name) => judgeSide(status, name)),
    ...judgeLease(status),
    judgeCounters(counters, left),
  ];
}

/** A WAN that has a cable and waits for its address: no wire's fault, so it is worth a look only. */
function judgeLease(status: Record<string, unknown>): Finding[] {
  const { chip, link, address, lease } = (status.wan ?? {}) as Partial<SideStatus> & { lease?: LeaseStatus };
  if (!lease || !chip || !link || address !== '0.0.0.0') return [];
  return [
    {
      step: 'links',
      chip: 'wan',
      verdict: 'warn',
      id: 'no-lease',
      sentence: `The router asks for an address on the WAN, and has none so far (${lease.state}).`,
      cause:
        'It was started less than a minute ago, or the ISP does not answer: its modem is not ready, or knows another device.',
      remedy:
        'Restart the modem. If the ISP serves one MAC address only, hairpin config set wan.mac gives the router that one.',
    },
  ];
}

function runs(status: Record<string, unknown>, chip: ChipName): boolean {
  return (status[chip] as { chip?: boolean } | undefined)?.chip === true;
}

function judgeSide(status: Record<string, unknown>, chip: ChipName): Finding {
  const { link } = (status[chip] ?? {}) as { link?: boolean };
  if (!runs(status, chip))
    return {
      step: 'chips',
      chip,
      verdict: 'bad',
      id: 'chip-down',
      sentence: `${capital(moduleName(chip))} does not answer the router.`,
      cause: `The wires or the power of ${moduleName(chip)}; the probe tells which.`,
      remedy: probeHint,
    };
  if (link === true)
    return {
      step: 'links',
      chip,
      verdict: 'ok',
      sentence: `${capital(moduleName(chip))} runs, and its cable has a link.`,
    };
  return {
    step: 'links',
    chip,
    verdict: 'warn',
    sentence: `${capital(moduleName(chip))} runs, but sees no cable.`,
    cause: 'No cable, or nothing that is switched on at its other end.',
    remedy: `Plug a cable into ${moduleName(chip)}; its lamp must light.`,
  };
}

function judgeCounters(
  counters: Record<string, unknown> | undefined,
  troubles: typeof wireCounters,
): Finding {
  const counted = (counters?.counters ?? {}) as Record<string, number>;
  const raised = troubles.filter(([name]) => counted[name] > 0);
  if (raised.length === 0)
    return {
      step: 'router',
      verdict: 'ok',
      sentence: `The router runs, and its counters show no trouble with the modules. The wires were not looked at one by one: that is --probe, which restarts it.`,
    };
  return {
    step: 'router',
    verdict: 'warn',
    id: 'restless',
    sentence: `Since its start ${raised.map(([name, means]) => `${means} (${name} ${counted[name]})`).join(', ')}.`,
    cause: 'Wrong bits on the wires, or a supply that sags.',
    remedy: probeHint,
  };
}
