/*
 * Is there a router at all? Asked only where nothing came back from anywhere: one connection to the gateway, while the
 * system's own table of neighbours says whether the gateway tells its hardware address (ARP, on Linux).
 */
import { readFileSync } from 'node:fs';
import { answersArp } from '../gateway/default-gateway.ts';
import { pause } from './pace.ts';
import { tryTcp } from './tcp.ts';

/** Most routers answer here with their own page, or refuse. */
const PORT = 80;
/**
 * Longer than the three questions, a second apart, after which Linux gives a neighbour up; and with the rounds before it
 * longer than the eight seconds after which it gives up one it still knew (neigh/default: delay_first_probe_time,
 * retrans_time, ucast_solicit), ms.
 */
const PATIENCE = 3500;
/** Between two looks at the table, ms. */
const LOOK = 100;

function look(gateway: string): boolean | null {
  try {
    return answersArp(readFileSync('/proc/net/arp', 'latin1'), gateway);
  } catch {
    return null;
  }
}

/** True or false as it turned out; null where this system does not say. */
export async function isRouterThere(gateway: string): Promise<boolean | null> {
  let known: boolean | null = null;
  let over = false;
  const watch = async () => {
    // An entry that was given up is forgotten at some time: the last word counts.
    for (; !over; await pause(LOOK)) known = look(gateway) ?? known;
  };
  const watching = watch();
  const { end } = await tryTcp({ address: gateway, port: PORT }, { handshake: PATIENCE, greeting: 0 });
  over = true;
  await watching;
  return end === 'other' || end === 'responder' || end === 'refused' ? true : known;
}
