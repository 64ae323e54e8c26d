/*
 * The page of a board, README.md in its folder, made of its board.json: picture, wires, conditions, parts, power, and
 * the first hour. Pure: a board in, Markdown out.
 */
import type { Board } from '../../../firmware/config/board.ts';
import { conditionsOf, pullUp, type Condition } from './conditions.ts';
import { troublesOf } from './troubles.ts';
import { isShared, ports, signalNames, wiresOf } from './wires.ts';

/** The whole page, as prettier has yet to see it. */
export function boardPage(board: Board): string {
  const conditions = conditionsOf(board);
  const sections = [
    `# ${board.board}`,
    '<!-- Made from board.json by `make readme`: change host-tools/device/board/page.ts, not this page. -->',
    introduction(board, conditions),
    `![Every wire between the ESP32's development board and the two modules](wiring.svg)`,
    ...wireSection(board, conditions),
    ...conditionSection(conditions),
    ...partSection(conditions),
    ...powerSection,
    ...hourSection(board),
  ];
  return `${sections.join('\n\n')}\n`;
}

function introduction(board: Board, conditions: Condition[]): string {
  const { wan, lan } = board;
  const buses = isShared(board)
    ? `Both modules are on one bus, ${wan.spi.bus}, and are told apart by their selects.`
    : `Each module has a bus of its own: ${wan.spi.bus} for the WAN, ${lan.spi.bus} for the LAN.`;
  const care =
    conditions.length > 0
      ? `Look at [the conditions](#conditions) before power comes on.`
      : 'No pin has a condition.';
  return `One ESP32 development board, two W5500 modules. ${buses} ${care}`;
}

/** Signal at the module, or a dash: this wire does not go there. */
function wireSection(board: Board, conditions: Condition[]): string[] {
  const rows = wiresOf(board).map(({ pin, line, ports: to }) => {
    const ends = ports.map((port) => (to.includes(port) ? signalNames[line] : ''));
    const number = conditions.findIndex((condition) => condition.pin === pin) + 1;
    return [pin, ...ends, number > 0 ? `condition ${number}` : ''];
  });
  const clocks = new Set(ports.map((port) => `${board[port].spi.hertz / 1e6} MHz`));
  return [
    '## Wires',
    table(
      ['ESP32', 'WAN module', 'LAN module', ''],
      [['3V3', '3V3', '3V3', ''], ['GND', 'GND', 'GND', ''], ...rows],
    ),
    `The bus runs at ${[...clocks].join(' and ')}. \`D18\` is printed as 18, IO18 or G18 on the development board. On modules go by the names, since the order of pins differs: SCLK is also SCK or CLK; MOSI MO or SI; MISO MI or SO; SCSn CS, SS or NSS; INTn INT; RSTn RST.`,
    ...(board.led === undefined
      ? []
      : [
          `${board.led} is the status light: the LED that many development boards have there, or one of your own with 1 kohm to GND; without one nothing is missing. [What it shows](../../docs/led.md).`,
        ]),
    `Each module also gets ${pullUp} from SCSn to 3V3, and 100 nF and 10 uF between 3V3 and GND.`,
  ];
}

function conditionSection(conditions: Condition[]): string[] {
  if (conditions.length === 0) return [];
  const items = conditions.map(
    ({ pin, use, condition, remedy }, index) => `${index + 1}. **${pin}, ${use}.** ${condition} ${remedy}`,
  );
  return ['## Conditions', items.join('\n')];
}

function partSection(conditions: Condition[]): string[] {
  const needed = conditions.some(({ remedy }) => remedy.includes(pullUp));
  return [
    '## Parts',
    table(
      ['how many', 'what', 'look for'],
      [
        [
          '1',
          'ESP32 development board, 38 pins',
          'A classic ESP32 with 4 MB of flash or more: ESP32-WROOM-32 on its lid. Not S2, S3, C3',
        ],
        ['2', 'W5500 module', 'INTn and RSTn brought out, not only SPI'],
        [
          '2',
          `resistor, ${pullUp}`,
          `From SCSn to 3V3 of each module: the ESP32 drives no pin while it starts. ${needed ? 'Needed here' : 'Advised'}`,
        ],
        ['2 each', 'capacitors, 100 nF and 10 uF', 'Between 3V3 and GND, at the module'],
        ['1', 'USB cable', 'With data lines: one that has carried data before'],
        ['2', 'Ethernet cable', 'To ports of a switch or router: a W5500 does not cross pairs by itself'],
        ['', 'wires', 'No longer than a finger; ground beside the clock where there is a choice'],
      ],
    ),
  ];
}

const powerSection: readonly string[] = [
  '## Power',
  table(
    ['what', 'mA at 3.3 V', 'from'],
    [
      ['W5500, sending at 100 Mb/s', '132 each, 264 for both', 'its data sheet, typical'],
      ['ESP32, radios off, 240 MHz', '30 to 68', 'its data sheet'],
      [
        'ESP32, while its Wi-Fi sends',
        'about 240 in peaks',
        'its data sheet; only until the firmware switches it off',
      ],
      ['all together', 'about 330, peaks of about 500 at the start', 'the sum: an estimate, not measured'],
    ],
  ),
  `- **3.3 V on the modules' 3V3, never 5 V.** A W5500 works from 2.97 to 3.63 V. A module with a 5V pin beside it usually has a regulator of its own: feed one of the two pins, not both.
- Many development boards have an AMS1117-3.3. It is good for 1 A on paper, and limited by heat: at 330 mA it turns 1.7 V x 0.33 A = 0.56 W into heat, by its data sheet's 46 to 90 degrees per watt some 25 to 50 degrees above the air (an estimate). That holds. A smaller regulator may not: look at its name.
- A computer's USB 2.0 port gives 500 mA. An AMS1117 needs up to 1.3 V more than it gives, so the cable must leave 4.6 of the 5 V. If the board restarts when a link comes up: a short cable, and a charger of 1 A or more.
- Better: 3.3 V for the modules from a supply of their own (500 mA or more), its ground connected to the ESP32's. Do not connect its 3.3 V to the development board's.
- Every ground is one ground: at least one wire from each module to the ESP32, as short as its clock wire.`,
];

function hourSection(board: Board): string[] {
  return [
    '## The first hour',
    `\`hairpin flash --board ${board.board}\` makes a router of the bare board, and \`hairpin doctor\` looks at wires and modules one by one.`,
    table(
      ['what you see', 'why', 'what helps'],
      troublesOf(board).map(({ symptom, cause, remedy }) => [symptom, cause, remedy]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
