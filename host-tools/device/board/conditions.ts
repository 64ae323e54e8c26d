/*
 * What must be true of the world around a pin that board.json may name, and what to do about it. What a pin can never
 * be used for is the firmware's business, which refuses it (firmware/config/board.ts).
 *
 * Sources: ESP32 data sheet (strapping pins, pin list), ESP-IDF's SPI timing, the W5500's data sheet. Pure.
 */
import type { Board, BoardSpi } from '../../../firmware/config/board.ts';
import { isShared, ports, signalNames, useOf, wiresOf } from './wires.ts';
import type { Line, Wire } from './wires.ts';

/** One pin that may be used as it is used, if something holds. */
export interface Condition {
  /** "D12" */
  pin: string;
  /** What the board uses it for: "MISO of the LAN module". */
  use: string;
  /** What must be true, in a sentence or two. */
  condition: string;
  /** What makes it true, or what to do when it is not. */
  remedy: string;
}

type Rule = (wire: Wire) => { condition: string; remedy: string };

/** Pull-up for a chip select: strong against the ESP32's own pull-downs, weak against its outputs. */
export const pullUp = '10 kohm';

/** Lines that rest high: the module holds INTn so, and a select or a reset is let go by being high. */
const restsHigh: readonly Line[] = ['select', 'interrupt', 'reset'];

const flashVoltage = `For good: burn the fuse that fixes the flash voltage (\`espefuse --port PORT set-flash-voltage 3.3V\`, which cannot be undone).`;

/** GPIO 34 to 39 have no pull-up inside. */
const inputOnly: Rule = ({ line }) =>
  line === 'interrupt'
    ? {
        condition:
          'D34 to D39 have no pull-up: while the module is missing or without power the line floats, and the router is called for nothing.',
        remedy: `Put ${pullUp} between INTn and 3V3.`,
      }
    : {
        condition:
          'D34 to D39 have no pull-up: with no module selected the line floats, and a missing module reads as anything at all.',
        remedy: `Put ${pullUp} between MISO and 3V3.`,
      };

const hidden: Rule = (wire) => ({
  condition: `ESP32-WROOM and WROVER modules do not bring ${wire.pin} out. ${inputOnly(wire).condition}`,
  remedy: `Look for it on your board, or use another pin. ${inputOnly(wire).remedy}`,
});

const psram: Rule = () => ({
  condition: 'D16 and D17 are free only on ESP32 modules without PSRAM: WROOM, not WROVER.',
  remedy: 'Look at what is printed on the metal lid, or use another pin.',
});

/** By GPIO number. The levels of 2, 5, 12 and 15 are read while the ESP32 comes out of reset. */
const rules: Record<number, Rule> = {
  2: ({ line }) => ({
    condition:
      'D2 must be low or open when the ESP32 is reset into its bootloader, or flashing does not begin. For an ordinary start any level will do. Many boards have an LED on it.',
    remedy: restsHigh.includes(line)
      ? `${signalNames[line]} rests high: take this wire off while you flash, or use another pin.`
      : 'If flashing does not begin, take this wire off for the time.',
  }),
  5: () => ({
    condition:
      'Any level will do at reset: D5 chooses the timing of an SDIO slave, which this firmware is not.',
    remedy: 'Nothing has to be done.',
  }),
  12: ({ line, ports: to }) => ({
    condition:
      'D12 must be low when the ESP32 comes out of reset: high selects 1.8 V for its flash chip, and a module with 3.3 V flash does not start. The ESP32 pulls it down weakly itself.',
    remedy:
      line === 'miso'
        ? `Put ${pullUp} between ${to.length > 1 ? "each module's" : "that module's"} SCSn and 3V3: a chip that is not selected leaves MISO open. ${flashVoltage}`
        : restsHigh.includes(line)
          ? `${signalNames[line]} rests high: use another pin. ${flashVoltage}`
          : `Nothing on this wire may pull it up. ${flashVoltage}`,
  }),
  15: () => ({
    condition:
      'D15 low at reset silences the ROM bootloader, whose first lines tell why a board does not start. The router runs all the same.',
    remedy: 'Nothing has to be done: the ESP32 pulls it up itself. Do not tie it to ground.',
  }),
  16: psram,
  17: psram,
  34: inputOnly,
  35: inputOnly,
  36: inputOnly,
  37: hidden,
  38: hidden,
  39: inputOnly,
};

/** SCLK, MISO and MOSI that need no GPIO matrix. */
const ownPins: Record<BoardSpi['bus'], string> = { SPI1: 'D14 D12 D13', SPI2: 'D18 D19 D23' };
/** Above this, through the matrix, MISO's delay counts: 80 MHz / 4. */
const easyHertz = 20_000_000;

function clockConditions(board: Board): Condition[] {
  const owners = isShared(board) ? ports.slice(0, 1) : ports;
  return owners.flatMap((port): Condition[] => {
    const { bus, sck, miso, mosi, hertz } = board[port].spi;
    if (hertz <= easyHertz || `${sck} ${miso} ${mosi}` === ownPins[bus]) return [];
    const wire = wiresOf(board).find(({ pin }) => pin === sck)!;
    return [
      {
        pin: sck,
        use: `${useOf(wire)} at ${Math.round(hertz / 1e5) / 10} MHz`,
        condition:
          "Above 20 MHz, through the ESP32's GPIO matrix, module and wires may add 7.5 ns at most to the 5 ns after which a W5500 answers.",
        remedy: `Short wires, and \`hairpin doctor\` to write and read back at this clock. Or 20 MHz, or the bus's own pins (${ownPins[bus]}).`,
      },
    ];
  });
}

/** The conditions of a board, in the order of its wires; none: nothing to take care of. */
export function conditionsOf(board: Board): Condition[] {
  const ofPins = wiresOf(board).flatMap((wire): Condition[] => {
    const rule = rules[Number(wire.pin.slice(1))];
    return rule ? [{ pin: wire.pin, use: useOf(wire), ...rule(wire) }] : [];
  });
  return [...ofPins, ...clockConditions(board)];
}
