/**
 * Linux with nftables as the router, one namespace for each MTU. Its two cables end in this process as raw ports
 * without addresses, so no other kernel answers. That the router has nothing more to say is known by markers: packets
 * of a connection it surely forwards, sent behind the packet at hand, one each way.
 *
 * To be made only inside network and mount namespaces of its own (run.ts): it mounts over /run.
 */
import { mkdirSync } from 'node:fs';
import { EthernetPort } from '../../host-tools/lab/kernel/ethernet-port.ts';
import * as libc from '../../host-tools/lab/kernel/libc.ts';
import { switchOffloadsOff } from '../../host-tools/lab/kernel/offloads.ts';
import { runProgram } from '../../host-tools/lab/kernel/programs.ts';
import { udp } from '../wire/packets.ts';
import { Conntrack } from './conntrack.ts';
import { frameOf } from './frames.ts';
import { ADDRESS, LAN_HOSTS, WAN_MTUS, macText, nftRules, type Side, type WanMtu } from './network.ts';
import type { Arrived, RouterUnderTest } from './router.ts';

/** Longest wait for a marker, in ms: it takes well under one. */
const PATIENCE = 2000;
const MARKER_PORT = 9999;

/** As far as a kernel has them: no IPv6 chatter, no limits on ICMP errors, no redirects, strict sources. */
const SETTINGS: Readonly<Record<string, number>> = {
  'net/ipv4/ip_forward': 1,
  'net/ipv6/conf/all/disable_ipv6': 1,
  'net/ipv6/conf/default/disable_ipv6': 1,
  'net/ipv4/conf/all/rp_filter': 1,
  'net/ipv4/conf/default/rp_filter': 1,
  'net/ipv4/conf/all/send_redirects': 0,
  'net/ipv4/conf/default/send_redirects': 0,
  'net/ipv4/conf/all/accept_source_route': 0,
  'net/ipv4/conf/default/accept_source_route': 0,
  // Pieces wait for their datagram so long, in seconds: ids come round later than that.
  'net/ipv4/ipfrag_time': 5,
  'net/ipv4/icmp_ratelimit': 0,
  'net/ipv4/icmp_msgs_per_sec': 1_000_000,
  'net/ipv4/icmp_msgs_burst': 1_000_000,
  // A wrong transport checksum is the receiver's business: it must come out as wrong as it went in.
  'net/netfilter/nf_conntrack_checksum': 0,
};

interface Network {
  ports: Record<Side, EthernetPort>;
  connections: Conntrack;
}

export class LinuxRouter implements RouterUnderTest {
  readonly name = 'Linux';
  private readonly networks = new Map<WanMtu, Network>();
  private network!: Network;
  private markers = 0;

