/*
 * What an ESP32 says while it starts, before any of our code runs: the ROM's reasons for a reset and its troubles with
 * the flash, Espruino's panics. Text in, signs out; pure. Sources: the ESP32's ROM and second boot loader (ESP-IDF 3.3),
 * soc/rtc.h for the reset reasons.
 */

/** One trouble that the text tells of. */
export interface BootTrouble {
  id: string;
  /** What was said, in a sentence. */
  sentence: string;
  cause: string;
  remedy: string;
}

export interface BootSigns {
  /** Starts that the text shows. */
  starts: number;
  /** The last reset's reason, in the ROM's words: `POWERON_RESET`. */
  reset?: string;
  /** It waits for a download. */
  inBootLoader: boolean;
  /** The first trouble that explains the others. */
  trouble?: BootTrouble;
}

const startLine = /rst:0x([0-9a-f]+)(?: \((\w+)\))?,boot:0x([0-9a-f]+)/g;
/** "waiting for download", or a boot mode that is one, as far as the strapping pins say. */
const downloadLine = /waiting for download|boot:0x[0-9a-f]+ \(DOWNLOAD_BOOT/;

const fileOfFlash = 'Write Espruino anew: hairpin flash.';

/** Tried in this order: a trouble that causes others comes before them. */
export const troubles: readonly (BootTrouble & { said: RegExp })[] = [
  {
    id: 'brownout',
    said: /[Bb]rownout detector was triggered|RTCWDT_BROWN_OUT_RESET/,
    sentence: 'The supply sags when the board starts: the brownout detector resets it.',
    cause: 'The power supply or the USB cable is too weak for the board with both modules.',
    remedy:
      'Use a short, thick USB cable and a port that gives 1 A, or feed the modules from a 3.3 V supply of their own.',
  },
  {
    id: 'flash-read',
    said: /flash read err, \d+/,
    sentence: 'The chip cannot read its flash ("flash read err").',
    cause:
      'D12 is high while the board starts, which selects the wrong flash voltage; or the flash has never been written.',
    remedy: 'Pull off whatever is connected to D12 and press EN. If that changes nothing: hairpin flash.',
  },
  {
    id: 'flash-empty',
    said: /invalid header: 0xffffffff/,
    sentence: 'The flash is empty ("invalid header: 0xffffffff").',
    cause: 'Espruino has not been written to this board.',
    remedy: fileOfFlash,
  },
  {
    id: 'flash-damaged',
    said: /invalid header: 0x(?!ffffffff)|csum err|Image hash failed|Checksum failed|invalid magic|No bootable app|ets_main\.c 371|Failed to verify partition/,
    sentence: 'What is in the flash is damaged or was written for another place.',
    cause: 'The last flashing was cut off, or files were written at wrong offsets.',
    remedy: fileOfFlash,
  },
  {
    id: 'memory-block',
    said: /assertion "[^"]*(jsVars|malloc)|No memory for jsVars/,
    sentence: 'Espruino finds no piece of memory for its variables and restarts.',
    cause: 'ESP32.enableWifi(false) was called: builds without PSRAM start no more after it.',
    remedy: 'Erase the flash and write it anew: hairpin flash --erase.',
  },
  {
    id: 'panic',
    said: /Guru Meditation Error|abort\(\) was called|CORRUPT HEAP|Stack canary|Backtrace:/,
    sentence: 'The interpreter crashes while it starts.',
    cause: 'Espruino or the saved code crashes; a supply that is too weak does that too.',
    remedy:
      'Tap EN, and right after that hold BOOT for three seconds: the router is left out. If it still crashes: hairpin flash.',
  },
  {
    id: 'watchdog',
    said: /TG0WDT_SYS_RESET|TG1WDT_SYS_RESET|RTCWDT_RTC_RESET|RTCWDT_SYS_RESET/,
    sentence: 'A watchdog resets the board again and again.',
    cause: 'The start hangs: a damaged flash, or D12 high while the board starts.',
    remedy: 'Pull off whatever is connected to D12 and press EN. If that changes nothing: hairpin flash.',
  },
];

/** Reads what has arrived; any other text in between does not matter. */
export function readBootText(text: string): BootSigns {
  const starts = [...text.matchAll(startLine)];
  const trouble = troubles.find(({ said }) => said.test(text));
  const loops = starts.length > 1 && (trouble !== undefined || starts.length > 2);
  return {
    starts: starts.length,
    ...(starts.length > 0 && { reset: starts.at(-1)![2] ?? `0x${starts.at(-1)![1]}` }),
    inBootLoader: downloadLine.test(text.slice(starts.at(-1)?.index ?? 0)),
    // A watchdog's reset is only the reason of the last one: a board that has started since then is well.
    ...(trouble && (trouble.id !== 'watchdog' || loops) && { trouble: withoutPattern(trouble) }),
  };
}

function withoutPattern({ id, sentence, cause, remedy }: BootTrouble): BootTrouble {
  return { id, sentence, cause, remedy };
}

/** Share of bytes that are no text: noise, or text at another rate. */
export function garbageShare(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  const odd = bytes.filter(
    (byte) => byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27 && (byte < 32 || byte > 126),
  );
  return odd.length / bytes.length;
}
