/*
 * `hairpin forward add` and `hairpin forward remove`: one port forward of the router on the cable, checked and saved by
 * the router and in force at once; the flows of others go on.
 */
import { UserError } from '../../cli/user-error.ts';
import type { Answer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';

export interface ForwardOptions extends PortOption {
  json: boolean;
}

export interface AddOptions extends ForwardOptions {
  from?: string;
  hairpin?: string;
}

interface ForwardAnswer extends Answer {
  /** How many there are now. */
  forwards: number;
  restart: boolean;
  warnings?: string[];
}

/** Adds a forward; 0. @throws UserError when the router refuses it */
export async function runForwardAdd(
  [name, proto, port, to]: readonly [name: string, proto: string, port: string, to: string],
  options: AddOptions,
  edges: Edges = terminal,
): Promise<number> {
  const words = ['forward', 'add', name, proto, port, to];
  if (options.from !== undefined) words.push('from', options.from);
  if (options.hairpin !== undefined) words.push('hairpin', options.hairpin);
  return change('add', name, words, options, edges);
}

/** Removes a forward; 0. @throws UserError when there is none of that name */
export async function runForwardRemove(
  name: string,
  options: ForwardOptions,
  edges: Edges = terminal,
): Promise<number> {
  return change('remove', name, ['forward', 'remove', name], options, edges);
}

async function change(
  action: 'add' | 'remove',
  name: string,
  words: readonly string[],
  options: ForwardOptions,
  edges: Edges,
): Promise<number> {
  for (const word of words)
    if (!/^[!-~]+$/.test(word))
      throw new UserError(`forward ${action} wants words without blanks, but got '${word}'.`);
  return withRouter(options, edges, async (router) => {
    await router.mustRun();
    const answer = await router.change(words.join(' '));
    if (!answer.ok) throw refusal(answer, 2);
    const { forwards, restart, warnings = [] } = answer as ForwardAnswer;
    if (options.json) {
      const schema = `hairpin.forward-${action}/1`;
      edges.print(JSON.stringify({ schema, name, forwards, restartDue: restart, warnings }));
    } else {
      const when = restart
        ? 'at the next start of the router, which has other addresses than are stored'
        : 'from now on';
      edges.print(`The forward ${name} is ${action === 'add' ? 'there' : 'gone'}, ${when}.`);
      for (const warning of warnings) edges.remark(warning);
    }
    return 0;
  });
}
