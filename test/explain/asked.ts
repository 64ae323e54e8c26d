/*
 * For the tests of explain: the firmware with the cast's configuration, asked about packets.
 */
import { readFileSync } from 'node:fs';
import type { Config } from '../../firmware/config/schema.ts';
import { parseConfig } from '../../firmware/config/validate.ts';
import { converse, type Conversation } from '../../host-tools/explain/conversation.ts';
import { networkAround, sideOf, type Network, type Side } from '../../host-tools/explain/network.ts';
import { parsePacket } from '../../host-tools/explain/packet-text.ts';
import { Router } from '../../host-tools/explain/router.ts';
import { configText } from '../scenes/cast.ts';
import { bundle } from '../scenes/router.ts';

export interface Asked {
  router: Router;
  network: Network;
  config: Config;
  /** Plays one packet; where it arrives follows from its source unless it is given. */
  about(text: string, on?: Side): Conversation;
}

/** Boots a router; every forward of the cast has this hairpin mode. */
export async function askedRouter(hairpin = 'external', text = configText(hairpin)): Promise<Asked> {
  const parsed = parseConfig(text, 'test.json');
  if ('error' in parsed) throw new Error(parsed.error);
  const { config } = parsed;
  const network = networkAround(config);
  const files = {
    'board.json': readFileSync('boards/esp32-shared-bus/board.json', 'utf8'),
    'config.json': text,
  };
  const router = new Router({ bundle: await bundle(), files }, network);
  const about: Asked['about'] = (text, on) => {
    const question = parsePacket(text);
    const side = on ?? sideOf(network, question.source.address);
    return converse(router, network, question, { side, inferred: on === undefined });
  };
  return { router, network, config, about };
}
