/*
 * One command's time with a router: the port is opened once and closed once, whatever happens in between, Ctrl-C
 * included. What tests replace - ports, output, how long to wait - is handed in.
 */
import { type Progress, progressOn } from '../../cli/progress.ts';
import { untilInterrupted } from '../../cli/interruption.ts';
import type { ByteLine } from '../serial/byte-line.ts';
import { type Time, realTime } from '../serial/time.ts';
import { type Router, reachRouter } from './router.ts';

/** The world outside, as far as these commands touch it. */
export interface Edges {
  /** Opens the port that was named, or the one there is. */
  open(port: string | undefined): Promise<ByteLine>;
  /** Prints lines on the output. */
  print(text: string): void;
  /** Prints a remark for people, which is not part of the output. */
  remark(text: string): void;
  /** Whether nobody reads the output any more (`| head`). */
  unread(): boolean;
  /** For what takes a while. */
  progress(json: boolean): Progress;
  time: Time;
}

/** This computer's ports and the terminal. */
export const terminal: Edges = {
  open: async (port) => {
    // Loaded only now: tests that bring a line of their own run where serialport cannot.
    const { findPort } = await import('../serial/find-port.ts');
    const { openPort } = await import('../serial/open-port.ts');
    return openPort(await findPort(port));
  },
  print: (text) => void process.stdout.write(`${text}\n`),
  remark: (text) => void process.stderr.write(`${text}\n`),
  unread: () => process.stdout.errored !== null && process.stdout.errored !== undefined,
  progress: (json) => progressOn(process.stderr, json),
  time: realTime,
};

/** What every command that talks to a board takes. */
export interface PortOption {
  port?: string;
}

/**
 * Opens the port, finds the router, and does the work; resolves with the command's exit code.
 * @param tidy is done with the router whenever there was one, also after Ctrl-C, before the port is closed
 * @throws UserError when there is no port or no router; Interrupted
 */
export async function withRouter(
  { port }: PortOption,
  edges: Edges,
  work: (router: Router) => Promise<number>,
  tidy: (router: Router) => Promise<void> = async () => {},
): Promise<number> {
  let line: ByteLine | undefined;
  let router: Router | undefined;
  return untilInterrupted(
    async () => {
      line = await edges.open(port);
      router = await reachRouter(line, edges.time);
      return work(router);
    },
    async () => {},
    async () => {
      try {
        if (router) await tidy(router);
      } finally {
        router?.end();
        await line?.close();
      }
    },
  );
}
