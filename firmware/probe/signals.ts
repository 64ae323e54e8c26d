/**
 * What the wires of one chip do: levels at rest, MISO with and without a selected chip, what its reset line and its
 * interrupt line do to either chip's. Raw facts; the host judges them.
 */
import { lanPort, wanPort } from '../layout/ports.ts';
import { driveLow, drivenLevels, levelNow, pulledLevels, sendToNobody } from '../platform/look.ts';
import {
  canary,
  canaryAt,
  commandAt,
  commandOpen,
  commonRead,
  commonWrite,
  interruptAt,
  interruptMaskAt,
  socketMaskAt,
  socketModeAt,
  socketRead,
  socketWrite,
  versionAt,
} from '../w5500/registers.ts';
import {
  buses,
  busOf,
  chips,
  interrupts,
  read,
  reopen,
  resetByCommand,
  resets,
  selects,
  settle,
  versionOf,
  write,
} from './wires.ts';

/** Levels of each wire: pulled up, pulled down, and of those that the board drives while driven low. */
export function lineFacts(port: number): object {
  const bus = buses[port];
  const chip = chips[port];
  const facts = {
    ok: true,
    sck: drivenLevels(bus.sck),
    mosi: drivenLevels(bus.mosi),
    miso: pulledLevels(bus.miso),
    select: drivenLevels(chip.select),
    interrupt: pulledLevels(chip.interrupt),
    reset: pulledLevels(chip.reset),
  };
  // Pulled down, its reset line may have reset the chip.
  reopen(port, bus.hertz);
  settle(port);
  return facts;
}

/** Bytes that are not read as anything else: neither all ones nor the chip's 1, 2, 3. */
const alone = [0xa5, 0x5a, 0x0f, 0xf0];

/** MISO while nobody is selected and while the chip is: by the pin's pulls, and as bytes. */
export function misoFacts(port: number): object {
  const miso = buses[port].miso;
  reopen(port, buses[port].hertz);
  const bytes = new Uint8Array(alone.length);
  for (let i = 0; i < alone.length; i++) bytes[i] = alone[i];
  const idle = sendToNobody(busOf(port), bytes);
  const answer = read(port, versionAt, commonRead, 1);
  const free = pulledLevels(miso);
  selects[port].write(0);
  const selected = pulledLevels(miso);
  selects[port].write(1);
  reopen(port, buses[port].hertz);
  return {
    ok: true,
    free: free,
    selected: selected,
    sent: alone,
    idle: [idle[0], idle[1], idle[2], idle[3]],
    answer: [answer[0], answer[1], answer[2], answer[3]],
  };
}

function canaryOf(port: number): number {
  return read(port, canaryAt, commonRead, 1)[3];
}

/**
 * Whether a chip's reset line resets it, or the other chip. Of each chip: the canary as it reads when it was written,
 * again without a pulse, the version register while the line is low, and the canary afterwards. `low` is the line's own
 * level while it is driven low.
 */
export function resetFacts(port: number): object {
  const seen: number[][] = [];
  for (let other = wanPort; other <= lanPort; other++) {
    if (!chips[other]) continue;
    reopen(other, buses[other].hertz);
    write(other, canaryAt, commonWrite, [canary]);
    seen[other] = [canaryOf(other), canaryOf(other)];
  }
  const low = driveLow(resets[port]);
  for (let other = wanPort; other <= lanPort; other++) if (seen[other]) seen[other].push(versionOf(other));
  resets[port].write(1);
  for (let other = wanPort; other <= lanPort; other++) {
    if (!seen[other]) continue;
    settle(other);
    seen[other].push(canaryOf(other));
  }
  return { ok: true, low: low, wan: seen[wanPort] || null, lan: seen[lanPort] || null };
}

/** Common registers: subnet mask; own MAC and, behind it, own address; time of a retry and count of retries. */
const maskAt = 0x0005;
const addressesAt = 0x0009;
const retryAt = 0x0019;
/** Socket registers: own port; the other's address and, behind it, port (datasheet 4.2). */
const ownPortAt = 0x0004;
const otherAt = 0x000c;
const modeTcp = 1;
const commandConnect = 4;
const interruptTimeout = 8;
/** Looks until INTn should be low: the chip gives up after 2 ms, and a look takes a tenth of that at least. */
const interruptLooks = 100;

/**
 * Makes a chip raise its interrupt, which needs neither cable nor peer: a connection to a documentation address
 * (RFC 5737) that nobody has, with 1 ms for an answer. Of each chip's interrupt line the level before, while the
 * interrupt waits, and while it is masked. `register` is the chip's Sn_IR. Works blindly, so that it also shows whether a
 * chip hears that cannot be heard.
 */
export function interruptFacts(port: number): object {
  const wan: number[] = [];
  const lan: number[] = [];
  function look(): void {
    if (interrupts[wanPort]) wan.push(levelNow(interrupts[wanPort]));
    if (interrupts[lanPort]) lan.push(levelNow(interrupts[lanPort]));
  }
  reopen(port, buses[port].hertz);
  resetByCommand(port);
  look();
  write(port, maskAt, commonWrite, [255, 255, 255, 0]);
  write(port, addressesAt, commonWrite, [2, 0, 0, 0, 13, port, 192, 0, 2, 1 + port]);
  write(port, retryAt, commonWrite, [0, 10, 1]);
  write(port, socketModeAt, socketWrite, [modeTcp]);
  write(port, ownPortAt, socketWrite, [192, 0]);
  write(port, otherAt, socketWrite, [192, 0, 2, 99, 0, 9]);
  write(port, interruptMaskAt, socketWrite, [interruptTimeout]);
  write(port, socketMaskAt, commonWrite, [1]);
  write(port, commandAt, socketWrite, [commandOpen]);
  write(port, commandAt, socketWrite, [commandConnect]);
  let register = 0;
  for (let looks = 0; looks < interruptLooks; looks++) {
    register = read(port, interruptAt, socketRead, 1)[3];
    if (register == interruptTimeout) break;
  }
  look();
  write(port, socketMaskAt, commonWrite, [0]);
  look();
  resetByCommand(port);
  return { ok: true, register: register, wan: wan, lan: lan };
}
