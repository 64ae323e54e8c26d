/**
 * A router over whose shoulder a test may reach: the bundle with a way to evaluate code beside it, to remove its
 * interval and to make functions of the platform throw. For what no code of the router's own can catch.
 */
import { bundle } from '../scenes/router.ts';
import { Rig } from '../w5500/rig.ts';
import { settleFlow } from './traffic.ts';

/**
 * Around the bundle: `hairpin('test CODE')` evaluates CODE, `loop` is the number of the router's interval, and E.hwRand
 * and getTime throw while `faulty` names them.
 */
const before = `var loop, faulty = '';
  (function (interval, random, time) {
    setInterval = function (f, ms) { return (loop = interval(f, ms)); };
    E.hwRand = function () { if (faulty == 'hwRand') throw new Error('no luck'); return random(); };
    getTime = function () { if (faulty == 'getTime') throw new Error('no time'); return time(); };
  })(setInterval, E.hwRand, getTime);\n`;
const after = `\n(function (answer) {
  hairpin = function (line) {
    return line.indexOf('test ') ? answer(line) : '' + (0, eval)(line.substring(5));
  };
})(hairpin);`;

export async function settled(): Promise<Rig> {
  const rig = new Rig(before + (await bundle()) + after, {});
  rig.board.boot();
  start(rig);
  return rig;
}

/** From power-on to a settled flow. */
export function start(rig: Rig): void {
  rig.run(300_000);
  rig.introduce();
  settleFlow(rig);
  rig.forget();
  rig.console.length = 0;
}