  constructor() {
    runProgram('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
    mkdirSync('/run/netns');
    for (const mtu of WAN_MTUS) this.networks.set(mtu, build(mtu));
  }

  begin(mtu: WanMtu): void {
    this.network = this.networks.get(mtu)!;
    for (const port of Object.values(this.network.ports)) while (port.receive()) continue;
    this.network.connections.forgetAll();
  }

  exchange(side: Side, frames: readonly Uint8Array[]): Arrived[] {
    for (const frame of frames) this.send(side, frame);
    const wanted = String(++this.markers);
    const arrived: Arrived[] = [];
    this.send('lan', marker('M', 'K', 'M', 'R', wanted));
    this.collect('wan', wanted, arrived);
    this.send('wan', marker('K', 'P', 'G', 'P', wanted));
    this.collect('lan', wanted, arrived);
    return arrived;
  }

  close(): void {
    for (const { ports, connections } of this.networks.values()) {
      ports.wan.close();
      ports.lan.close();
      connections.close();
    }
  }

  private send(side: Side, frame: Uint8Array): void {
    if (!this.network.ports[side].send(frame))
      throw new Error(`The kernel would not take a frame of ${frame.length} bytes on ${side}.`);
  }

  /** Takes frames until this side's marker comes by. */
  private collect(side: Side, wanted: string, arrived: Arrived[]): void {
    const port = this.network.ports[side];
    for (;;) {
      const frame = port.receive();
      if (!frame) {
        wait(port, wanted);
        continue;
      }
      const text = markerText(frame);
      if (text === null && !isLate(frame)) arrived.push({ side, frame: Uint8Array.from(frame) });
      else if (text === wanted) return;
    }
  }
}

/** ICMP 11/1: pieces of an earlier sequence have waited in vain. What rests on time is not compared. */
function isLate(frame: Uint8Array): boolean {
  return frame[14] === 0x45 && frame[23] === 1 && frame[34] === 11 && frame[35] === 1;
}

function wait(port: EthernetPort, wanted: string): void {
  const entry = Buffer.alloc(8);
  entry.writeInt32LE(port.fd, 0);
  entry.writeInt16LE(libc.POLLIN, 4);
  if (libc.poll(entry, 1, PATIENCE) === 0)
    throw new Error(`Marker ${wanted} did not come out of ${port.name} within ${PATIENCE} ms.`);
}

function marker(from: string, to: string, link: string, routerPort: string, text: string): Uint8Array {
  const packet = udp(`${ADDRESS[from]}:${MARKER_PORT}`, `${ADDRESS[to]}:${MARKER_PORT}`, { data: text });
  return frameOf(link, routerPort, packet);
}

/** The text of a marker between M and K, whatever was translated; null for any other frame. */
function markerText(frame: Uint8Array): string | null {
  const view = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.readUInt16BE(12) !== 0x0800 || frame[14] !== 0x45 || frame[23] !== 17) return null;
  if (view.readUInt16BE(34) !== MARKER_PORT || view.readUInt16BE(36) !== MARKER_PORT) return null;
  return view.subarray(42, 34 + view.readUInt16BE(38)).toString('latin1');
}

function build(mtu: WanMtu): Network {
  const namespace = 'dut' + mtu;
  const near: Record<Side, string> = { wan: 'wan' + mtu, lan: 'lan' + mtu };
  const ip = (text: string) => runProgram('ip', text.split(' '));
  const inside = (...command: string[]) => ['netns', 'exec', namespace, ...command];
  ip('netns add ' + namespace);
  const settings = Object.entries(SETTINGS).map(
    ([file, value]) => `[ ! -w /proc/sys/${file} ] || echo ${value} > /proc/sys/${file}`,
  );
  runProgram('ip', inside('sh', '-ec', settings.slice(0, 3).join('\n')));
  for (const side of ['wan', 'lan'] as const) {
    ip(`link add ${near[side]} type veth peer name far${mtu}`);
    for (const end of [near[side], 'far' + mtu]) switchOffloadsOff(end);
    ip(`link set far${mtu} netns ${namespace} name ${side}`);
    const letter = side === 'wan' ? 'P' : 'R';
    ip(`-n ${namespace} link set ${side} address ${macText(letter)} up`);
    ip(`-n ${namespace} addr add ${ADDRESS[letter]}/24 brd + dev ${side}`);
    ip(`link set ${near[side]} arp off up`);
  }
  ip(`-n ${namespace} link set lo up`);
  // Of the route and not of the device, or the cable would not let bigger frames in from the WAN.
  ip(`-n ${namespace} route add default via ${ADDRESS.G} mtu ${mtu}`);
  ip(`-n ${namespace} neigh replace ${ADDRESS.G} lladdr ${macText('G')} nud permanent dev wan`);
  for (const host of [...LAN_HOSTS, 'M'])
    ip(`-n ${namespace} neigh replace ${ADDRESS[host]} lladdr ${macText(host)} nud permanent dev lan`);
  runProgram('ip', inside('nft', '-f', '-'), nftRules(mtu));
  // Last: what belongs to connection tracking is there once the rules are.
  runProgram('ip', inside('sh', '-ec', settings.join('\n')));
  const ports = { wan: EthernetPort.open(near.wan), lan: EthernetPort.open(near.lan) };
  return { ports, connections: new Conntrack('/run/netns/' + namespace) };
}
