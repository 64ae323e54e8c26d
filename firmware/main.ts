/**
 * Composition: reads the board and the config, opens both ports, starts the loop, opens the seam.
 *
 * The order of imports is the order of names in the bundle, and the interpreter finds early names faster: the hot
 * rooms come first.
 */
import './datapath/translate.ts';
import './w5500/transmit.ts';
import './router/drain.ts';
import { arena } from './layout/arena.ts';
import { parseBoard } from './config/board.ts';
import type { Config } from './config/schema.ts';
import { parseConfig } from './config/validate.ts';
import { setAddresses } from './control/addresses.ts';
import { setHairpinDynamic } from './control/admit.ts';
import { resetPorts } from './control/endpoints.ts';
import { resetFlows } from './control/flows.ts';
import { setForwards } from './control/forwards.ts';
import { resetHops } from './control/hops.ts';
import { resetHeld } from './control/neighbours.ts';
import { openOutbox } from './control/outbox.ts';
import { setTimeouts } from './control/states.ts';
import { setMacs } from './control/station.ts';
import { resetSweep } from './control/sweep.ts';
import { lanPort, wanPort } from './layout/ports.ts';
import { isFlat, openBus } from './platform/bus.ts';
import { random32, readFile, say } from './platform/system.ts';
import { openTransmitters } from './router/transmitters.ts';
import { startLoop, traceLoop, uptime } from './router/turn.ts';
import { answer, openSeam } from './services/seam.ts';
import { bringUp } from './w5500/bring-up.ts';
import { openPort } from './w5500/port.ts';

const boardFile = 'board.json';
const configFile = 'config.json';

/** Fills the tables from the config. */
function configure(config: Config): void {
  setAddresses(config);
  setMacs(config.wan.mac, config.lan.mac);
  resetHops(config.wan.mac, config.lan.mac);
  resetHeld();
  resetFlows();
  resetPorts(random32);
  resetSweep();
  openOutbox();
  setForwards(config.forwards);
  setHairpinDynamic(config.nat.hairpinDynamic);
  const limits = config.nat.timeouts;
  setTimeouts(limits.udp, limits.tcpEstablished, limits.tcpTransitory, limits.icmp);
}

/** Starts the router. @returns the config it runs with, or undefined: then the console says why it does not run */
function start(): Config | undefined {
  if (!isFlat(arena)) {
    say(
      'No piece of memory is large enough for the tables. Restart the board; if it persists, switch Bluetooth off.',
    );
    return undefined;
  }
  const board = parseBoard(readFile(boardFile) || '', boardFile);
  const parsed = parseConfig(readFile(configFile) || '', configFile);
  if ('error' in board) {
    say(board.error);
    return undefined;
  }
  if ('error' in parsed) {
    say(parsed.error);
    return undefined;
  }
  const config = parsed.config;
  for (let i = 0; i < parsed.warnings.length; i++) say(parsed.warnings[i]);
  const bus = openBus(board.board.spi);
  if (!bus) {
    say(
      'This build of the interpreter has no bus ' + board.board.spi.bus + ', which ' + boardFile + ' names.',
    );
    return undefined;
  }
  configure(config);
  const wan = openPort(wanPort, bus, board.board.wan);
  const lan = openPort(lanPort, bus, board.board.lan);
  openTransmitters(wan, lan);
  startLoop(wan, config.wan.mac, lan, config.lan.mac);
  bringUp(wan, config.wan.mac);
  bringUp(lan, config.lan.mac);
  return config;
}

openSeam(start(), uptime, traceLoop);
export { answer as hairpin };
