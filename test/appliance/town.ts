/**
 * A household at the end of an ISP's line, for weeks of virtual time: the whole bundle on a board in software, the ISP and
 * the Internet behind its WAN, hosts that live by DHCP on its LAN. Quiet time passes at a slower pace (`doze`); whatever
 * is worth looking at passes at the loop's own (`run`).
 */
import { readFileSync } from 'node:fs';
import { World } from '../../host-tools/emulator/world.ts';
import { ethernet, macOf } from '../control/table.ts';
import { Isp } from '../services/isp.ts';
import { type LanClient } from '../services/lan-client.ts';
import { answerTo, query, readMessage } from '../services/resolver.ts';
import { get16, hostBytes, tell, udp } from '../wire/packets.ts';

const bundle = readFileSync('dist/firmware.js', 'utf8');
const board = readFileSync('boards/esp32-shared-bus/board.json', 'utf8');

const config = JSON.stringify({
  wan: { address: 'dhcp', mac: '02:00:00:00:0c:01' },
  lan: {
    address: '192.168.0.1/24',
    mac: '02:00:00:00:a8:01',
    dhcp: { lease: 7200, hosts: [{ name: 'nas', mac: '02:00:00:00:a8:02', address: '192.168.0.2' }] },
  },
  dns: {},
  forwards: [{ name: 'echo', proto: 'udp', port: 5000, to: '192.168.0.2:5000' }],
});

/** Seconds between two turns of the loop in quiet time. The watchdog waits ten. */
const quietPace = 7;

export class Town {
  readonly world: World;
  readonly isp = new Isp();
  readonly clients: LanClient[] = [];
  /** What the board printed, and why it restarted without being asked to. */
  readonly printed: string[] = [];
  /** Packets that came out of each side in the last `exchange`, in words. */
  private seen: string[] = [];
  private wanPlugged = true;
  private lanPlugged = true;

  constructor(seed: number) {
    this.world = new World({
      bundle,
      files: { 'board.json': board, 'config.json': config },
      seed,
      print: (line) => this.printed.push(line),
    });
    // No letter of the cast, so that packets are told by its number.
    this.isp.terms.address = '12.0.0.77';
    this.isp.terms.lease = 6 * 3600;
    this.world.wan.onTransmit = (frame) => this.atIsp(frame.slice());
    this.world.lan.onTransmit = (frame) => this.onLan(frame.slice());
    this.world.board.boot();
  }

  /** Seconds since the beginning. */
  get now(): number {
    return this.world.clock.now() / 1e6;
  }

  /** Lets seconds pass at the loop's own pace. */
  run(seconds: number): void {
    const end = this.now + seconds;
    while (this.now < end) this.pass(Math.min(1, end - this.now), 0);
  }

  /** Lets quiet time pass. While a client speaks to the router it is not quiet: an offer stands for five seconds. */
  doze(seconds: number): void {
    const end = this.now + seconds;
    while (this.now < end) {
      if (this.lanPlugged && this.clients.some((client) => !isAtRest(client)))
        this.run(Math.min(1, end - this.now));
      else this.pass(Math.min(quietPace, end - this.now), quietPace);
    }
  }

  private pass(seconds: number, pace: number): void {
    this.world.board.pace = pace * 1e6;
    this.world.run(seconds * 1e6);
    for (const client of this.clients) this.sendLan(client.second(this.now));
  }

  /** Supply lost and back, at this very moment. */
  powerCycle(): void {
    this.world.board.storage.flash.onPowerLost?.();
    this.world.board.boot();
  }

  plug(side: 'wan' | 'lan', plugged: boolean): void {
    this.world[side].setLink(plugged);
    if (side === 'wan') this.wanPlugged = plugged;
    else this.lanPlugged = plugged;
  }

  join(client: LanClient, remembers = ''): LanClient {
    if (!this.clients.includes(client)) this.clients.push(client);
    this.sendLan(client.start(this.now, remembers));
    return client;
  }

  /** A host gives its address back and leaves. */
  sayGoodbye(client: LanClient): void {
    this.sendLan(client.release());
  }

