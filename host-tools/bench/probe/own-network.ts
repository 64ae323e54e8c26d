/*
 * This host's own addresses, and the network that one of them lies in. Asks the system; sends nothing.
 */
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

export function ownInterfaces(): NetworkInterfaceInfo[] {
  return Object.values(networkInterfaces()).flatMap((all) => all ?? []);
}

/** "192.168.0.0/24" for 192.168.0.3 on an interface with that prefix; null where no interface has the address. */
export function networkOf(
  address: string,
  interfaces: readonly Pick<NetworkInterfaceInfo, 'address' | 'netmask' | 'cidr'>[],
): string | null {
  const found = interfaces.find((one) => one.address === address);
  const prefix = found?.cidr?.split('/')[1];
  if (!found || prefix === undefined) return null;
  const mask = found.netmask.split('.').map(Number);
  const network = address.split('.').map((part, index) => Number(part) & mask[index]);
  return `${network.join('.')}/${prefix}`;
}
