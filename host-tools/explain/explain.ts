/*
 * `hairpin explain`: what the router would do with a packet, told, as JSON, or drawn. Checks the arguments and the
 * configuration, boots the firmware, lets it decide, and prints what came of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readConfigFile } from '../cli/config-file.ts';
import { UserError } from '../cli/user-error.ts';
import { bundle } from '../lab/firmware-files.ts';
import { converse } from './conversation.ts';
import { networkAround, sideOf, type Side } from './network.ts';
import { parsePacket } from './packet-text.ts';
import { conversationPicture } from './picture.ts';
import { reportOf } from './report.ts';
import { Router } from './router.ts';
import { tellConversation } from './tell.ts';

export interface ExplainOptions {
  /** Path of the configuration. */
  config: string;
  /** Where the packet arrives; undefined: where its source address lives. */
  on?: string;
  json: boolean;
  /** Where the drawing goes. */
  svg?: string;
}

const board = new URL('../../boards/esp32-shared-bus/board.json', import.meta.url);

/** Explains one packet. Resolves with the exit code: 0 it gets through and is answered, 1 it is not. */
export async function explainPacket(text: string, options: ExplainOptions): Promise<number> {
  const question = parsePacket(text);
  const given = sideNamed(options.on);
  const { text: configText, config, warnings } = readConfigFile(options.config);
  const network = networkAround(config);
  const files = { 'board.json': readFileSync(board, 'utf8'), 'config.json': configText };
  const router = new Router({ bundle: await bundle(), files }, network);
  const side = given ?? sideOf(network, question.source.address);
  const conversation = converse(router, network, question, { side, inferred: given === undefined });
  if (options.svg !== undefined) writeTo(options.svg, conversationPicture(conversation, network));
  if (options.json) print(JSON.stringify(reportOf(conversation, network, config, warnings), null, 2));
  else print([tellConversation(conversation, network, config), ...warnings.map(noted)].join('\n'));
  return conversation.works ? 0 : 1;
}

function sideNamed(on: string | undefined): Side | undefined {
  if (on === undefined || on === 'wan' || on === 'lan') return on;
  throw new UserError(`--on ${on} means nothing; it can be --on wan or --on lan.`);
}

function writeTo(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new UserError(`'${file}' cannot be written: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

function noted(warning: string): string {
  return `\nNote: ${warning}`;
}

function print(text: string): void {
  process.stdout.write(text + '\n');
}