  ask<T>(request: string): T {
    return JSON.parse(this.world.board.hairpin(request)) as T;
  }

  private sendLan(frames: readonly Uint8Array[]): void {
    if (this.lanPlugged) for (const frame of frames) this.world.lan.deliver(frame);
  }

  private onLan(frame: Uint8Array): void {
    if (!this.lanPlugged) return;
    if (get16(frame, 12) === 0x0800) this.seen.push(`lan ${told(frame)}`);
    for (const client of this.clients) this.sendLan(client.hear(frame, this.now));
  }

  private atIsp(frame: Uint8Array): void {
    if (!this.wanPlugged) return;
    if (get16(frame, 12) === 0x0800) {
      this.seen.push(`wan ${told(frame)}`);
      if (get16(frame, 36) === 53) this.answerName(frame);
    }
    for (const answer of this.isp.hear(frame, this.now)) this.world.wan.deliver(answer);
  }

  /** Every name is that of I. */
  private answerName(frame: Uint8Array): void {
    const from = frame.subarray(26, 30).join('.');
    const to = frame.subarray(30, 34).join('.');
    const data = answerTo(frame.subarray(42, 34 + get16(frame, 38)), [hostBytes('I')]);
    this.toRouter(udp(`${to}:53`, `${from}:${get16(frame, 34)}`, { data }));
  }

  private toRouter(packet: Uint8Array): void {
    if (this.wanPlugged) this.world.wan.deliver(ethernet(macOf('P'), macOf('G'), 0x0800, packet));
  }

  private fromClient(client: LanClient, packet: Uint8Array): void {
    this.sendLan([ethernet(macOf('R'), client.mac, 0x0800, packet)]);
  }

  /** Sends something, lets its consequences happen, and tells what came out of the router. */
  private exchange(send: () => void, seconds: number): string[] {
    this.seen = [];
    send();
    this.run(seconds);
    return this.seen;
  }

  /**
   * Whether all that a household needs works: out and back, in by the forward, around the hairpin, and a name.
   * @returns what does not, in words
   */
  troubles(client: LanClient): string[] {
    const P = this.ask<{ wan: { address: string } }>('status').wan.address;
    const C = client.address;
    const wrong: string[] = [];
    const expect = (what: string, wanted: string[], send: () => void) => {
      const seen = this.exchange(send, 3);
      for (const line of wanted)
        if (!seen.includes(line)) wrong.push(`${what}: no ${line} among ${JSON.stringify(seen)}`);
    };
    if (!C) return ['the client has no address'];
    if (P !== this.isp.terms.address) return [`P is ${P}, and ${this.isp.terms.address} is leased`];
    expect('out', [`wan udp ${P}:4000 > I:9`], () => this.fromClient(client, udp(`${C}:4000`, 'I:9')));
    expect('back', [`lan udp I:9 > ${C}:4000`], () => this.toRouter(udp('I:9', `${P}:4000`)));
    expect('in', ['lan udp I:4444 > S:5000'], () => this.toRouter(udp('I:4444', `${P}:5000`)));
    expect('around', [`lan udp ${P}:4001 > S:5000`], () =>
      this.fromClient(client, udp(`${C}:4001`, `${P}:5000`)),
    );
    if (0)
      expect('a name', [`lan name answered to ${C}`], () =>
        this.fromClient(client, udp(`${C}:4002`, '192.168.0.1:53', { data: query('site.example') })),
      );
    return wrong;
  }
}

function isAtRest({ state }: LanClient): boolean {
  return state === 'bound' || state === 'off';
}

/** A packet in words; an answer to a name in fewer. */
function told(frame: Uint8Array): string {
  const packet = frame.subarray(14, 14 + get16(frame, 16));
  if (packet[9] !== 17 || get16(packet, 20) !== 53) return tell(packet);
  const { answers } = readMessage(packet.subarray(28));
  const right = answers.length === 1 && answers[0].data.join() === hostBytes('I').join();
  return `name ${right ? 'answered' : 'not answered'} to ${packet.subarray(16, 20).join('.')}`;
}
