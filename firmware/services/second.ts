/**
 * What the services do once a second: each looks at its own timers. Called by the loop, before what is posted leaves.
 */

/** Called once a second. @param now whole seconds since the start: unlike the arena's clock they never wrap */
export function serveSecond(now: number): void {
  // Nothing is due yet.
  void now;
}
