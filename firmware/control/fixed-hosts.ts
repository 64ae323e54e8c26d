/**
 * The config's hosts with fixed addresses, as the first of the LAN's leases: they are there before anybody asks, and stay.
 * Touches the lease columns. The DHCP server, which owns the rest of them, is not known here.
 */
import { leaseFixed, leaseHost, leaseMac, leaseName, leaseNameBytes, leaseState } from '../layout/arena.ts';
import type { DhcpHost } from '../config/schema.ts';
import { lanHostMask } from './addresses.ts';

/** Writes them into the first places, which were never used. */
export function setFixedHosts(hosts: DhcpHost[]): void {
  for (let i = 0; i < hosts.length; i++) {
    const name = hosts[i].name;
    leaseState[i] = leaseFixed;
    leaseHost[i] = hosts[i].address & lanHostMask;
    for (let j = 0; j < 6; j++) leaseMac[6 * i + j] = hosts[i].mac[j];
    for (let j = 0; j < name.length; j++) leaseName[leaseNameBytes * i + j] = name.charCodeAt(j);
  }
}
