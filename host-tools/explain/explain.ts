/*
 * `hairpin explain`: what the router would do with a packet, told, as JSON, or drawn - or with every packet of a
 * capture file. Checks the arguments and the
 * configuration, boots the firmware, lets it decide, and prints what came of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../firmware/config/schema.ts';
import { annotated } from '../capture/annotate.ts';
import { readCapture, type CaptureFile } from '../capture/capture.ts';
import { verdictTinted } from '../cli/colour.ts';
import { readConfigFile } from '../cli/config-file.ts';
import { fileTrouble } from '../cli/file-trouble.ts';
import { packageFile } from '../cli/package-root.ts';
import { UserError } from '../cli/user-error.ts';
import { bundle } from '../lab/firmware-files.ts';
import { explainCapture } from './capture-run.ts';
import { captureReport, countsOf, remarkOn, tellCapture } from './capture-tell.ts';
import { converse } from './conversation.ts';
import { networkAround, sideOf, type Network, type Side } from './network.ts';
import { looksLikePacket, parsePacket } from './packet-text.ts';
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
  /** Where the drawing of a packet goes. */
  svg?: string;
  /** Where a capture goes that has what was explained as comments. */
  write?: string;
}

const board = packageFile('boards/esp32-shared-bus/board.json');

/**
 * Explains a packet, or every packet of a capture file. Resolves with the exit code: 0 it gets through and is answered
 * (of a file: all that were put in passed), 1 it is not.
 */
export function runExplain(what: string, options: ExplainOptions): Promise<number> {
  return looksLikePacket(what) ? explainPacket(what, options) : explainFile(what, options);
}

async function explainPacket(text: string, options: ExplainOptions): Promise<number> {
  const question = parsePacket(text);
  const given = sideNamed(options.on);
  if (options.write !== undefined)
    throw new UserError('--write is for capture files; a packet is drawn with --svg FILE.');
  const { router, network, config, warnings } = await routerWith(options.config);
  const side = given ?? sideOf(network, question.source.address);
  const conversation = converse(router, network, question, { side, inferred: given === undefined });
  if (options.svg !== undefined) writeTo(options.svg, conversationPicture(conversation, network));
  if (options.json) print(JSON.stringify(reportOf(conversation, network, config, warnings), null, 2));
  else {
    const told = tellConversation(conversation, network, config);
    const tinted = verdictTinted(told, conversation.works ? 'good' : 'bad', process.stdout);
    print([tinted, ...warnings.map(noted)].join('\n'));
  }
  return conversation.works ? 0 : 1;
}

async function explainFile(name: string, options: ExplainOptions): Promise<number> {
  const side = sideNamed(options.on);
  if (options.svg !== undefined)
    throw new UserError('--svg draws one packet; a capture is kept with comments by --write FILE.pcapng.');
  if (options.write !== undefined && resolve(options.write) === resolve(name))
    throw new UserError(`--write would overwrite the capture '${name}' itself; name another file.`);
  const { bytes, file } = readCaptureFile(name);
  const { router, network, config, warnings } = await routerWith(options.config);
  const explained = explainCapture(file, router, network, config, side);
  if (options.json) print(JSON.stringify(captureReport(name, file, explained, network, warnings), null, 2));
  else print([tellCapture(explained, network), ...warnings.map(noted)].join('\n'));
  if (file.damage !== null) {
    const unwritten = options.write === undefined ? '' : ` '${options.write}' is not written.`;
    throw new UserError(`'${name}' is damaged: ${file.damage}. ${before(file.packets.length)}${unwritten}`);
  }
  if (options.write !== undefined)
    writeTo(
      options.write,
      annotated(
        bytes,
        file,
        explained.map((packet) => remarkOn(packet, network)),
      ),
    );
  return countsOf(explained).dropped === 0 ? 0 : 1;
}

/** What can be said of a damaged file all the same. */
function before(count: number): string {
  if (count === 0) return 'There is no packet before that.';
  return count === 1
    ? 'The one packet before that is explained.'
    : `The ${count} packets before that are explained.`;
}

/** The configuration read and checked, and the firmware booted with it. */
async function routerWith(
  path: string,
): Promise<{ router: Router; network: Network; config: Config; warnings: string[] }> {
  const { text, config, warnings } = readConfigFile(path);
  // There is no ISP here that would lease an address.
  if (config.wan.dhcp)
    throw new UserError(
      `explain has to know the public address, and in '${path}' wan.address is "dhcp". Write the address that the router has now (hairpin status tells it), with its gateway, into a copy.`,
    );
  const network = networkAround(config);
  const files = { 'board.json': readFileSync(board, 'utf8'), 'config.json': text };
  return { router: new Router({ bundle: await bundle(), files }, network), network, config, warnings };
}

function readCaptureFile(name: string): { bytes: Uint8Array; file: CaptureFile } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOENT'
        ? `There is no capture file '${name}'. A packet is written like "tcp 192.168.0.3:33333 > 12.0.0.1:25".`
        : `The capture file '${name}' cannot be read: ${fileTrouble(error)}.`,
    );
  }
  const file = readCapture(bytes);
  if (typeof file === 'string') throw new UserError(`'${name}' ${file}.`);
  return { bytes, file };
}

function sideNamed(on: string | undefined): Side | undefined {
  if (on === undefined || on === 'wan' || on === 'lan') return on;
  throw new UserError(`--on ${on} means nothing; it can be --on wan or --on lan.`);
}

function writeTo(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new UserError(`'${file}' cannot be written: ${fileTrouble(error)}.`);
  }
}

function noted(warning: string): string {
  return `\nNote: ${warning}`;
}

function print(text: string): void {
  process.stdout.write(text + '\n');
}
