/**
 * One boot of the conformance script: the bundle over two chip models on a virtual clock, every call between firmware
 * and platform written down. Frames go in, what leaves is told in words with every checksum verified, counters tell
 * what was decided. The board's clock can be set forward, which passes hours in a few recorded events.
 */
import assert from 'node:assert/strict';
import { Faults } from '../../../host-tools/emulator/faults.ts';
import type { RecordedEvent } from '../../../host-tools/emulator/recording.ts';
import { World } from '../../../host-tools/emulator/world.ts';
import type { WorldOptions } from '../../../host-tools/emulator/world.ts';
import { arp, ethernet, macOf, told } from '../../control/table.ts';
import type { Left, Port } from '../../control/table.ts';
import { StageRecorder } from './platform.ts';
import type { FailingCall, PlatformWish } from './platform.ts';

/** What a boot may differ in. */
export interface Wish extends PlatformWish, Pick<WorldOptions, 'timed' | 'behaviour' | 'radios'> {
  /** Things that are wrong with the chips from the beginning. */
  spoil?: (faults: { wan: Faults; lan: Faults }) => void;
  /** A board whose chips are wired otherwise: text of its board.json. */
  wired?: string;
  /** The firmware may break rules of the chip: it is led to, by the faults that the boot is about. */
  lenient?: boolean;
}

/** Microseconds in which the chips come up: a reset pulse, the PLL, one probe, and the turn after it. */
const bringUpTime = 16_000;
/** One turn of the firmware's timer, microseconds. */
const turnTime = 20_000;

/** What the driver does on purpose: a read starts one byte early, for alignment (firmware/w5500/port.ts). */
const readsEarly = /RX buffer: .* are not all received data/;

const everyone = [255, 255, 255, 255, 255, 255];

export class Router {
  readonly world: World;
  readonly faults = { wan: new Faults(1), lan: new Faults(2) };
  /** Lines printed on the console. */
  readonly console: string[] = [];
  /** Rules of the chip that the firmware broke. */
  readonly complaints: string[] = [];
  private readonly recorder: StageRecorder;
  private left: Left[] = [];
  private counters: Record<string, number> = {};
  private readonly marks = new Set<number>();

  constructor(bundle: string, boardText: string, wish: Wish) {
    const board = wish.wired ?? boardText;
    this.recorder = new StageRecorder({ board, ...wish });
    wish.spoil?.(this.faults);
    this.world = new World({
      bundle,
      // How the model's wires lie; what the firmware reads is the recorder's business.
      files: { 'board.json': board },
      faults: this.faults,
      timed: wish.timed,
      radios: wish.radios,
      behaviour: { negotiation: 0, ...wish.behaviour },
      recorder: this.recorder,
      print: (line) => this.console.push(line),
      strict: (complaint) => {
        if (!wish.lenient && !readsEarly.test(complaint)) this.complaints.push(complaint);
      },
    });
    for (const port of ['wan', 'lan'] as const) {
      this.world[port].onTransmit = (frame) => this.left.push({ port, frame });
    }
  }

  /** Power-on, and time for the chips to come up. */
  boot(): void {
    this.reached();
    this.world.board.boot();
    this.world.run(bringUpTime);
  }

  get events(): readonly RecordedEvent[] {
    return this.recorder.events;
  }

  /** Lets a frame arrive; the firmware has not looked yet. */
  deliver(port: Port, bytes: Uint8Array): void {
    this.world[port].deliver(bytes);
  }

  /** Somebody else writes to a chip: three header bytes and data. */
  poke(port: Port, ...bytes: number[]): void {
    const chip = this.world[port];
    chip.select();
    chip.transfer(Uint8Array.from(bytes), null);
    chip.deselect();
  }

  /** Lets a frame arrive and the firmware react to its interrupt. @returns what left, in words */
  frame(port: Port, bytes: Uint8Array): string[] {
    this.deliver(port, bytes);
    this.world.settle();
    return this.take();
  }

  /** What left since the last look, in words. */
  take(): string[] {
    assert.deepEqual(this.complaints, []);
    return told(this.left.splice(0));
  }

  /** A LAN host sends an IP packet to the router. */
  lan(packet: Uint8Array, from = macOf(packet.subarray(12, 16).join('.'))): string[] {
    return this.frame('lan', ethernet(macOf('R'), from, 0x0800, packet));
  }

