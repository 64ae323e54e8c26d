/* Real time for the board's end of a pseudo-terminal, only faster: a board at ten times the baud rate that starts in a tenth of the time. */
import { type Time, realTime } from '../../../host-tools/device/serial/time.ts';

export function fastTime(factor: number): Time {
  return {
    now: () => realTime.now() * factor,
    after: (ms, action) => realTime.after(ms / factor, action),
  };
}
