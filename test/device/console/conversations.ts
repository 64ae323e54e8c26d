/*
 * What the cast says through a soft router, so that there is something to see: a connection from the Internet, one from
 * the LAN to the public address, and a knock at a port that nobody forwards.
 */
import { address, arpFrame, ipFrame, mac } from '../../scenes/cast.ts';
import { tcp } from '../../wire/packets.ts';
import type { SoftRouter } from './soft-router.ts';

const macOf = {
  gateway: [mac.gateway, mac.routerWan],
  server: [mac.server, mac.routerLan],
  client: [mac.client, mac.routerLan],
};

function deliver({ world }: SoftRouter, sender: keyof typeof macOf, ip: Uint8Array): void {
  const [from, to] = macOf[sender];
  world[sender === 'gateway' ? 'wan' : 'lan'].deliver(ipFrame(from, to, Buffer.from(ip).toString('hex')));
  world.run(20_000);
}

/** G, S and C tell their MAC addresses. */
export function introduceAll({ world }: SoftRouter): void {
  world.wan.deliver(arpFrame(1, mac.gateway, address.G, mac.routerWan, address.P));
  world.lan.deliver(arpFrame(1, mac.server, address.S, mac.routerLan, address.R));
  world.lan.deliver(arpFrame(1, mac.client, address.C, mac.routerLan, address.R));
  world.run(20_000);
}

/** I connects to P:25, and S answers. */
export function fromInternet(soft: SoftRouter): void {
  deliver(soft, 'gateway', tcp('I:40000', 'P:25', 'S'));
  deliver(soft, 'server', tcp('S:25', 'I:40000', 'SA'));
  deliver(soft, 'gateway', tcp('I:40000', 'P:25', 'A'));
}

/** C connects to P:25, and S answers. */
export function fromLan(soft: SoftRouter): void {
  deliver(soft, 'client', tcp('C:33333', 'P:25', 'S'));
  deliver(soft, 'server', tcp('S:25', 'P:33333', 'SA'));
}

/** J tries P:26. */
export function knock(soft: SoftRouter): void {
  deliver(soft, 'gateway', tcp('J:50000', 'P:26', 'S'));
}

/** What is said once everybody knows everybody: six packets. */
export function talk(soft: SoftRouter): void {
  fromInternet(soft);
  fromLan(soft);
  knock(soft);
}

/** All of it. */
export function converse(soft: SoftRouter): void {
  introduceAll(soft);
  talk(soft);
}
