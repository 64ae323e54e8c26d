/*
 * `hairpin forwards`: the port forwards that run, and how many flows each has let in. Texts are pure; only
 * `runForwards` asks.
 */
import type { ConfigAnswer, ForwardsAnswer, MappedPort } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { counted, durationText, table } from './table.ts';

export interface ForwardsOptions extends PortOption {
  json: boolean;
}

/** A forward as the configuration has it, every default written out, with its flows since the start. */
export interface ForwardRow {
  name: string;
  proto: string;
  port: number | string;
  to: string;
  /** Null: everyone. */
  from: string | null;
  hairpin: string;
  flows: number;
}

export interface ForwardsReport {
  forwards: ForwardRow[];
  /** What hosts of the LAN mapped to themselves. */
  mapped: MappedPort[];
  dmz: { to: string; flows: number } | null;
}

/** Asks and prints; 0. @throws UserError */
export async function runForwards(options: ForwardsOptions, edges: Edges = terminal): Promise<number> {
  return withRouter(options, edges, async (router) => {
    const report = await readForwards(router);
    edges.print(
      options.json
        ? JSON.stringify({ schema: 'hairpin.forwards/1', ...report })
        : forwardsText(report).join('\n'),
    );
    return 0;
  });
}

type ConfiguredForward = Omit<ForwardRow, 'flows' | 'from'> & { from?: string };

/** The running configuration's forwards, each with its count. */
export async function readForwards(router: Router): Promise<ForwardsReport> {
  const counts = await router.ask('forwards');
  if (!counts.ok) throw refusal(counts);
  const { forwards, mapped = [], dmz } = counts as ForwardsAnswer;
  const answer = await router.ask('config');
  if (!answer.ok) throw refusal(answer);
  const config = (answer as ConfigAnswer).config as { forwards: ConfiguredForward[]; dmz?: string };
  const flowsOf = (name: string) => forwards.find((forward) => forward.name === name)?.flows ?? 0;
  return {
    forwards: config.forwards.map(({ name, proto, port, to, from = null, hairpin }) => ({
      name,
      proto,
      port,
      to,
      from,
      hairpin,
      flows: flowsOf(name),
    })),
    mapped,
    dmz: config.dmz === undefined ? null : { to: config.dmz, flows: dmz ?? 0 },
  };
}

function mappedText(mapped: readonly MappedPort[]): string[] {
  const rows = mapped.map(({ proto, port, to, seconds, flows }) => [
    proto,
    String(port),
    to,
    durationText(seconds),
    String(flows),
  ]);
  return [
    '',
    'Hosts of the LAN asked for these (NAT-PMP):',
    ...table(['proto', 'port', 'to', 'for', 'flows'], rows),
  ];
}

/** For people. */
export function forwardsText({ forwards, mapped, dmz }: ForwardsReport): string[] {
  const rows = forwards.map(({ name, proto, port, to, from, hairpin, flows }) => [
    name,
    proto,
    String(port),
    to,
    from ?? 'everyone',
    hairpin,
    String(flows),
  ]);
  const lines =
    rows.length > 0
      ? table(['name', 'proto', 'port', 'to', 'from', 'hairpin', 'flows'], rows)
      : ['There are no forwards; hairpin forward add makes one.'];
  if (mapped.length > 0) lines.push(...mappedText(mapped));
  if (dmz)
    lines.push('', `What no forward takes goes to the DMZ host ${dmz.to}: ${counted(dmz.flows, 'flow')}.`);
  return lines;
}
