/*
 * The loop of a thread that owns Ethernet ports: wait, take what came, answer requests, again. It blocks in
 * `poll` and never returns to the event loop, so nothing in such a thread may rely on promises or Node timers.
 *
 * The thread's other side is port-thread.ts. What happens to frames is the body's business.
 */
import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { Waiter, type EthernetPort } from './ethernet-port.ts';
import { InterfaceRefused } from './interface.ts';
import * as libc from './libc.ts';
import type { FromThread, ToThread } from './port-thread.ts';

export interface LoopBody {
  readonly ports: readonly EthernetPort[];
  /** Handles what is waiting on the ports. Returns how long the loop may block, in ms (-1 = until something comes). */
  turn(waiter: Waiter): number;
  /** Answers a request; what it throws is sent back as a sentence. */
  answer(request: string, text: string): unknown;
}

/** To this thread's owner. */
export function post(message: FromThread): void {
  parentPort!.postMessage(message);
}

/**
 * Runs until asked to stop. `wake` is the descriptor the owner writes to after each message.
 * What `make` throws (an interface refused) is told to the owner as the thread's failure.
 */
export function runPortLoop(wake: number, make: () => LoopBody): void {
  try {
    const body = make();
    const waiter = new Waiter(body.ports, wake);
    post({ kind: 'ready' });
    do waiter.wait(body.turn(waiter));
    while (!waiter.woken() || answerRequests(body, wake));
    for (const port of body.ports) port.close();
    post({ kind: 'stopped' });
  } catch (error) {
    const refused = error instanceof InterfaceRefused;
    post({
      kind: 'failed',
      refused,
      text: refused ? error.message : String((error as Error).stack ?? error),
    });
  }
  parentPort!.close();
}

/** False once the owner asked to stop. */
function answerRequests(body: LoopBody, wake: number): boolean {
  libc.read(wake, Buffer.alloc(8), 8);
  for (;;) {
    const message = receiveMessageOnPort(parentPort!)?.message as ToThread | undefined;
    if (!message) return true;
    if (message.request === 'stop') return false;
    try {
      post({ kind: 'answer', id: message.id, answer: body.answer(message.request, message.text) });
    } catch (error) {
      post({ kind: 'refusal', id: message.id, text: (error as Error).message });
    }
  }
}
