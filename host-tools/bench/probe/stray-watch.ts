/*
 * The prober's own watch on the wire: answers to its packets that come from another address than the one asked. The
 * system throws them away before any TCP socket sees them.
 */
import type { Endpoint } from '../endpoint.ts';
import { watchWire, type WirePacket, type WireWatch } from '../wire-watch.ts';
import type { Measurements } from '../measurements.ts';

/** More of them say nothing new. */
const MOST = 1000;

export class StrayWatch {
  private readonly seen: WirePacket[] = [];
  private watch: WireWatch | null = null;

  private constructor(private readonly asked: Endpoint) {}

  static async open(asked: Endpoint): Promise<StrayWatch> {
    const strays = new StrayWatch(asked);
    const { watch } = await watchWire((packet) => strays.hear(packet));
    strays.watch = watch;
    return strays;
  }

  private hear(packet: WirePacket): void {
    const answers = packet.protocol === 'udp' || (packet.syn && packet.ack);
    if (!answers || packet.source === this.asked.address || this.seen.length >= MOST) return;
    this.seen.push(packet);
  }

  /** Those that came to one of `ports`, from which only the asked address was asked; null without a watch. */
  towards(ports: ReadonlySet<number>): Measurements['strays'] {
    if (!this.watch) return null;
    this.watch.drain();
    return this.seen
      .filter(({ destinationPort }) => destinationPort !== 0 && ports.has(destinationPort))
      .map(({ protocol, source, sourcePort }) => ({ protocol, from: `${source}:${sourcePort}` }));
  }

  close(): void {
    this.watch?.close();
  }
}
