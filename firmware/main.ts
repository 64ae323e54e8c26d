/**
 * Composition, in the order of boot: radios quiet, tables in one piece, board and config read, tables filled, bus,
 * ports, loop and watchdog, chips, seam. Whatever is missing, the seam answers and the console says it.
 *
 * The order of imports is the order of names in the bundle, and the interpreter finds early names faster: the hot
 * rooms come first.
 */
import './datapath/tcp.ts';
import './datapath/udp.ts';
import './w5500/receive.ts';
import './w5500/transmit.ts';
import './router/drain.ts';
import { arena, ledPin, switches } from './layout/arena.ts';
import type { Config } from './config/schema.ts';
import { setAddresses } from './control/addresses.ts';
import { resetPorts } from './control/endpoints.ts';
import { resetFlows } from './control/flows.ts';
import { setForwards } from './control/forwards.ts';
import { resetHops } from './control/hops.ts';
import { resetNeighbours } from './control/neighbours.ts';
import { openServices } from './control/local.ts';
import { setPolicy, setServed } from './control/policy.ts';
import { readOwnMacs } from './control/station.ts';
import { resetSweep } from './control/sweep.ts';
import { lanPort, wanPort } from './layout/ports.ts';
import { startMark } from './layout/start-mark.ts';
import { isFlat, openBus } from './platform/bus.ts';
import { writeMark } from './platform/start.ts';
import { random32, say } from './platform/system.ts';
import { countReceived } from './router/drain.ts';
import { startLoop, traceLoop, uptime } from './router/turn.ts';
import { boardFile, readSettings } from './services/boot.ts';
import type { Settings } from './services/boot.ts';
import { noteStart } from './services/changes.ts';
import { openConsole } from './services/console.ts';
import { serveDatagram } from './services/datagrams.ts';
import { readLeases } from './services/lease-store.ts';
import { quietRadios } from './services/quiet.ts';
import { answer, openSeam } from './services/seam.ts';
import { serveSecond } from './services/second.ts';
import { bringUp } from './w5500/bring-up.ts';
import { openPort } from './w5500/port.ts';

/** Fills the tables from the config. */
function configure(config: Config): void {
  setAddresses(config);
  resetHops(config.wan.mac, config.lan.mac);
  readOwnMacs();
  resetNeighbours();
  resetFlows();
  resetPorts(random32);
  resetSweep();
  setForwards(config.forwards, config.dmz);
  setServed(config);
  setPolicy(config.nat);
}

/**
 * Starts the router.
 * @returns why it does not run, or empty
 * @overlay
 */
function start(settings: Settings): string {
  const wan = settings.board.wan;
  const lan = settings.board.lan;
  configure(settings.config);
  const wanBus = openBus(wan.spi);
  // Setting a bus up again would first take it away.
  const lanBus = lan.spi === wan.spi ? wanBus : openBus(lan.spi);
  if (!wanBus || !lanBus) {
    const missing = (wanBus ? lan : wan).spi.bus;
    return 'This build of the interpreter has no bus ' + missing + ', which ' + boardFile + ' names.';
  }
  noteStart();
  if (settings.config.lan.dhcp) readLeases();
  if (settings.board.led) switches[ledPin] = Number(settings.board.led.substring(1)) + 1;
  openServices(serveDatagram);
  startLoop(openPort(wanPort, wanBus, wan), openPort(lanPort, lanBus, lan), serveSecond);
  bringUp(wanPort);
  bringUp(lanPort);
  return '';
}

/** One overlay after the other, none inside another: what they take together is the most that booting needs. */
function prepareAndStart(): string {
  // A local, because only what cannot change may be put in place of isFlat's parameter.
  const tables = arena;
  quietRadios();
  if (!isFlat(tables)) {
    return 'No piece of memory is large enough for the tables: restart the board, and if that does not help, switch Bluetooth off, as hairpin flash does.';
  }
  const settings = readSettings();
  return typeof settings == 'string' ? settings : start(settings);
}

/** Starts the router, or says why it does not run: then this start has not failed, it is over. @returns that sentence, or empty */
function boot(): string {
  let reason = '';
  try {
    reason = prepareAndStart();
  } catch (error) {
    reason = 'The start failed with an exception: ' + error;
  }
  if (reason) {
    say(reason);
    writeMark(startMark);
  }
  return reason;
}

openSeam(boot(), uptime, traceLoop, countReceived);
openConsole();
export { answer as hairpin };
