/*
 * May this public address be probed? Only if the person says that it is theirs, or the router says that it is its own.
 */
import { UserError } from '../../cli/user-error.ts';
import type { GatewayWord } from '../measurements.ts';
import { askNatPmp } from './nat-pmp.ts';
import { askUpnp } from './upnp.ts';

/** What the gateway says about its public address. */
export async function askGateway(gateway: string | null): Promise<GatewayWord> {
  if (gateway === null) return { said: 'nothing' };
  const [natPmp, upnp] = await Promise.all([askNatPmp(gateway), askUpnp(gateway)]);
  if (natPmp !== null) return { said: 'address', address: natPmp, by: 'NAT-PMP' };
  return upnp === null ? { said: 'nothing' } : { said: 'address', address: upnp, by: 'UPnP' };
}

/** Throws a UserError unless the gateway's word makes `address` ours. */
export function requireMine(address: string, gateway: string | null, word: GatewayWord): void {
  if (word.said === 'address' && word.address === address) return;
  const router = gateway === null ? 'the router' : `the router ${gateway}`;
  throw new UserError(
    word.said === 'address'
      ? `${address} is not probed: ${router} says (${word.by}) that its public address is ${word.address}. ` +
          `If ${address} is yours all the same, say so with --mine.`
      : `${address} is not probed before it is known to be yours, and ${router} does not say ` +
          `(neither over NAT-PMP nor UPnP). If it is yours, say so with --mine.`,
  );
}
