/*
 * What goes wrong in the first hour with a board on the table: what is seen, why, and what helps. Data; the boards'
 * pages print it.
 */
import type { Board } from '../../../firmware/config/board.ts';
import { isShared, wiresOf } from './wires.ts';

export interface Trouble {
  symptom: string;
  cause: string;
  remedy: string;
  /** Only on boards of which this is true. */
  on?: (board: Board) => boolean;
}

const hasPin12 = (board: Board): boolean => wiresOf(board).some(({ pin }) => pin === 'D12');

const all: readonly Trouble[] = [
  {
    symptom: 'No serial port appears when the board is plugged in',
    cause: 'The USB cable has no data lines; or the driver of its USB adapter is missing (Windows, macOS)',
    remedy: "A cable that has carried data before. The adapter's name is on its chip: CP2102, CH340",
  },
  {
    symptom: 'The port is there, but may not be opened (Linux)',
    cause: 'You are not in the group that may use serial ports',
    remedy: '`sudo usermod -aG dialout $USER`, then log in again',
  },
  {
    symptom: '`hairpin flash` reaches no boot loader',
    cause: 'The USB adapter is not wired to EN and BOOT, or something holds a strapping pin',
    remedy:
      'Hold BOOT, tap EN, let go of BOOT, run it again. If that fails, take the modules off and try again',
  },
  {
    symptom: '`flash read err, 1000`, over and over, and no start',
    cause: 'D12 is high at reset: the flash chip gets 1.8 V',
    remedy:
      'Take the wire off D12: if the board starts now, that was it. Then put the resistor in. If the MISO of the module shows more than 0.8 V with nothing else on it, the module pulls it up itself: burn the fuse, or take the board with one bus',
    on: hasPin12,
  },
  {
    symptom: '`Brownout detector was triggered`, or restarts when a cable is plugged into a module',
    cause: 'The 3.3 V give way: a thin USB cable, a hub, a small regulator',
    remedy: 'A short cable into a charger of 1 A or more, or a supply of its own for the modules',
  },
  {
    symptom: 'The regulator on the development board is too hot to touch',
    cause: 'It turns the 1.7 V between 5 V and 3.3 V into heat',
    remedy: 'A supply of its own for the modules',
  },
  {
    symptom: 'A module gets hot at once',
    cause: '5 V on its 3V3 pin, or power and ground exchanged',
    remedy: 'Unplug. Measure before you connect again; the module may be lost',
  },
  {
    symptom: '`The WAN chip does not answer as a W5500 (version register 0, ...)`, or 255',
    cause:
      'No power, no ground, or a wire on another pin: MISO and MOSI exchanged, SCLK, SCSn; RSTn held low',
    remedy: '`hairpin doctor` says which wire. Measure 3.3 V at the module itself (2.97 to 3.63 V)',
  },
  {
    symptom: 'The same with any other number, or another number each time',
    cause: 'The clock is too fast for the wires, or a contact is loose',
    remedy: 'Shorter wires; `"hertz": 10000000` for a try',
  },
  {
    symptom: '`... answers, but does not keep what is written to it or does not open`',
    cause: 'The supply, or the clock, is at its limit',
    remedy: 'Capacitors at the module, shorter wires, a lower `spi.hertz`',
  },
  {
    symptom: 'Each module works alone, both together do not',
    cause:
      'One of them is selected all the time and talks into the bus: its SCSn is low, open or on another pin',
    remedy: 'Check SCSn of the module that is silent, and of the other one. Put the 10 kohm in',
    on: isShared,
  },
  {
    symptom: 'Both modules answer, but WAN and LAN seem exchanged',
    cause: 'The Ethernet cables are',
    remedy: 'Exchange the cables: which module is which is decided by SCSn, INTn and RSTn',
  },
  {
    symptom: 'The link LED stays dark',
    cause: 'A W5500 does not cross its pairs by itself (no auto-MDIX)',
    remedy: 'A port of a switch or router in between, or a crossover cable',
  },
  {
    symptom: 'It works, but slowly, and `counters` has a growing `interrupt-missed`',
    cause: 'INTn is open or on another pin; the router then looks every 20 to 60 ms',
    remedy: '`hairpin doctor` moves each INTn and says where it arrives',
  },
  {
    symptom: 'It works for minutes, and `counters` has a growing `chip-restarted` or `chip-reset`',
    cause: 'Bits fall over: long wires, no capacitor, the clock',
    remedy: '100 nF and 10 uF at the module, wires no longer than a finger, 20 MHz or less',
  },
  {
    symptom: '`The router is left out: ...`',
    cause: 'BOOT was held at the start, or three starts in a row failed',
    remedy: 'Let go of BOOT and tap EN. If it comes again, `hairpin doctor`',
  },
];

/** The troubles that a board can have, in the order in which they are met. */
export function troublesOf(board: Board): Trouble[] {
  return all.filter(({ on }) => on === undefined || on(board));
}
