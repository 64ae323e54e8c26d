/*
 * What the tools say about a configuration that is right and will still disappoint: only here, not on the board, which
 * has no room for advice. Pure.
 */
import type { Config } from '../../firmware/config/schema.ts';

/** Sentences, none when there is nothing to say. @param file what they call it */
export function adviceOn({ wan, dns }: Config, file: string): string[] {
  if (wan.dhcp || !dns || dns.servers.length > 0) return [];
  return [
    `${file}: dns.servers: there are none, and with a wan.address of your own no ISP's lease names any: only names of the LAN would be answered. Name some, such as ["9.9.9.9"]`,
  ];
}