  /** The gateway hands over an IP packet. */
  wan(packet: Uint8Array): string[] {
    return this.frame('wan', ethernet(macOf('P'), macOf('G'), 0x0800, packet));
  }

  /** A host asks all others for an address by ARP. */
  arp(port: Port, sender: string, target: string): string[] {
    return this.arpPacket(port, arp(1, sender, target));
  }

  /** Somebody sends an ARP packet to all, or to one. */
  arpPacket(port: Port, packet: Uint8Array, to = everyone): string[] {
    return this.frame(port, ethernet(to, Array.from(packet.subarray(8, 14)), 0x0806, packet));
  }

  /** Turns of the firmware's timer. @returns what left meanwhile */
  turns(count: number): string[] {
    this.world.run(count * turnTime);
    return this.take();
  }

  /** Puts a file into Storage, as somebody at the console may at any time. */
  store(name: string, text: string): void {
    this.recorder.files[name] = text;
  }

  /** From now on this call of the platform throws; none of them: no more. */
  fail(call: FailingCall): void {
    this.recorder.failing = call;
  }

  /** From now on few variables are free, or enough again. */
  scarce(is: boolean): void {
    this.recorder.scarce = is;
  }

  /** Sets the board's clock forward and gives the firmware a turn to notice. @returns what left */
  leap(seconds: number): string[] {
    this.recorder.leapt += seconds;
    return this.turns(1);
  }

  /** Second after second, as neighbours need it. @returns what left */
  pass(seconds: number): string[] {
    const left: string[] = [];
    for (let i = 0; i < seconds; i++) left.push(...this.leap(1));
    return left;
  }

  /** Numbers of the marks reached in all boots so far; none, if the bundle has no marks (coverage.ts). */
  reached(): ReadonlySet<number> {
    const marks = this.world.board.evaluate(
      'JSON.stringify(typeof hairpin === "function" && hairpin.marks || [])',
    );
    (JSON.parse(String(marks)) as (1 | null)[]).forEach((hit, n) => hit && this.marks.add(n));
    return this.marks;
  }

  /** Somebody at the serial line types. @returns what the board sends within so many seconds */
  type(text: string, seconds = 1): string {
    let sent = '';
    this.world.board.line.onSent = (piece) => (sent += piece);
    this.world.board.line.receive(text);
    this.world.run(seconds * 1e6);
    return sent;
  }

  /** A request that succeeds. */
  ask(line: string): Record<string, unknown> {
    const answer = JSON.parse(this.world.board.hairpin(line)) as Record<string, unknown> & { ok: boolean };
    assert.ok(answer.ok, `${line}: ${String(answer.error)}`);
    return answer;
  }

  /** A request that is refused. @returns the sentence */
  refused(line: string): string {
    const answer = JSON.parse(this.world.board.hairpin(line)) as { ok: boolean; error: string };
    assert.equal(answer.ok, false, line);
    return answer.error;
  }

  /** What was counted since the last time, by name. */
  count(): Record<string, number> {
    const now = this.everything();
    const moved: Record<string, number> = {};
    for (const [name, value] of Object.entries(now)) {
      const more = value - (this.counters[name] ?? 0);
      if (more !== 0) moved[name] = more;
    }
    this.counters = now;
    return moved;
  }

  /** The drops and troubles counted since the last time are these, each as often as it is named. */
  counts(...names: string[]): void {
    const moved = Object.entries(this.count()).filter(([name]) => !traffic.test(name));
    const list = moved.flatMap(([name, times]) => Array<string>(times).fill(name));
    assert.deepEqual(list.sort(), names.sort());
  }

  /** Everything counted since the boot, by name. */
  everything(): Record<string, number> {
    return this.ask('counters').counters as Record<string, number>;
  }

  /** Flows from one slot to another in words, asked for answer by answer: `tcp C:33333>P:25 established`. */
  flows(from = 1, to = 512): string[] {
    const words: string[] = [];
    for (let slot = from; slot && slot <= to;) {
      const { flows, next } = this.ask(`flows ${slot}`) as unknown as FlowsAnswer;
      words.push(...flows.map(({ proto, original, state }) => `${proto} ${original} ${state}`));
      slot = next ?? 0;
    }
    return words;
  }
}

interface FlowsAnswer {
  flows: { proto: string; original: string; state: string }[];
  next: number | null;
}

/** Counters that tell what was done rather than what was refused or went wrong. */
const traffic = /^(received|forwarded|looked|answered|sent|flows|held|consumed)/;
