/*
 * Which serial port the board is on: the one that was named, or the one that can be meant. Opens nothing. The system is
 * asked through `PortSource`, so that every case can be tested.
 */
import { readdirSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { UserError } from '../../cli/user-error.ts';

/** A serial port as the system lists it. `vendorId`: of its USB adapter, four hex digits; none for a built-in port. */
export interface ListedPort {
  path: string;
  vendorId?: string;
  manufacturer?: string;
}

/** What is asked of the system. */
export interface PortSource {
  /** May reject: on Linux it takes udevadm, which containers and small systems lack. */
  list(): Promise<readonly ListedPort[]>;
  /** Names in /dev; empty where there is none. */
  deviceNames(): readonly string[];
  /** Of the environment variable HAIRPIN_PORT. */
  variable: string | undefined;
}

/** USB vendors of what stands between the cable and an ESP32, or of a newer chip's own USB. */
const BOARD_VENDORS: Readonly<Record<string, string>> = {
  '10c4': 'Silicon Labs CP210x',
  '1a86': 'WCH CH340',
  '0403': 'FTDI',
  '067b': 'Prolific',
  '303a': 'Espressif',
};

/** USB serial adapters by their name alone, Linux and macOS. */
const USB_NAME = /^(ttyUSB|ttyACM|cu\.usb|cu\.wch|cu\.SLAB)/;

const noneFound =
  'No board was found: this computer shows no USB serial port. Is the board plugged in? The cable may be charge-only: try another. If the port has an unusual name, give it with --port <path>.';

/** This computer. */
export function systemPorts(): PortSource {
  return {
    list: () => SerialPort.list(),
    deviceNames: () => {
      try {
        return readdirSync('/dev');
      } catch {
        return [];
      }
    },
    variable: process.env.HAIRPIN_PORT,
  };
}

/**
 * The path to open: `option` (--port), else HAIRPIN_PORT, else the one USB serial port that is likely a board.
 * @throws UserError when there is none, or more than one
 */
export async function findPort(
  option: string | undefined,
  source: PortSource = systemPorts(),
): Promise<string> {
  const named = option ?? source.variable;
  if (named) return named;
  const ports = await usbPorts(source);
  const likely = ports.filter(({ vendorId }) => vendorId !== undefined && vendorId in BOARD_VENDORS);
  const candidates = likely.length > 0 ? likely : ports;
  if (candidates.length === 0) throw new UserError(noneFound);
  if (candidates.length > 1)
    throw new UserError(
      `There is more than one USB serial port: ${candidates.map(described).join(', ')}. Say which one the board is on, for example --port ${candidates[0].path}.`,
    );
  return candidates[0].path;
}

async function usbPorts(source: PortSource): Promise<ListedPort[]> {
  try {
    const listed = await source.list();
    return listed
      .filter(({ vendorId }) => vendorId)
      .map((port) => ({ ...port, vendorId: port.vendorId?.toLowerCase() }))
      .sort((one, other) => one.path.localeCompare(other.path));
  } catch {
    // Names say less, but they say where the adapters are.
    return source
      .deviceNames()
      .filter((name) => USB_NAME.test(name))
      .sort()
      .map((name) => ({ path: `/dev/${name}` }));
  }
}

function described({ path, vendorId = '', manufacturer }: ListedPort): string {
  const what = BOARD_VENDORS[vendorId] ?? manufacturer;
  return what ? `${path} (${what})` : path;
}
