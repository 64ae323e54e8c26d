/*
 * `hairpin config get|set|push|pull|diff`: the configuration of the router on the cable. The router goes on running; what
 * takes a restart gets one at the end.
 */
import { writeFileSync } from 'node:fs';
import { parseConfig } from '../../../firmware/config/validate.ts';
import type { Config } from '../../../firmware/config/schema.ts';
import { readConfigFile } from '../../cli/config-file.ts';
import { fileTrouble, unwritable } from '../../cli/file-trouble.ts';
import { Interrupted } from '../../cli/interruption.ts';
import { UserError } from '../../cli/user-error.ts';
import type { Answer, ConfigAnswer } from '../console/answers.ts';
import { refusal } from '../console/refusal.ts';
import { type Edges, type PortOption, terminal, withRouter } from '../console/session.ts';
import { differenceText, differences } from './difference.ts';
import { plain, valueAt } from './keys.ts';
import { exitCodeOf, restartIf, tellRestart } from './restart.ts';
import { isStored, readStored, writeStored } from './stored.ts';

const interrupted = 130;

/** What becomes of a change that was not saved. */
const untilStart =
  ', until the next start only: the board has its configuration from a plain config.json, and keeps changes of a stored one (hairpin config push FILE)';

export interface ConfigOptions extends PortOption {
  json: boolean;
}

/** Ctrl-C in the middle of a change: whether it was made is not known, and it may wait for a restart. */
async function orNotKnown(change: Promise<number>): Promise<number> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new UserError(
      'Interrupted. The router has the old configuration or the new one, perhaps from its next start on: run the command again, or look with hairpin config pull.',
      interrupted,
    );
  }
}

export interface ChangeOptions extends ConfigOptions {
  /** Whether the router may be restarted. */
  restart: boolean;
}

/** Prints what runs, or one key of it; 0, or 1 when there is no such key. @throws UserError */
export async function runGet(
  key: string | undefined,
  options: ConfigOptions,
  edges: Edges = terminal,
): Promise<number> {
  return withRouter(options, edges, async (router) => {
    const answer = await router.ask('config');
    if (!answer.ok) throw refusal(answer);
    const { config } = answer as ConfigAnswer;
    const value = key === undefined ? config : valueAt(config, key);
    if (value === undefined)
      throw new UserError(
        `The configuration that runs has no ${key}; hairpin config get shows all of it.`,
        1,
      );
    edges.print(
      options.json
        ? JSON.stringify({ schema: 'hairpin.config-get/1', key: key ?? null, value })
        : plain(value),
    );
    return 0;
  });
}

export interface SetOptions extends ChangeOptions {
  /** Beside `wan.address`, which may not change without it when the ISP told both so far. */
  gateway?: string;
}

/** The request that sets a key. @throws UserError */
function setRequest(key: string, value: string, gateway: string | undefined): string {
  for (const word of [key, value, gateway ?? '-'])
    if (!/^[!-~]+$/.test(word))
      throw new UserError(`config set wants a key and a value without blanks, but got '${word}'.`);
  if (gateway !== undefined && key !== 'wan.address')
    throw new UserError(`--gateway belongs to wan.address, and means nothing beside ${key}.`);
  const [, name] = /^forwards\.([^.]+)\.hairpin$/.exec(key) ?? [];
  if (name !== undefined) return `set forward ${name} hairpin ${value}`;
  return `set ${key} ${value}${gateway === undefined ? '' : ` gateway ${gateway}`}`;
}

interface SetAnswer extends Answer {
  restart?: boolean;
  /** Of a forward's mode: false with a plain `config.json` on the board, which is not changed. */
  saved?: boolean;
}

/** Since when a value counts, as the end of a sentence. */
function since(restarted: boolean, due: boolean, saved: boolean): string {
  if (restarted) return '; the router was restarted for it';
  if (due) return '';
  return saved ? ', from now on' : untilStart;
}

