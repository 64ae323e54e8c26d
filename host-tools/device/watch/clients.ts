/*
 * `hairpin clients`: the hosts of the LAN, part by part, and counting their bytes. Texts are pure; only `runClients` asks.
 */
import { UserError } from '../../cli/user-error.ts';
import type { ClientEntry, ClientsAnswer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import type { Router } from '../console/router.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { counted, durationText, table } from './table.ts';

export interface ClientsOptions extends PortOption {
  json: boolean;
  /** `on` or `off`: switches the counting of bytes; nothing: it stays as it is. */
  count?: string;
}

/** Asks and prints; 0. @throws UserError */
export async function runClients(options: ClientsOptions, edges: Edges = terminal): Promise<number> {
  const { count } = options;
  if (count !== undefined && count !== 'on' && count !== 'off')
    throw new UserError(`--count: expected on or off, but got "${count}".`);
  return withRouter(options, edges, async (router) => {
    await router.mustRun();
    if (count !== undefined) {
      const answer = await router.ask(`clients count ${count}`);
      if (!answer.ok) throw refusal(answer);
    }
    const { counting, clients } = await allClients(router);
    edges.print(
      options.json
        ? JSON.stringify({ schema: 'hairpin.clients/1', counting, clients })
        : clientsText(counting, clients).join('\n'),
    );
    return 0;
  });
}

async function allClients(router: Router): Promise<{ counting: boolean; clients: ClientEntry[] }> {
  const found = new Map<string, ClientEntry>();
  let counting = false;
  let from: number | null = 0;
  while (from !== null) {
    const answer = await router.ask(`clients ${from}`);
    if (!answer.ok) throw refusal(answer);
    const page = answer as ClientsAnswer;
    counting = page.counting;
    for (const client of page.clients) found.set(client.address, client);
    // Backwards it would go on for ever.
    if (page.next !== null && page.next <= from)
      throw new Error(`the router's list of clients goes from place ${from} back to ${page.next}`);
    from = page.next;
  }
  return { counting, clients: [...found.values()] };
}

/** For people. */
export function clientsText(counting: boolean, clients: readonly ClientEntry[]): string[] {
  if (clients.length === 0) return ['The router knows no hosts of the LAN yet: nobody has spoken to it.'];
  const rows = clients.map(({ address, mac, name, how, left, heard, flows, up, down }) => [
    address,
    mac,
    name ?? '-',
    left === null ? how : `${how}, ${durationText(left)} left`,
    heard === null ? '-' : durationText(heard),
    String(flows),
    ...(counting ? [up ?? '-', down ?? '-'].map(String) : []),
  ]);
  const columns = ['address', 'MAC address', 'name', 'how', 'last heard', 'flows'];
  return [
    ...table(counting ? [...columns, 'bytes up', 'bytes down'] : columns, rows),
    '',
    counted(clients.length, 'client'),
  ];
}
