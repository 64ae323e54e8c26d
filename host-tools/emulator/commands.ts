// Sn_CR: holds a command until the chip accepts it, then carries it out. Rows 7, 8 and 36 of docs/emulator.md.
// Of the protocols only MACRAW on socket 0 exists here, and of TCP what unanswered.ts has.
import type { ChipContext } from './context.ts';
import type { Receiver } from './receive.ts';
import type { Socket } from './socket.ts';
import type { Transmitter } from './transmit.ts';
import type { Unanswered } from './unanswered.ts';
import * as reg from './registers.ts';

/** What a MACRAW socket can do. Sockets 1-7 have none. */
export interface MacrawEngine {
  readonly transmitter: Transmitter;
  readonly receiver: Receiver;
  /** Called at OPEN, to complain of settings that must be right by then. */
  checkSettings(): void;
}

export class Commands {
  private stopHold: () => void = () => {};

  constructor(
    private readonly context: ChipContext,
    private readonly socket: Socket,
    private readonly engine: MacrawEngine | null,
    private readonly unanswered: Unanswered,
  ) {
    socket.onCommand = (command) => this.accept(command);
  }

  reset(): void {
    this.stopHold();
    this.unanswered.stop();
  }

  private get register(): string {
    return `S${this.socket.index}_CR`;
  }

  private accept(command: number): void {
    const { context, socket } = this;
    if (socket.command !== 0) {
      context.complain(
        this.register,
        'a command written while the last one is not accepted is lost; wait for 0.',
      );
      return;
    }
    if (context.faults?.stickNextCommand === true) {
      context.faults.stickNextCommand = false;
      socket.command = command;
      return;
    }
    const hold = context.behaviour.commandHold;
    if (hold === 0) {
      this.execute(command);
      return;
    }
    socket.command = command;
    this.stopHold = context.clock.schedule(context.clock.now() + hold, () => {
      socket.command = 0;
      this.execute(command);
      context.interruptsChanged();
    });
  }

  private execute(command: number): void {
    const { context, socket, engine } = this;
    if (command === reg.OPEN) this.open();
    else if (command === reg.CLOSE) this.close();
    else if (command === reg.CONNECT && socket.status === reg.SOCK_INIT) this.unanswered.connect();
    else if (engine === null || !socket.opened)
      context.complain(this.register, `command 0x${command.toString(16)} on a closed socket does nothing.`);
    else if (command === reg.SEND) engine.transmitter.send();
    else if (command === reg.RECV) engine.receiver.free();
    else
      context.complain(this.register, `command 0x${command.toString(16)} means nothing to a MACRAW socket.`);
  }

  private open(): void {
    const { context, socket, engine } = this;
    const protocol = socket.mode & reg.Sn_MR_PROTOCOL;
    if (protocol === reg.Sn_MR_TCP) {
      socket.status = reg.SOCK_INIT;
      return;
    }
    if (protocol !== reg.Sn_MR_MACRAW) {
      context.complain(
        this.register,
        `OPEN with protocol ${protocol}; this model has MACRAW (4) and a little of TCP (1), it stays closed.`,
      );
      return;
    }
    if (engine === null) {
      context.complain(this.register, 'OPEN in MACRAW; only socket 0 can, it stays closed.');
      return;
    }
    engine.checkSettings();
    engine.transmitter.close();
    socket.clearPointers();
    socket.setMaximumSegment(reg.MACRAW_MSS);
    socket.status = reg.SOCK_MACRAW;
  }

  /** The ring keeps its stale bytes; pointers are cleared by the next OPEN. */
  private close(): void {
    this.engine?.transmitter.close();
    this.unanswered.stop();
    this.socket.status = reg.SOCK_CLOSED;
  }
}
