/*
 * The router as every measurement here uses it: the bundle over two models in an untimed world, with as many TCP
 * connections from LAN hosts to the Internet as asked for, all of them settled, and their data segments ready to be
 * let in at either port. Everything it knows of the router it saw on the wires or asked through the seam.
 */
import { Random } from '../emulator/random.ts';
import { World } from '../emulator/world.ts';
import type { FirmwareFiles } from '../lab/firmware-files.ts';
import { CAST } from '../lab/lab.ts';
import { readPacket } from '../lab/packet.ts';
import { arpFrame, broadcastMac, ipFrame, protocols, tcpPayload } from '../lab/scripted/frames.ts';

export type Side = 'wan' | 'lan';

const flags = { syn: 0x02, ack: 0x10 };
/** Ethernet, IPv4 and TCP headers without options. */
const headerBytes = 14 + 20 + 20;
/** LAN hosts that take turns; the router knows a few dozen neighbours at a time. */
const hostCount = 24;
/** Microseconds that are plenty for bring-up, and for an answer. */
const boot = 500_000;
const moment = 20_000;

/** A settled connection. */
export interface Connection {
  /** The LAN host's and the Internet host's end, and the port the router shows for the former. */
  host: { mac: string; address: string; port: number };
  remote: { address: string; port: number };
  publicPort: number;
}

export class LoadedRouter {
  readonly world: World;
  readonly connections: Connection[] = [];
  /** Frames that left each port. */
  readonly left = { wan: 0, lan: 0 };
  private readonly last: { wan?: Uint8Array; lan?: Uint8Array } = {};

  /** Boots, and opens `count` connections between seeded ends. Throws if the router does not settle them all. */
  constructor({ bundle, files }: FirmwareFiles, count: number, seed: number) {
    this.world = new World({ bundle, files, print: () => {} });
    for (const side of ['wan', 'lan'] as const) {
      this.world[side].onTransmit = (frame) => {
        this.left[side]++;
        // What the router says of itself by ARP comes when it likes.
        if (readPacket(frame)?.kind !== 'arp') this.last[side] = frame;
      };
    }
    this.world.board.boot();
    this.world.run(boot);
    this.say('wan', arpFrame(CAST.G, broadcastMac, CAST.P.address));
    const random = new Random(seed);
    for (let i = 0; i < count; i++) this.connect(random, i);
    const settled = this.flows().filter((flow) => flow.settled).length;
    if (settled !== count) throw new Error(`The router settled ${settled} of ${count} connections.`);
  }

  /** Every flow the router lists. */
  flows(): { original: string; reply: string; settled: boolean }[] {
    const flows = [];
    for (let from: number | null = 1; from !== null;) {
      const answer = JSON.parse(this.world.board.hairpin(`flows ${from}`)) as {
        flows: { original: string; reply: string; settled: boolean }[];
        next: number | null;
      };
      flows.push(...answer.flows);
      from = answer.next;
    }
    return flows;
  }

  /** A data segment as it arrives on `side`. @param length Ethernet length in bytes */
  segment(connection: Connection, side: Side, length: number): Uint8Array {
    return this.tcp(connection, side, flags.ack, new Uint8Array(length - headerBytes).fill(0x5a));
  }

  private connect(random: Random, i: number): void {
    const host = 10 + (i % hostCount);
    const connection: Connection = {
      host: {
        mac: `02:00:00:00:a8:${host.toString(16)}`,
        address: `192.168.0.${host}`,
        port: 1024 + random.below(64000),
      },
      remote: {
        address: `198.51.${random.below(256)}.${1 + random.below(254)}`,
        port: random.chance(0.5) ? 443 : 1024 + random.below(64000),
      },
      publicPort: 0,
    };
    if (i < hostCount) this.say('lan', arpFrame(connection.host, broadcastMac, CAST.R.address));
    this.say('lan', this.tcp(connection, 'lan', flags.syn));
    const opening = this.last.wan && readPacket(this.last.wan);
    if (opening?.kind !== 'tcp') throw new Error('The router did not let a SYN out.');
    connection.publicPort = opening.sourcePort;
    this.say('wan', this.tcp(connection, 'wan', flags.syn | flags.ack));
    this.say('lan', this.tcp(connection, 'lan', flags.ack));
    this.connections.push(connection);
  }

  private say(side: Side, frame: Uint8Array): void {
    this.world[side].deliver(frame);
    this.world.run(moment);
  }

  private tcp(
    { host, remote, publicPort }: Connection,
    side: Side,
    bits: number,
    data = new Uint8Array(0),
  ): Uint8Array {
    const outward = side === 'lan';
    const [source, target] = outward ? [host.address, remote.address] : [remote.address, CAST.P.address];
    const [sourcePort, targetPort] = outward ? [host.port, remote.port] : [remote.port, publicPort];
    const segment = {
      sourcePort,
      targetPort,
      sequence: 1,
      acknowledgement: 1,
      flags: bits,
      window: 0xfaf0,
      data,
    };
    const route = { source, target, protocol: protocols.tcp, ttl: 64, identification: 1 };
    const [from, to] = outward ? [host.mac, CAST.R.mac] : [CAST.G.mac, CAST.P.mac];
    return ipFrame(from, to, route, tcpPayload(source, target, segment));
  }
}