/** Sets one key; 0, or 1 when the router does not run behind it. @throws UserError when the router refuses it */
export async function runSet(
  key: string,
  value: string,
  options: SetOptions,
  edges: Edges = terminal,
): Promise<number> {
  const request = setRequest(key, value, options.gateway);
  return orNotKnown(
    withRouter(options, edges, async (router) => {
      await router.mustRun();
      const answer: SetAnswer = await router.change(request);
      if (!answer.ok) throw refusal(answer, 2);
      const due = answer.restart === true;
      const saved = answer.saved !== false;
      const restarted = await restartIf(due && options.restart, router);
      if (options.json) {
        const now = {
          restarted: restarted !== null,
          restartDue: due && !restarted,
          problems: restarted?.problems ?? [],
        };
        edges.print(JSON.stringify({ schema: 'hairpin.config-set/1', key, value, saved, ...now }));
      } else {
        edges.print(`${key} is ${value}${since(restarted !== null, due, saved)}.`);
        tellRestart(restarted, due, edges);
      }
      return exitCodeOf(restarted);
    }),
  );
}

/** Stores a file and restarts; 0, or 1 when the router does not run behind it. @throws UserError */
export async function runPush(
  file: string,
  options: ChangeOptions,
  edges: Edges = terminal,
): Promise<number> {
  const { text, warnings } = readConfigFile(file);
  if (!options.json) for (const warning of warnings) edges.remark(warning);
  return orNotKnown(
    withRouter(options, edges, async (router) => {
      const written = !(await isStored(router, text));
      if (written) await writeStored(router, text, edges.progress(options.json));
      const stored = (await router.ask('stored')) as Answer & { running?: boolean };
      // A router that stands still knows of no text that it runs with, and may name the first place for it.
      const due = stored.running !== true || !(await router.ask('status')).ok;
      const restarted = await restartIf(due && options.restart, router);
      if (options.json) {
        const now = {
          restarted: restarted !== null,
          restartDue: due && !restarted,
          problems: restarted?.problems ?? [],
        };
        edges.print(JSON.stringify({ schema: 'hairpin.config-push/1', file, written, ...now, warnings }));
      } else {
        edges.print(written ? `${file} is on the board.` : `${file} was on the board already.`);
        tellRestart(restarted, due, edges);
      }
      return exitCodeOf(restarted);
    }),
  );
}

/** Prints the stored text as it was written, or writes it into a file; 0. @throws UserError */
export async function runPull(
  file: string | undefined,
  options: ConfigOptions,
  edges: Edges = terminal,
): Promise<number> {
  const trouble = file === undefined ? null : unwritable(file);
  if (trouble) throw new UserError(`The configuration cannot be written to '${file}': ${trouble}.`);
  return withRouter(options, edges, async (router) => {
    const text = await readStored(router);
    if (file !== undefined) save(file, text);
    if (options.json)
      edges.print(JSON.stringify({ schema: 'hairpin.config-pull/1', file: file ?? null, text }));
    else if (file === undefined) edges.print(text.replace(/\n$/, ''));
    else edges.print(`${file} is what is on the board.`);
    return 0;
  });
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text, 'latin1');
  } catch (error) {
    throw new UserError(`The configuration cannot be written to '${file}': ${fileTrouble(error)}.`);
  }
}

/** Holds a file against what the next start uses; 0 they mean the same, 1 not. @throws UserError */
export async function runDiff(
  file: string,
  options: ConfigOptions,
  edges: Edges = terminal,
): Promise<number> {
  const { config } = readConfigFile(file);
  return withRouter(options, edges, async (router) => {
    const found = differences(understood(await readStored(router)), config);
    edges.print(
      options.json
        ? JSON.stringify({ schema: 'hairpin.config-diff/1', file, differences: found })
        : differenceText(found, file).join('\n'),
    );
    return found.length === 0 ? 0 : 1;
  });
}

function understood(text: string): Config {
  const parsed = parseConfig(text, 'The configuration on the board');
  if ('error' in parsed) throw new UserError(parsed.error);
  return parsed.config;
}
